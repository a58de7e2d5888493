<#
    The surface of the cmdlets against Microsoft's: module/surface.csv has a row for each parameter as Microsoft's cmdlets have it, ours
    where it differs, and the reason. A parameter is written as "Type (Aliases) in Sets"; * is every set; behind a set stand ! mandatory,
    the position, | by value and . by property name from the pipeline. A row without a parameter is the cmdlet itself. Left out: the
    common parameters, and the sets of -Me, which mirror those of the id.
#>
BeforeDiscovery {
    $table = Import-Csv "$PSScriptRoot/../../module/surface.csv"
    $cmdlets = $table.Cmdlet | Where-Object { $_ -ne '*' } | Sort-Object -Unique
    $rows = foreach ($name in $cmdlets) {
        foreach ($row in $table | Where-Object Cmdlet -In $name, '*') {
            @{ Name = $name; Parameter = $row.Parameter; Ours = if ($row.Ours) { $row.Ours } else { $row.Microsoft }; Microsoft = $row.Microsoft; Reason = $row.Reason }
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $table = Import-Csv "$RepositoryRoot/module/surface.csv"
    $common = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
    $isMe = { $_ -match 'Me(Expanded)?$' }

    function Format-Parameter($Parameter) {
        $sets = foreach ($set in $Parameter.ParameterSets.GetEnumerator() | Where-Object Key -NotMatch 'Me(Expanded)?$' | Sort-Object Key) {
            ($set.Key -eq '__AllParameterSets' ? '*' : $set.Key) +
            ($set.Value.IsMandatory ? '!' : '') +
            ($set.Value.Position -ge 0 ? $set.Value.Position : '') +
            ($set.Value.ValueFromPipeline ? '|' : '') +
            ($set.Value.ValueFromPipelineByPropertyName ? '.' : '')
        }
        $aliases = $Parameter.Aliases.Count ? " ($(($Parameter.Aliases | Sort-Object) -join ','))" : ''
        $sets ? "$($Parameter.ParameterType.Name)$aliases in $($sets -join ' ')" : 'SwitchParameter in the sets of -Me!'
    }

    function Format-Cmdlet($Command) {
        $attribute = $Command.ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $false)[0]
        "default $($Command.DefaultParameterSet); $($attribute.SupportsShouldProcess ? 'ShouldProcess; ' : '')$($Command.OutputType.Type.Name)"
    }

    # A function with Microsoft's parameters, for PowerShell itself to say what an abbreviation means there.
    function New-Microsoft($Name) {
        $rows = $table | Where-Object { $_.Cmdlet -in $Name, '*' -and $_.Parameter -and $_.Microsoft }
        $parameters = foreach ($row in $rows) {
            $alias = $row.Microsoft -match '\((.*)\)' ? "[Alias('$($Matches[1] -replace ',', "','")')]" : ''
            "$alias`$$($row.Parameter)"
        }
        $isWrite = ($table | Where-Object { $_.Cmdlet -eq $Name -and -not $_.Parameter }).Microsoft -like '*ShouldProcess*'
        Set-Item function:global:Microsoft "[CmdletBinding(SupportsShouldProcess=`$$isWrite)] param($($parameters -join ', '))"
        Get-Command Microsoft
    }

    function Resolve-Abbreviation($Command, $Text) { try { $Command.ResolveParameter($Text).Name } catch { } }
}
AfterAll { Remove-Item function:Microsoft }

Describe 'The surface of <_>' -ForEach $cmdlets {
    BeforeAll { $name = $_; $command = Get-Command $name }

    It 'is the table''s, and nothing beside it' {
        $listed = ($table | Where-Object { $_.Cmdlet -in $name, '*' -and $_.Parameter }).Parameter
        $ours = $command.Parameters.Keys | Where-Object { $_ -notin $common }
        $ours | Sort-Object | Should -Be ($listed | Sort-Object)
    }

    It 'has -Me in sets that mirror those of the id' {
        $me = $command.ParameterSets.Name | Where-Object { $_ -match 'Me(Expanded)?$' }
        foreach ($set in $me) {
            $twin = $set -replace 'Me', ''
            $ofMe = ($command.ParameterSets | Where-Object Name -EQ $set).Parameters.Name | Where-Object { $_ -ne 'Me' }
            $ofId = ($command.ParameterSets | Where-Object Name -EQ $twin).Parameters.Name | Where-Object { $_ -notin 'UserId', 'PresenceId' }
            $ofMe | Sort-Object | Should -Be ($ofId | Sort-Object)
        }
    }

    It 'resolves every abbreviation that Microsoft''s resolves' {
        $microsoft = New-Microsoft $name
        $names = @($microsoft.Parameters.Values | ForEach-Object { $_.Name; $_.Aliases })
        foreach ($full in $names) {
            foreach ($length in 1..$full.Length) {
                $text = $full.Substring(0, $length)
                $there = Resolve-Abbreviation $microsoft $text
                if (-not $there) { continue }
                # -Verify was asked for by name; PowerShell prefers it to the common -Verbose, which -Verb and -vb still are.
                if ($text -in 'V', 'Ve', 'Ver' -and $command.Parameters.ContainsKey('Verify')) { continue }
                # Likewise -Context, to the common -Confirm: a value of -Confirm is then refused. -Conf and -cf still are -Confirm.
                if ($text -in 'C', 'Co', 'Con' -and $there -eq 'Confirm') { continue }
                $here = Resolve-Abbreviation $command $text
                $here | Should -Be $there -Because "-$text of $name is -$there in Microsoft's"
            }
        }
    }

    It 'has the same surface as its beta name' {
        $beta = Get-Command ($name -replace 'Mg', 'MgBeta')
        Format-Cmdlet $beta | Should -Be (Format-Cmdlet $command)
        foreach ($parameter in $command.Parameters.Values) {
            Format-Parameter $beta.Parameters[$parameter.Name] | Should -Be (Format-Parameter $parameter)
        }
        $beta.Parameters.Count | Should -Be $command.Parameters.Count
    }
}

Describe 'A row of the surface' {
    It '<Name> -<Parameter>: <Ours>' -ForEach $rows {
        $command = Get-Command $Name
        $found = $Parameter ? (Format-Parameter $command.Parameters[$Parameter]) : (Format-Cmdlet $command)
        $found | Should -BeExactly $Ours
        if ($Ours -ne $Microsoft) { $Reason | Should -Not -BeNullOrEmpty }
    }
}
