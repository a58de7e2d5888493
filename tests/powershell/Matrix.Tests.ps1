<#
    Every cmdlet with every kind of input, piped and named. What was sent is read from -Debug, so that a case costs a millisecond.
    An outcome is "> id" for each request, "! error id" for each error.
#>
BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../module/MgPresence/MgPresence.psd1"
    # The arguments of each operation beside the user, by what follows Mg(Beta)(User|Communication)Presence.
    $extras = @{}
    foreach ($operation in . "$PSScriptRoot/Operations.ps1") { $extras["$($operation.Verb)-$($operation.Noun)"] = $operation.Extra }
    $local = 'Connect-MgPresence', 'Disconnect-MgPresence', 'Get-MgPresenceContext', 'Start-MgPresenceEmulator', 'Stop-MgPresenceEmulator', 'Get-MgPresenceKeepAlive', 'Start-MgPresenceKeepAlive', 'Stop-MgPresenceKeepAlive', 'Get-MgPresenceRequestContext', 'Set-MgPresenceRequestContext'
    $commands = Get-Command -Module MgPresence | Where-Object Name -NotIn $local
    $ofOneUser = foreach ($command in $commands | Where-Object { $_.Parameters.Keys -match '^(UserId|PresenceId)$' }) {
        $key = $command.Parameters.Keys -match '^(UserId|PresenceId)$' | Select-Object -First 1
        @{
            Name = $command.Name
            Key = $key
            Extra = $extras[$command.Verb + '-' + ($command.Noun -replace '^Mg(Beta)?(User|Communication)Presence')] ?? @{} # Test-MgUserPresence is not an operation
            TakesBody = $command.Parameters.ContainsKey('BodyParameter')
            TakesWhatIf = $command.Parameters.ContainsKey('WhatIf')
            TakesIdentity = $command.Parameters.ContainsKey('InputObject')
        }
    }
    $ofMany = $commands | Where-Object Noun -Like '*PresenceByUserId' | ForEach-Object { @{ Name = $_.Name } }
    $ofNone = $commands | Where-Object Noun -Like '*PresenceCount' | ForEach-Object { @{ Name = $_.Name } }
    $creating = $commands | Where-Object Verb -EQ New | ForEach-Object { @{ Name = $_.Name } }
    $withMe = Get-Command -Module MgPresence | Where-Object { $_.Parameters.ContainsKey('Me') } | ForEach-Object { @{ Name = $_.Name } }
    $counts = @{ All = $commands.Count; Tested = @($ofOneUser).Count + @($ofMany).Count + @($ofNone).Count + @($creating).Count }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele
    Connect-Emulator $Emulator.userToken
    # The same response for every user.
    $away = @{ id = $AdeleId; availability = 'Away'; activity = 'Away' }
    Add-Fault @{ match = @{ path = '*/getPresencesByUserId' }; status = 200; body = @{ value = @($away) } }
    Add-Fault @{ status = 200; body = $away }
    $presence = Get-MgUserPresence adele
    $upn = 'AdeleV@contoso.example'

    # A kind of input; the ids that it names on /users, those on /communications where they are others, and whether it is one identity
    # with UserId and PresenceId.
    function New-Kind($Name, $Value, $Ids, $ObjectIds = $Ids, [switch] $IsIdentity) {
        [pscustomobject]@{ Name = $Name; Value = $Value; Ids = @($Ids); ObjectIds = @($ObjectIds); IsIdentity = [bool] $IsIdentity }
    }
    $kinds = @(
        New-Kind 'a string' 'adele' adele
        New-Kind 'a Guid' ([guid] $AdeleId) $AdeleId
        New-Kind 'a number' 5 '5'
        New-Kind 'a list' @('adele', [guid] $AdeleId) adele, $AdeleId
        New-Kind 'a list in a list' @('adele', @('alex', @('megan'))) adele, alex, megan
        New-Kind 'a hashtable' @{ UserId = 'adele'; PresenceId = 'adele' } adele -IsIdentity
        New-Kind 'a hashtable with UserId alone' @{ USERID = 'adele' } adele
        New-Kind 'an ordered hashtable' ([ordered]@{ userid = 'adele'; presenceid = 'adele' }) adele -IsIdentity
        New-Kind 'a row' ([pscustomobject]@{ UserId = 'adele'; Name = 'Adele' }) adele
        New-Kind 'an identity' ([pscustomobject]@{ UserId = 'adele'; PresenceId = 'adele'; CallId = 'c'; SessionId = 's' }) adele -IsIdentity
        New-Kind 'a presence' $presence $AdeleId
        New-Kind 'a user of Get-MgUser' ([pscustomobject]@{ Id = $AdeleId; UserPrincipalName = $upn; DisplayName = 'Adele' }) $AdeleId
        New-Kind 'a user of Get-ADUser' ([pscustomobject]@{ Name = 'Adele'; UserPrincipalName = $upn }) 'AdeleV%40contoso.example' @()
        New-Kind 'XML' ([xml] '<user><UserId>adele</UserId></user>').user adele
        New-Kind 'an object whose id throws' ([pscustomobject]@{ Name = 'Adele' } | Add-Member -PassThru ScriptProperty UserId { throw 'no' }) @()
        New-Kind 'JSON' '{"availability":"Away"}' @()
        New-Kind 'null' $null @()
        New-Kind 'an empty string' '' @()
        New-Kind 'an empty list' @() @()
        New-Kind 'a switch' ([switch] $true) @()
        New-Kind 'an object without an id' ([pscustomobject]@{ Name = 'Adele' }) @()
        New-Kind 'a hashtable without an id' @{ Name = 'Adele' } @()
    )

    function Format-Outcome($Records) {
        $outcome = foreach ($record in $Records) {
            if ($record -is [Management.Automation.ErrorRecord]) { "! $($record.FullyQualifiedErrorId -replace ',.*')" }
            elseif ($record -isnot [Management.Automation.DebugRecord]) { continue }
            elseif ("$record" -match '(?m)^> \w+ http://[^/]+/(?:v1\.0|beta)/(?:users|communications/presences)/([^/?\s]+)') { "> $($Matches[1])" }
            elseif ("$record" -match '(?s)^> \w+ http.*"ids":\[([^]]*)\]') { "> $($Matches[1] -replace '"')" }
            else { '> ' }
        }
        $outcome -join ' '
    }

    # Runs a case; gives its outcome.
    function Get-Outcome([scriptblock] $Call) {
        Format-Outcome $(try { & { $ErrorActionPreference = 'Continue'; & $Call -Debug } *>&1 } catch { $_ })
    }

    # In a runspace whose host writes nowhere, since -WhatIf writes to the host.
    $runspace = [runspacefactory]::CreateRunspace()
    $runspace.Open()
    $null = [powershell]::Create($runspace).AddScript("Import-Module '$ModulePath'").Invoke()
    function Get-OutcomeQuietly([string] $Script, [object[]] $Arguments) {
        $shell = [powershell]::Create().AddScript($Script)
        $shell.Runspace = $runspace
        foreach ($argument in $Arguments) { $null = $shell.AddArgument($argument) }
        $null = $shell.Invoke()
        Format-Outcome (@($shell.Streams.Debug) + @($shell.Streams.Error))
        $shell.Dispose()
    }

    function Get-Expected($Ids, $Otherwise = '! InvalidId') { $Ids ? (($Ids | ForEach-Object { "> $_" }) -join ' ') : $Otherwise }

    # The cases whose outcome is another one, as a text for the failure.
    function Compare-Outcome([hashtable[]] $Cases) {
        $Cases | Where-Object { $_.Expected -cne $_.Outcome } | ForEach-Object { "$($_.Name): $($_.Outcome), and not $($_.Expected)" }
    }
}
AfterAll {
    $runspace.Dispose()
    Stop-Emulator
}

Describe 'The matrix' {
    It 'has every cmdlet that asks Graph' -ForEach $counts {
        $Tested | Should -Be $All
    }
}

Describe 'With every kind of input' {
    It '<Name> takes what is piped' -ForEach $ofOneUser {
        Compare-Outcome $(foreach ($kind in $kinds) {
                $value = $kind.Value
                @{ Name = $kind.Name; Expected = Get-Expected ($Key -eq 'UserId' ? $kind.Ids : $kind.ObjectIds); Outcome = Get-Outcome { , $value | & $Name @Extra @args } }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> takes what -<Key> is given' -ForEach $ofOneUser {
        Compare-Outcome $(foreach ($kind in $kinds) {
                $Extra[$Key] = $kind.Value
                @{ Name = $kind.Name; Expected = Get-Expected ($Key -eq 'UserId' ? $kind.Ids : $kind.ObjectIds); Outcome = Get-Outcome { & $Name @Extra @args } }
            }) | Should -BeNullOrEmpty
        $Extra.Remove($Key)
    }

    It '<Name> takes what -InputObject is given' -ForEach ($ofOneUser | Where-Object { $_.TakesIdentity }) {
        Compare-Outcome $(foreach ($kind in $kinds | Where-Object { $_.Value -and $_.Name -ne 'an object whose id throws' }) {
                $isIdentity = $kind.IsIdentity -or ($Key -eq 'UserId' -and $kind.Name -in 'a row', 'a hashtable with UserId alone', 'XML')
                @{ Name = $kind.Name; Expected = $isIdentity ? '> adele' : '! InvalidId'; Outcome = Get-Outcome { & $Name -InputObject $kind.Value @Extra @args } }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> does not take -Me:$null for -Me' -ForEach $withMe {
        { & $Name -Me:$null } | Should -Throw -ErrorId 'NotMe,*'
    }

    It '<Name> sends nothing under -WhatIf' -ForEach ($ofOneUser | Where-Object { $_.TakesWhatIf }) {
        Compare-Outcome $(foreach ($kind in $kinds) {
                $value = $kind.Value
                $refused = Get-Expected ($Key -eq 'UserId' ? $kind.Ids : $kind.ObjectIds)
                @{ Name = $kind.Name; Expected = $refused -like '!*' ? $refused : ''; Outcome = Get-OutcomeQuietly 'param($Name, $Extra, $Value) , $Value | & $Name @Extra -WhatIf -Debug' $Name, $Extra, $value }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> refuses as a body what is none, and what names another user' -ForEach ($ofOneUser | Where-Object { $_.TakesBody }) {
        $user = @{ $Key = 'adele' }
        # A presence is a body of the operation that writes presences.
        $bodies = $kinds | Where-Object { $_.Name -notin 'JSON', 'an object without an id', 'a hashtable without an id' -and -not ($Name -like 'Update-*' -and $_.Name -eq 'a presence') }
        Compare-Outcome $(foreach ($kind in $bodies) {
                $value = $kind.Value
                @{ Name = $kind.Name; Expected = '! InvalidBody'; Outcome = Get-Outcome { , $value | & $Name @user @args } }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> asks for what is piped in one request' -ForEach $ofMany {
        Compare-Outcome $(foreach ($kind in $kinds | Where-Object Name -NE JSON) {
                $value = $kind.Value
                $expected = $kind.ObjectIds ? "> $($kind.ObjectIds -join ',')" : '! InvalidId'
                @{ Name = $kind.Name; Expected = $expected; Outcome = Get-Outcome { , $value | & $Name @args } }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> takes what -Ids is given' -ForEach $ofMany {
        Compare-Outcome $(foreach ($kind in $kinds) {
                $expected = $kind.ObjectIds ? "> $($kind.ObjectIds -join ',')" : '! InvalidId'
                @{ Name = $kind.Name; Expected = $expected; Outcome = Get-Outcome { & $Name -Ids $kind.Value @args } }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> takes no input' -ForEach $ofNone {
        Compare-Outcome $(foreach ($kind in $kinds | Where-Object Value) {
                $value = $kind.Value
                @{ Name = $kind.Name; Expected = '! InputObjectNotBound'; Outcome = (Get-Outcome { , $value | & $Name @args }) -replace ' >.*' }
            }) | Should -BeNullOrEmpty
    }

    It '<Name> refuses as a body what is none, and what names a user by another name' -ForEach $creating {
        Compare-Outcome $(foreach ($kind in $kinds | Where-Object { $_.Value -and $_.Name -notin 'JSON', 'a presence', 'an object without an id', 'a hashtable without an id' }) {
                $value = $kind.Value
                @{ Name = $kind.Name; Expected = '! InvalidBody'; Outcome = Get-Outcome { , $value | & $Name @args } }
            }) | Should -BeNullOrEmpty
    }
}
