<#
    The parameters of Connect-MgGraph as Microsoft documents them (https://learn.microsoft.com/powershell/module/microsoft.graph.authentication/connect-mggraph),
    of MgPresence.DropIn's command of that name, and of Connect-MgPresence: module/sign-in.csv has a row for each. A parameter is written as
    "Type (Aliases) in Sets"; * is every set, ! is mandatory, a number is the position. An empty cell is as Microsoft's; - is none.
#>
BeforeDiscovery {
    $rows = foreach ($row in Import-Csv "$PSScriptRoot/../../module/sign-in.csv") {
        @{ Command = 'Connect-MgGraph'; Parameter = $row.Parameter; Microsoft = $row.Microsoft; Ours = $row.DropIn ? $row.DropIn : $row.Microsoft; Reason = $row.Reason }
        @{ Command = 'Connect-MgPresence'; Parameter = $row.Parameter; Microsoft = $row.Microsoft; Ours = $row.MgPresence ? $row.MgPresence : $row.Microsoft; Reason = $row.Reason }
    }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $env:PSModulePath = "$RepositoryRoot/module", $env:PSModulePath -join [IO.Path]::PathSeparator
    Import-Module MgPresence.DropIn
    $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters

    function Format-SignInParameter($Parameter) {
        if (-not $Parameter) { return '-' }
        $sets = foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Sort-Object Key) {
            ($set.Key -eq '__AllParameterSets' ? '*' : $set.Key -replace 'ParameterSet$') + ($set.Value.IsMandatory ? '!' : '') + ($set.Value.Position -ge 0 ? $set.Value.Position : '')
        }
        $aliases = $Parameter.Aliases.Count ? " ($(($Parameter.Aliases | Sort-Object) -join ','))" : ''
        "$($Parameter.ParameterType.Name)$aliases in $($sets -join ' ')"
    }
}

Describe 'Signing in' {
    It 'has -<Parameter> of <Command>: <Ours>' -ForEach $rows {
        Format-SignInParameter (Get-Command $Command).Parameters[$Parameter] | Should -BeExactly $Ours
        if ($Ours -ne $Microsoft) { $Reason | Should -Not -BeNullOrEmpty }
    }

    It 'has no parameter of <_> beside the table''s' -ForEach 'Connect-MgGraph', 'Connect-MgPresence' {
        $listed = (Import-Csv "$RepositoryRoot/module/sign-in.csv").Parameter
        (Get-Command $_).Parameters.Keys | Where-Object { $_ -notin $common -and $_ -notin $listed } | Should -BeNullOrEmpty
    }

    It 'has Microsoft''s default set in <_>' -ForEach 'Connect-MgGraph', 'Connect-MgPresence' {
        (Get-Command $_).DefaultParameterSet | Should -Be UserParameterSet
    }

    It 'gives a person 120 seconds, as Microsoft''s module does' {
        [MgPresence.Presence].Assembly.GetType('MgPresence.SignIn.SignInRun').GetField('Longest', [Reflection.BindingFlags] 'NonPublic, Static').GetValue($null).TotalSeconds | Should -Be 120
    }
}
