@{
    RootModule = 'MgPresence.DropIn.psm1'
    ModuleVersion = '0.1.0'
    GUID = '02b15c5b-9f6e-42f9-8793-8553ef82644a'
    Author = 'The MgPresence authors'
    Copyright = '(c) The MgPresence authors. MIT OR Apache-2.0.'
    Description = 'Connect-MgGraph and the other session commands, for presence scripts that run without Microsoft''s modules.'
    PowerShellVersion = '5.1'
    CompatiblePSEditions = 'Desktop', 'Core'
    RequiredModules = @(@{ ModuleName = 'MgPresence'; ModuleVersion = '0.1.0' })
    FunctionsToExport = @(
        'Connect-MgGraph', 'Disconnect-MgGraph', 'Get-MgContext', 'Get-MgRequestContext', 'Set-MgRequestContext'
        'Get-MgEnvironment', 'Add-MgEnvironment', 'Set-MgEnvironment', 'Remove-MgEnvironment'
    )
    CmdletsToExport = @()
    VariablesToExport = @()
    AliasesToExport = 'Connect-Graph', 'Disconnect-Graph'
    PrivateData = @{
        PSData = @{
            Tags = 'MicrosoftGraph', 'Teams', 'Presence', 'PSEdition_Core', 'PSEdition_Desktop', 'Windows', 'Linux', 'MacOS'
            LicenseUri = 'https://github.com/mgpresence/mgpresence/blob/main/LICENSE-MIT'
            ProjectUri = 'https://github.com/mgpresence/mgpresence'
        }
    }
}
