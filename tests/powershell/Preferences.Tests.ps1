# Preferences and common parameters: those of the caller's own scope count.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
    $away = @{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away' }
}
AfterAll { Stop-Emulator }

Describe 'Preferences' {
    BeforeEach { Reset-Emulator }

    It 'send nothing under -WhatIf' {
        Set-MgUserPresence @away -WhatIf
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'send nothing under a script-local $WhatIfPreference' {
        & { $WhatIfPreference = $true; Set-MgUserPresence @away }
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'read under $WhatIfPreference, since reading changes nothing' {
        & { $WhatIfPreference = $true; (Get-MgUserPresence adele).Id } | Should -Be $AdeleId
    }

    It 'name the id in what -WhatIf says, once for each input' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; 'adele', 'alex' | Set-MgUserPresence -Availability Away -Activity Away -WhatIf"
        $fresh.Output -split "`n" -replace '^.*(/users/\w+/).*$', '$1' | Should -Be '/users/adele/', '/users/alex/'
    }

    It 'ask under -Confirm where they can, and send nothing where they cannot' {
        { Set-MgUserPresence @away -Confirm -ErrorAction Stop } | Should -Throw # this host is not interactive
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'do not ask by default: the impact is Medium' {
        Set-MgUserPresence @away
        @(Get-Sent).Count | Should -Be 1
        & { $ConfirmPreference = 'Medium'; { Set-MgUserPresence @away -ErrorAction Stop } | Should -Throw }
        @(Get-Sent).Count | Should -Be 1
    }

    It 'end the pipeline under a script-local $ErrorActionPreference' {
        { & { $ErrorActionPreference = 'Stop'; Set-MgUserPresence nobody -Availability Away -Activity Away } } | Should -Throw
    }

    It 'that end the pipeline at an error send nothing after it: <Name>' -ForEach @(
        @{ Name = '-ErrorAction Stop'; Call = { 'adele', 'nobody', 'alex', 'adele' | Get-MgUserPresence -ErrorAction Stop } }
        @{ Name = '-ErrorAction Stop with an array'; Call = { Get-MgUserPresence adele, nobody, alex, adele -ErrorAction Stop } }
        @{ Name = '$ErrorActionPreference'; Call = { $ErrorActionPreference = 'Stop'; 'adele', 'nobody', 'alex', 'adele' | Get-MgUserPresence } }
        @{ Name = '$PSDefaultParameterValues'; Call = { $PSDefaultParameterValues = @{ '*-Mg*:ErrorAction' = 'Stop' }; 'adele', 'nobody', 'alex', 'adele' | Get-MgUserPresence } }
        @{ Name = 'a refusal of the module''s own'; Call = { 'adele', '', 'alex', 'adele' | Get-MgUserPresence -ErrorAction Stop }; Sent = 'adele' }
    ) {
        $given = [Collections.Generic.List[object]]::new()
        { & { $ErrorActionPreference = 'Continue'; & $Call | ForEach-Object { $given.Add($_) } } } | Should -Throw
        $given.Id | Should -Be $AdeleId
        (Get-Sent).path | Should -Be (($_['Sent'] ?? @('adele', 'nobody')) | ForEach-Object { "/v1.0/users/$_/presence" })
    }

    It 'that let the pipeline go on win over a scope that would not' {
        & { $ErrorActionPreference = 'Stop'; 'adele', 'nobody', 'alex' | Get-MgUserPresence -ErrorAction SilentlyContinue } | Should -HaveCount 2
    }

    It 'fill -ErrorVariable, and leave the error stream alone with SilentlyContinue' {
        $stream = & { Set-MgUserPresence nobody -Availability Away -Activity Away -ErrorVariable failures -ErrorAction SilentlyContinue; $failures.Count } 2>&1
        $stream | Should -Be 1
    }

    It 'take defaults from $PSDefaultParameterValues' {
        $PSDefaultParameterValues = @{ 'Set-MgUserPresence:Availability' = 'Away'; 'Set-MgUserPresence:Activity' = 'Away' }
        Set-MgUserPresence adele
        (Get-Sent).body.availability | Should -Be Away
    }

    It 'work under Set-StrictMode' {
        & { Set-StrictMode -Version Latest; Set-MgUserPresence @away; (Get-MgUserPresence adele).StatusMessage.Message.Content } | Should -BeNullOrEmpty
        @(Get-Sent).Count | Should -Be 2
    }
}

Describe '-Debug' {
    BeforeEach { Reset-Emulator }

    It 'shows request and response, and never the token' {
        $trace = Set-MgUserPresence @away -Debug 5>&1 | Out-String
        $trace | Should -BeLike '*POST *users/adele/presence/setPresence*"availability":"Away"*200*request-id*'
        $trace | Should -Not -BeLike "*$($Emulator.token.Split('.')[2])*"
    }

    It 'shows each attempt' {
        Add-Fault @{ status = 503; nth = 1; headers = @{ 'Retry-After' = '0' } }
        ((Set-MgUserPresence @away -Debug 5>&1 | Out-String) -split 'POST http').Count | Should -Be 3
    }

    It 'shows a request that failed' {
        $trace = Set-MgUserPresence nobody -Availability Away -Activity Away -Debug -ErrorAction SilentlyContinue 5>&1 | Out-String
        $trace | Should -BeLike '*404*'
    }

    It 'follows a script-local $DebugPreference' {
        & { $DebugPreference = 'Continue'; Set-MgUserPresence @away 5>&1 } | Out-String | Should -BeLike '*POST *'
    }

    It 'is silent without being asked' {
        Set-MgUserPresence @away 5>&1 | Should -BeNullOrEmpty
    }
}

Describe '-Verbose' {
    BeforeEach { Reset-Emulator }

    It 'says which request waits, why and for how long' {
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '0.2' }; match = @{ user = 'alex' } }
        $lines = Get-MgUserPresence adele, alex -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        $lines | Should -HaveCount 1
        "$lines" | Should -Match '^alex: .*429.*; attempt 2 in 0\.2\d\d s$'
    }

    It 'names no user where one id of the caller''s stands for all' {
        Add-Fault @{ status = 503; nth = 1; headers = @{ 'Retry-After' = '0.1' } }
        $lines = Get-MgUserPresence adele, alex -Headers @{ 'client-request-id' = '22553876-f5ab-4529-bffb-cfe50aa89f87' } -Verbose 4>&1 |
            Where-Object { $_ -is [Management.Automation.VerboseRecord] }
        "$lines" | Should -Match '^\S+ .*503.*; attempt 2 in '
        "$lines" | Should -Not -Match '22553876|adele|alex'
        (Get-Sent).headers.'client-request-id' | Sort-Object -Unique | Should -Be $AppId
    }

    It 'says it to the pipeline whose request waits, and to no other' {
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '0.2' }; match = @{ user = 'alex' } }
        $lines = 'adele', 'alex', 'adele' | ForEach-Object -ThrottleLimit 3 -Parallel {
            Import-Module $using:ModulePath
            $said = Get-MgUserPresence $_ -Verbose 4>&1 | Where-Object { $_ -is [Management.Automation.VerboseRecord] }
            "$_=$(@($said).Count)"
        }
        $lines | Sort-Object | Should -Be 'adele=0', 'adele=0', 'alex=1'
    }

    It 'ends the pipeline where the caller''s preference says so, and nothing hangs' {
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '0.1' } }
        { & { $VerbosePreference = 'Stop'; Get-MgUserPresence adele } } | Should -Throw
        (Get-MgUserPresence adele).Id | Should -Be $AdeleId
    }

    It 'is silent where nothing waits, and without being asked' {
        Get-MgUserPresence adele -Verbose 4>&1 | Should -HaveCount 1
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '0.1' } }
        Get-MgUserPresence adele 4>&1 | Should -HaveCount 1
    }
}

Describe 'Progress' {
    BeforeEach { Reset-Emulator }

    # The progress records of a pipeline.
    BeforeAll {
        function Get-Progress([string] $Script) {
            $shell = [powershell]::Create()
            $null = $shell.AddScript("Import-Module '$ModulePath'; $Script").Invoke()
            @($shell.Streams.Progress | Where-Object Activity -Like '*-Mg*')
            $shell.Dispose()
        }
    }

    It 'shows what takes more than a second, what it waits for, and goes away' {
        Add-Fault @{ status = 429; nth = 1; headers = @{ 'Retry-After' = '1.5' }; match = @{ user = 'alex' } }
        $shown = Get-Progress "'adele', 'alex' | Get-MgUserPresence"
        $shown[0].Activity | Should -Be Get-MgUserPresence
        $shown.StatusDescription -match '^1 done, 0 failed, 1 under way, \d+/s, 1 throttled; alex: .*429.*; attempt 2 in 1\.[5-6]\d* s$' | Should -Not -BeNullOrEmpty
        $shown[-1].RecordType | Should -Be Completed
        @($shown | Where-Object RecordType -EQ Completed).Count | Should -Be 1
    }

    It 'does not flash where all is done at once' {
        Get-Progress "Get-MgUserPresence adele, alex" | Should -BeNullOrEmpty
    }
}

Describe 'A Warning header' {
    BeforeEach { Reset-Emulator }

    It 'becomes one warning, its values joined' {
        Add-Fault @{ status = 200; headers = @{ Warning = '299 - "old"'; 'X' = 'y' }; body = '' }
        Set-MgUserPresence @away -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -Be '299 - "old"'
    }
}

Describe '-ResponseHeadersVariable' {
    BeforeEach { Reset-Emulator; Remove-Variable -Scope Global -Name answer -ErrorAction Ignore }

    It 'sets a global dictionary of arrays, keys in any case' {
        Set-MgUserPresence @away -ResponseHeadersVariable answer
        $global:answer | Should -BeOfType 'System.Collections.Generic.Dictionary[string,System.Collections.Generic.IEnumerable[string]]'
        , $global:answer['REQUEST-ID'] | Should -BeOfType 'string[]'
        $global:answer['content-length'] | Should -Be 0
    }

    It 'has names in the case in which they are known' {
        Add-Fault @{ status = 200; headers = @{ 'etag' = 'W/"1"'; 'x-own' = 'y' }; body = '' }
        Set-MgUserPresence @away -ResponseHeadersVariable answer
        foreach ($name in 'Content-Length', 'Date', 'ETag', 'request-id', 'x-own') { $global:answer.Keys -ccontains $name | Should -BeTrue -Because $name }
    }

    It 'is RHV for short' {
        Get-MgUserPresence adele -RHV answer
        $global:answer['request-id'] | Should -Match '^[0-9a-f-]{36}$'
    }

    It 'without a name is refused before anything is sent' {
        { Set-MgUserPresence @away -ResponseHeadersVariable '' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'is not set on errors' {
        Set-MgUserPresence nobody -Availability Away -Activity Away -RHV answer -ErrorAction SilentlyContinue
        Get-Variable -Scope Global -Name answer -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'A variable that cannot be set' {
    BeforeEach { Reset-Emulator }

    It 'is refused before anything is sent: -<Parameter>, <Name>' -ForEach $(
        foreach ($parameter in 'ResponseHeadersVariable', 'SummaryVariable', 'CountVariable') {
            @{ Parameter = $parameter; Name = 'a constant'; Make = { New-Variable $args[0] 1 -Scope Global -Option Constant } }
            @{ Parameter = $parameter; Name = 'read-only'; Make = { New-Variable $args[0] 1 -Scope Global -Option ReadOnly } }
            @{ Parameter = $parameter; Name = 'of fixed values'; Make = { New-Variable $args[0] 1 -Scope Global; (Get-Variable $args[0] -Scope Global).Attributes.Add([ValidateSet]::new('1')) } }
        }
    ) {
        $fixed = "fixed$([guid]::NewGuid().ToString('n'))" # a constant stays
        & $Make $fixed
        $named = if ($Parameter -eq 'SummaryVariable') { "global:$fixed" } else { $fixed }
        $with = @{ $Parameter = $named }
        { Get-MgCommunicationPresence @with -Top 1 } | Should -Throw -ExpectedMessage "-$Parameter names the variable global:$fixed, which cannot be set. *" -ErrorId 'InvalidVariable,*'
        Get-Sent | Should -BeNullOrEmpty
        Get-Variable $fixed -ValueOnly | Should -Be 1
    }
}

Describe '-Headers' {
    BeforeEach { Reset-Emulator }

    It 'sends headers of the caller''s own' {
        Set-MgUserPresence @away -Headers @{ 'X-Own' = 'mine'; 'X-Many' = 1, 2; 'X-None' = $null }
        $sent = (Get-Sent).headers
        $sent.'x-own', $sent.'x-many' | Should -Be 'mine', '1, 2'
        $sent.PSObject.Properties.Name | Should -Not -Contain x-none
    }

    It 'takes any dictionary: <Name>' -ForEach @(
        @{ Name = 'a JsonElement'; Of = { , [Text.Json.JsonDocument]::Parse($json).RootElement } }
        @{ Name = 'a JsonObject'; Of = { , [Text.Json.Nodes.JsonNode]::Parse($json) } }
        @{ Name = 'a JObject'; Of = { , [Newtonsoft.Json.Linq.JObject]::Parse($json) } }
        @{ Name = 'an ExpandoObject'; Of = { $all = [Dynamic.ExpandoObject]::new(); $all.'X-Own' = 'mine'; $all.'X-Many' = 1, 2; , $all } }
    ) {
        $json = '{"X-Own":"mine","X-Many":[1,2]}'
        Set-MgUserPresence @away -Headers (& $Of)
        (Get-Sent).headers.'x-own', (Get-Sent).headers.'x-many' | Should -Be 'mine', '1, 2'
    }

    It 'is sent with every request of a call: <Name>' -ForEach @(
        @{ Name = 'each page'; Call = { Get-MgCommunicationPresence -All -PageSize 1 -Headers @{ 'X-Own' = 'mine' } } }
        @{ Name = 'the read of -Verify'; Call = { Set-MgUserPresence @away -Verify -Headers @{ 'X-Own' = 'mine' } } }
    ) {
        $null = & $Call
        @(Get-Sent).Count | Should -BeGreaterThan 1
        (Get-Sent).headers.'x-own' | Should -Be (@('mine') * @(Get-Sent).Count)
    }

    It 'cannot replace the token' {
        Set-MgUserPresence @away -Headers @{ Authorization = 'Bearer other' } -ErrorAction SilentlyContinue
        (Get-Sent | ForEach-Object { $_.headers.authorization }) | Should -Not -Contain 'Bearer other'
    }

    It 'refuses a header that would split the request' {
        { Set-MgUserPresence @away -Headers @{ 'X-Own' = "a`r`nHost: b" } -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidHeader,*'
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe 'Parameters of Microsoft''s own HTTP stack' {
    BeforeEach { Reset-Emulator }

    It 'are no obstacle where they ask for nothing' {
        $nothing = @{ Break = $false; HttpPipelinePrepend = $null }
        Set-MgUserPresence @away @nothing
        @(Get-Sent).Count | Should -Be 1
    }

    It 'bind -<Name>, and say what to use instead' -ForEach @(
        @{ Name = 'HttpPipelinePrepend'; Value = { }; Instead = '*-Headers*-Debug*' }
        @{ Name = 'HttpPipelineAppend'; Value = { }; Instead = '*-Headers*-Debug*' }
        @{ Name = 'Break'; Value = $true; Instead = '*-Debug*' }
    ) {
        $extra = @{ $Name = $Value }
        { Set-MgUserPresence @away @extra } | Should -Throw -ExpectedMessage "-$Name*$Instead" -ErrorId 'NotSupported,*'
        Get-Sent | Should -BeNullOrEmpty
    }
}
