# What a piped or positional value becomes: an id, an identity, a body, and never a header.

BeforeDiscovery {
    $away = @{ Availability = 'Away'; Activity = 'Away' }
    $body = @{ availability = 'Away'; activity = 'Away'; sessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87' }
    $cases = @(
        @{ Name = 'a positional id'; Call = { Set-MgUserPresence adele -Availability Away -Activity Away } }
        @{ Name = 'a piped id'; Call = { 'adele' | Set-MgUserPresence -Availability Away -Activity Away } }
        @{ Name = 'a piped id with a body'; Call = { 'adele' | Set-MgUserPresence -BodyParameter $body } }
        @{ Name = 'a piped row'; Call = { "UserId,Availability,Activity`nadele,Away,Away" | ConvertFrom-Csv | Set-MgUserPresence } }
        @{ Name = 'a piped row with an empty duration'; Call = { "UserId,Availability,Activity,ExpirationDuration`nadele,Away,Away," | ConvertFrom-Csv | Set-MgUserPresence } }
        @{ Name = 'a piped row whose presence the command line names'; Call = { "UserId,Availability,Activity`nadele,Busy,InACall" | ConvertFrom-Csv | Set-MgUserPresence @away } }
        @{ Name = 'a piped user of Get-MgUser'; Call = { [pscustomobject]@{ Id = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'; DisplayName = 'Adele'; UserPrincipalName = 'AdeleV@contoso.example' } | Set-MgUserPresence @away }; Id = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3' }
        @{ Name = 'a piped user without an Id'; Call = { [pscustomobject]@{ UserPrincipalName = 'adele' } | Set-MgUserPresence @away } }
        @{ Name = 'a piped presence'; Call = { [pscustomobject]@{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence } }
        @{ Name = 'a piped identity hashtable'; Call = { @{ UserId = 'adele' } | Set-MgUserPresence @away } }
        @{ Name = 'a piped hashtable as a row'; Call = { @{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence } }
        @{ Name = 'a piped ordered hashtable as a row, its keys in any case'; Call = { [ordered]@{ USERID = 'adele'; availability = 'Away'; ACTIVITY = 'Away'; ExpirationDuration = ''; SessionId = 'call-record' } | Set-MgUserPresence } }
        @{ Name = 'a piped hashtable whose presence the command line names'; Call = { @{ UserId = 'adele'; Availability = 'Busy'; Activity = 'InACall' } | Set-MgUserPresence @away } }
        @{ Name = 'a piped row with a body'; Call = { [pscustomobject]@{ UserId = 'adele'; Name = 'Adele' } | Set-MgUserPresence -BodyParameter $body } }
        @{ Name = 'a piped user of Get-MgUser with a body'; Call = { [pscustomobject]@{ Id = 'adele'; DisplayName = 'Adele' } | Set-MgUserPresence -BodyParameter $body } }
        @{ Name = 'a piped identity hashtable with a body'; Call = { @{ UserId = 'adele' } | Set-MgUserPresence -BodyParameter $body } }
        @{ Name = 'a body by name'; Call = { Set-MgUserPresence -UserId adele -BodyParameter $body } }
        @{ Name = 'a piped body'; Call = { $body | Set-MgUserPresence -UserId adele } }
        @{ Name = 'a piped body with a positional id'; Call = { $body | Set-MgUserPresence adele } }
        @{ Name = 'a piped body as an object'; Call = { [pscustomobject] $body | Set-MgUserPresence -UserId adele } }
        @{ Name = 'a piped body as JSON'; Call = { $body | ConvertTo-Json | Set-MgUserPresence -UserId adele } }
        @{ Name = 'a piped body with an identity'; Call = { $body | Set-MgUserPresence -InputObject @{ UserId = 'adele' } } }
        @{ Name = 'an identity by name with values'; Call = { Set-MgUserPresence -InputObject @{ UserId = 'adele' } @away } }
        @{ Name = 'a Guid'; Call = { [guid] 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3' | Set-MgUserPresence @away }; Id = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
    $away = @{ Availability = 'Away'; Activity = 'Away' }
    $body = @{ availability = 'Away'; activity = 'Away'; sessionId = $AppId }
}
AfterAll { Stop-Emulator }

Describe 'Binding' {
    BeforeEach { Reset-Emulator }

    It 'takes <Name>' -ForEach $cases {
        & $Call
        $sent = Get-Sent
        $sent.path | Should -Be "/v1.0/users/$($_['Id'] ?? 'adele')/presence/setPresence"
        $sent.body.availability, $sent.body.activity, $sent.body.sessionId | Should -Be Away, Away, $AppId
        $sent.headers.PSObject.Properties.Name | Should -Not -Contain availability
        $sent.headers.PSObject.Properties.Name | Should -Not -Contain userid
    }

    It 'takes an array of ids, named and piped' {
        Set-MgUserPresence adele, alex @away
        , @('adele', 'alex') | Set-MgUserPresence @away
        ((Get-Sent).path -replace '^/v1.0/users/|/presence.*$') | Sort-Object | Should -Be adele, adele, alex, alex
    }

    It 'takes an empty cell of a DataRow as absent' {
        @{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away'; ExpirationDuration = [DBNull]::Value } | Set-MgUserPresence -ErrorAction Stop
        Set-MgUserPresence adele -BodyParameter @{ sessionId = $AppId; availability = 'Away'; activity = 'Away'; expirationDuration = [DBNull]::Value; own = [DBNull]::Value } -ErrorAction Stop
        (Get-Sent).body | ForEach-Object { $_.PSObject.Properties.Name | Should -Not -Contain expirationDuration; $_.PSObject.Properties.Name | Should -Not -Contain own }
    }

    It 'takes each row of a CSV file with its own presence, an empty cell as absent' {
        @'
UserId,Availability,Activity,ExpirationDuration
adele,Busy,InACall,PT30M
alex,Away,Away,
'@ | ConvertFrom-Csv | Set-MgUserPresence
        $sent = Get-Sent | Sort-Object path
        $sent[0].body.availability, $sent[0].body.expirationDuration | Should -Be Busy, PT30M
        $sent[1].body.availability | Should -Be Away
        $sent[1].body.PSObject.Properties.Name | Should -Not -Contain expirationDuration
    }

    It 'lets nothing of one row leak into the next, as <Name>' -ForEach @(
        @{ Name = 'objects'; As = [pscustomobject] }
        @{ Name = 'hashtables'; As = [hashtable] }
    ) {
        @{ UserId = 'adele'; Availability = 'Busy'; Activity = 'InACall'; ExpirationDuration = '01:00:00' }, @{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' } |
            ForEach-Object { $As -eq [hashtable] ? $_ : [pscustomobject] $_ } |
            Set-MgUserPresence
        (Get-Sent | Where-Object path -like '*adele*').body.expirationDuration | Should -Be PT1H
        $second = Get-Sent | Where-Object path -like '*alex*'
        $second.body.PSObject.Properties.Name | Should -Not -Contain expirationDuration
    }

    It 'refuses a list of rows that is piped as one object: <Name>' -ForEach @(
        @{ Name = 'hashtables'; As = [hashtable] }
        @{ Name = 'objects'; As = [pscustomobject] }
        @{ Name = 'rows of a table'; As = [System.Data.DataRow] }
    ) {
        $table = [System.Data.DataTable]::new()
        'UserId', 'ExpirationDuration' | ForEach-Object { $null = $table.Columns.Add($_) }
        $rows = @{ UserId = 'adele'; ExpirationDuration = '01:00:00' }, @{ UserId = 'alex'; ExpirationDuration = '00:30:00' } |
            ForEach-Object { $As -eq [hashtable] ? $_ : $As -eq [pscustomobject] ? [pscustomobject] $_ : $table.Rows.Add($_.UserId, $_.ExpirationDuration) }
        { , $rows | Set-MgUserPresence @away -ErrorAction Stop } | Should -Throw 'A list of 2 rows was piped as one object, so the ExpirationDuration of each cannot be read. Pipe the rows one by one*'
        Get-Sent | Should -BeNullOrEmpty
        , $rows | ForEach-Object { $_ } | Set-MgUserPresence @away
        (Get-Sent).body.expirationDuration | Sort-Object | Should -Be PT1H, PT30M
    }

    It 'takes a list of one row, of <Name>, and a list of users, as one object' -ForEach @(
        @{ Name = 'a hashtable'; As = [hashtable] }
        @{ Name = 'an object'; As = [pscustomobject] }
    ) {
        $row = @{ UserId = 'adele'; ExpirationDuration = '01:00:00' }
        , @($As -eq [hashtable] ? $row : [pscustomobject] $row) | Set-MgUserPresence @away
        , @([pscustomobject]@{ Id = 'adele' }, [pscustomobject]@{ Id = 'alex' }) | Set-MgUserPresence @away
        (Get-Sent)[0].body.expirationDuration | Should -Be PT1H
        Get-Sent | Should -HaveCount 3
    }

    It 'refuses rows in the argument whose columns it would leave out: <Name>' -ForEach @(
        @{ Name = 'a duration'; Row = @{ UserId = 'adele'; ExpirationDuration = 'PT1H' }; Call = { Set-MgUserPresence $args[0] @away -ErrorAction Stop } }
        @{ Name = 'a place'; Row = @{ UserId = 'adele'; PlaceId = 'p' }; Call = { Set-MgUserPresenceManualLocation $args[0] -WorkLocationType office -ErrorAction Stop } }
    ) {
        foreach ($rows in [pscustomobject] $Row, @($Row, $Row)) {
            { & $Call $rows } | Should -Throw '* is read only if the row is piped, as in $rows | Set-*'
        }
        Get-Sent | Should -BeNullOrEmpty
        Set-MgUserPresence ([pscustomobject]@{ UserId = 'adele'; Availability = 'Busy'; ExpirationDuration = '' }) @away
        Set-MgUserPresence (Get-MgUserPresence adele) -AdditionalProperties $away
        (Get-Sent | Where-Object method -EQ POST).body.availability | Should -Be Away, Away
    }

    It 'takes the principal name of an object whose Id is of another system: <Id>' -ForEach @{ Id = 'Adele Vance' }, @{ Id = 1001 } {
        [pscustomobject]@{ Id = $Id; UserPrincipalName = 'AdeleV@contoso.example' } | Set-MgUserPresence @away
        (Get-Sent).path | Should -Be '/v1.0/users/AdeleV%40contoso.example/presence/setPresence'
    }

    It 'takes what an if without a result gives for nothing: <Name>' -ForEach @(
        @{ Name = 'in an object'; Call = { [pscustomobject]@{ UserId = 'adele'; ExpirationDuration = if ($false) { 'PT4H' } } | Set-MgUserPresence @away } }
        @{ Name = 'in a computed column'; Call = { 1 | Select-Object @{ n = 'UserId'; e = { 'adele' } }, @{ n = 'ExpirationDuration'; e = { if ($false) { 'PT4H' } } } | Set-MgUserPresence @away } }
        @{ Name = 'in a hashtable'; Call = { @{ UserId = 'adele'; ExpirationDuration = if ($false) { 'PT4H' } } | Set-MgUserPresence @away } }
        @{ Name = 'beside the principal name'; Call = { [pscustomobject]@{ UserId = if ($false) { 'alex' }; UserPrincipalName = 'adele' } | Set-MgUserPresence @away } }
        @{ Name = 'in -AdditionalProperties'; Call = { Set-MgUserPresence adele @away -AdditionalProperties @{ expirationDuration = if ($false) { 'PT4H' } } } }
        @{ Name = 'in -BodyParameter'; Call = { Set-MgUserPresence adele -BodyParameter ($body + @{ expirationDuration = if ($false) { 'PT4H' } }) } }
    ) {
        & $Call
        (Get-Sent).path | Should -Be '/v1.0/users/adele/presence/setPresence'
        (Get-Sent).body.activity | Should -Be Away
        (Get-Sent).body.PSObject.Properties.Name | Should -Not -Contain expirationDuration
    }

    It 'reads no member beyond the one that has the id' {
        $user = [pscustomobject]@{ UserId = 'adele' } | Add-Member -PassThru ScriptProperty UserPrincipalName { throw 'no' }
        Set-MgUserPresence $user @away
        (Get-Sent).path | Should -Be '/v1.0/users/adele/presence/setPresence'
    }

    It 'refuses a piped row beside the id, whose user would be ignored: <Name>' -ForEach @(
        @{ Name = 'to keep'; Call = { $row | Start-MgPresenceKeepAlive -UserId adele -ErrorAction Stop } }
        @{ Name = 'to keep, by position'; Call = { $row | Start-MgPresenceKeepAlive adele -ErrorAction Stop } }
        @{ Name = 'to keep for the signed-in user'; Call = { $row | Start-MgPresenceKeepAlive -Me -ErrorAction Stop } }
        @{ Name = 'to test'; Call = { $row | Test-MgUserPresence adele -ErrorAction Stop } }
        @{ Name = 'to test the signed-in user'; Call = { $row | Test-MgUserPresence -Me -ErrorAction Stop } }
    ) {
        $row = [pscustomobject]@{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' }
        $Call | Should -Throw 'The piped object has a A* and its user would be ignored. Name the user once*'
        Get-Sent | Should -BeNullOrEmpty
        Get-MgPresenceKeepAlive | Should -BeNullOrEmpty
    }

    It 'refuses a piped row beside the id, which would send the row as the body: <Name>' -ForEach @(
        @{ Name = 'a row'; Call = { [pscustomobject]@{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence -UserId adele } }
        @{ Name = 'a hashtable'; Call = { @{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence adele } }
        @{ Name = 'JSON'; Call = { '{"userId":"alex","availability":"Away","activity":"Away"}' | Set-MgUserPresence adele } }
        @{ Name = 'a user'; Call = { [pscustomobject]@{ Id = 'alex'; DisplayName = 'Alex' } | Set-MgUserPresence adele } }
        @{ Name = 'a presence'; Call = { Get-MgUserPresence alex | Set-MgUserPresence adele } }
        @{ Name = 'a row beside an identity'; Call = { [pscustomobject]@{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence -InputObject @{ UserId = 'adele' } } }
        @{ Name = 'a row beside -Me'; Call = { [pscustomobject]@{ UserId = 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence -Me } }
        @{ Name = 'a row to clear'; Call = { [pscustomobject]@{ UserId = 'alex'; SessionId = 's' } | Clear-MgUserPresence adele } }
    ) {
        $Call | Should -Throw -ExpectedMessage 'The piped object names a user *Name the user once*' -ErrorId 'InvalidBody,*'
        Get-Sent | Where-Object method -NE GET | Should -BeNullOrEmpty
    }

    It 'refuses what has no id, in words and not as the name of a type' {
        $call = { [pscustomobject]@{ Name = 'adele' } | Set-MgUserPresence @away -ErrorAction Stop }
        $call | Should -Throw '*has no id. Give a text, or an object with UserId, Id or UserPrincipalName*'
        { @{ Name = 'adele' } | Set-MgUserPresence @away -ErrorAction Stop } | Should -Throw '*has no id*'
        $typed = [Collections.Generic.Dictionary[string, object]]::new()
        $typed.Name = 'adele'
        { , $typed | Set-MgUserPresence @away -ErrorAction Stop } | Should -Throw '@{Name=adele} has no id*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'refuses a row whose value throws, and sends the others' {
        $lazy = [Linq.Enumerable]::Select([int[]] (1, 0), [Func[int, int]] { param($number) 1 / $number })
        'adele', 'alex' | Set-MgUserPresence -BodyParameter @{ availability = 'Away'; activity = 'Away'; x = $lazy } -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -HaveCount 2
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'InvalidBody,*'
    }

    It 'takes each id of a row that has a list of them: <Name>' -ForEach @(
        @{ Name = 'an object'; Call = { [pscustomobject]@{ UserId = 'adele', 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence } }
        @{ Name = 'a hashtable'; Call = { @{ UserId = 'adele', 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence } }
        @{ Name = 'an ExpandoObject'; Call = { $row = [Dynamic.ExpandoObject]::new(); $row.UserId = 'adele', 'alex'; $row.Availability = 'Away'; $row.Activity = 'Away'; , $row | Set-MgUserPresence } }
        @{ Name = 'an object with a body'; Call = { [pscustomobject]@{ UserId = 'adele', 'alex' } | Set-MgUserPresence -BodyParameter $body } }
        @{ Name = 'whatever $OFS is'; Call = { $OFS = ''; [pscustomobject]@{ UserId = 'adele', 'alex'; Availability = 'Away'; Activity = 'Away' } | Set-MgUserPresence } }
        @{ Name = 'by -UserId'; Call = { Set-MgUserPresence -UserId @{ UserId = 'adele', 'alex' } @away } }
    ) {
        & $Call
        (Get-Sent).path | Sort-Object | Should -Be '/v1.0/users/adele/presence/setPresence', '/v1.0/users/alex/presence/setPresence'
        (Get-Sent).body.activity | Should -Be Away, Away
    }

    It 'takes the name of a user from what a cmdlet returned as a text, without the row that gave it: <Name>' -ForEach @(
        @{ Name = 'a presence'; Of = { (Get-MgUserPresence $row).User } }
        @{ Name = 'a presence that was piped'; Of = { ($row | Get-MgUserPresence).User } }
        @{ Name = 'a report'; Of = { (Test-MgUserPresence $row).User } }
        @{ Name = 'an error'; Of = { Add-Fault @{ status = 403; code = 'Forbidden'; count = 1 }; (Get-MgUserPresence $row 2>&1).TargetObject.UserId } }
        @{ Name = 'an object with that name'; Of = { [pscustomobject]@{ UserId = (Get-MgUserPresence $row).User } } }
    ) {
        $ErrorActionPreference = 'Continue'
        foreach ($row in @{ UserId = 'adele'; ExpirationDuration = 'PT4H' }, @(, [pscustomobject]@{ UserId = 'adele'; ExpirationDuration = 'PT4H' })) {
            & $Of | Set-MgUserPresence @away
        }
        $sent = Get-Sent | Where-Object path -EQ '/v1.0/users/adele/presence/setPresence'
        $sent | Should -HaveCount 2
        $sent | ForEach-Object { $_.body.PSObject.Properties.Name | Should -Not -Contain expirationDuration }
    }

    It 'refuses an id in a row that it would refuse by itself: <Name>' -ForEach @(
        @{ Name = 'a hashtable'; Id = @{ x = 1 } }
        @{ Name = 'an object'; Id = [pscustomobject]@{ x = 1 } }
        @{ Name = 'a list within a list'; Id = @('adele', @('alex', 'adele')) }
        @{ Name = '$true'; Id = $true }
        @{ Name = 'a date'; Id = [datetime] '2026-11-26' }
    ) {
        foreach ($row in @{ UserId = $Id }, [pscustomobject]@{ UserId = $Id }) {
            $row | Set-MgUserPresence @away -ErrorVariable failures -ErrorAction SilentlyContinue
            $failures.Exception.Message | Should -BeLike '*has no id. Give a text, or an object with UserId, Id or UserPrincipalName*'
            $failures.FullyQualifiedErrorId | Should -Be 'InvalidId,MgPresence.Cmdlets.SetMgUserPresence'
        }
        Get-Sent | Where-Object path -NE '/v1.0/users/adele/presence/setPresence' | Should -BeNullOrEmpty
    }

    It 'refuses a row without an id and goes on with the next' {
        "UserId,Availability,Activity`n,Away,Away`nalex,Away,Away" | ConvertFrom-Csv | Set-MgUserPresence -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures | Should -Not -BeNullOrEmpty
        (Get-Sent).path | Should -Be '/v1.0/users/alex/presence/setPresence'
    }

    It 'refuses an identity without an id with a body too, and keeps what the others gave' {
        $given = @{ UserId = 'adele' }, [pscustomobject]@{ UserId = '' }, @{ UserId = 'alex' } |
            Set-MgUserPresence -BodyParameter $body -PassThru -ErrorVariable failures -ErrorAction SilentlyContinue
        $given | Should -Be $true, $true
        $failures | Should -Not -BeNullOrEmpty
        @(Get-Sent).Count | Should -Be 2
    }

    It 'makes an error of a body that cannot be read, and goes on' {
        $broken = [pscustomobject]@{ availability = 'Away' } | Add-Member -PassThru ScriptProperty activity { throw 'no' }
        $given = $body, $broken, $body | Set-MgUserPresence adele -PassThru -ErrorVariable failures -ErrorAction SilentlyContinue
        $given | Should -Be $true, $true
        $failures[0].FullyQualifiedErrorId | Should -Be 'InvalidBody,MgPresence.Cmdlets.SetMgUserPresence'
    }

    It 'percent-encodes an id: <Id>' -ForEach @(
        @{ Id = 'adele@contoso.example'; Path = 'adele%40contoso.example' }
        @{ Id = 'b+c'; Path = 'b%2Bc' }
        @{ Id = 'Jörg'; Path = 'J%C3%B6rg' }
        @{ Id = 'a%20b'; Path = 'a%2520b' }
    ) {
        Set-MgUserPresence $Id @away -ErrorAction SilentlyContinue
        (Get-Sent).path | Should -Be "/v1.0/users/$Path/presence/setPresence"
    }

    It 'asks for a missing id where it can, and fails where it cannot' {
        (Invoke-Fresh "Import-Module '$ModulePath'; Set-MgUserPresence -Availability Away -Activity Away").Error | Should -BeLike '*UserId*'
    }
}
