# Every cmdlet: the request that it sends and what it gives, v1.0 and beta, for a user, an id of /communications and -Me.

BeforeDiscovery {
    $operations = . "$PSScriptRoot/Operations.ps1"
    $adele = 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'
    $targets = @(
        @{ Kind = 'User'; Key = @{ UserId = 'adele' }; Base = '/users/adele/presence' }
        @{ Kind = 'User'; Key = @{ InputObject = @{ UserId = 'adele' } }; Base = '/users/adele/presence' }
        @{ Kind = 'User'; Key = @{ Me = $true }; Base = '/me/presence' }
        @{ Kind = 'Communication'; Key = @{ PresenceId = $adele }; Base = "/communications/presences/$adele" }
        @{ Kind = 'Communication'; Key = @{ InputObject = @{ PresenceId = $adele } }; Base = "/communications/presences/$adele" }
    )
    $cases = foreach ($version in @{ Name = ''; Root = '/v1.0' }, @{ Name = 'Beta'; Root = '/beta' }) {
        foreach ($target in $targets) {
            foreach ($operation in $operations) {
                @{
                    Command = "$($operation.Verb)-Mg$($version.Name)$($target.Kind)Presence$($operation.Noun)"
                    By = "-$($target.Key.Keys)"
                    Arguments = $target.Key + $operation.Extra
                    Request = "$($operation.Method) $($version.Root)$($target.Base)$($operation.Path)"
                    Body = $operation.Body
                    GivesTrue = $operation.Verb -in 'Set', 'Clear', 'Remove'
                }
            }
        }
    }
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator
    Connect-Emulator $Emulator.userToken # the locations and /me take no application token
}
AfterAll { Stop-Emulator }

Describe 'The request of' {
    BeforeEach { Reset-Emulator }

    It '<Command> <By> is <Request>' -ForEach $cases {
        if ($GivesTrue) { $Arguments = $Arguments + @{ PassThru = $true } }
        Add-Fault @{ status = 200; body = @{ id = $AdeleId; availability = 'Away'; activity = 'Away' } } # what it gives back is the emulator's own suite's matter
        $given = & $Command @Arguments
        $sent = Get-Sent
        "$($sent.method) $($sent.path)" | Should -Be $Request
        Format-Json ($sent.body ?? @{}) | Should -BeExactly (Format-Json ($Body ?? @{}))
        if ($GivesTrue) { $given | Should -BeTrue } else { $given.Id | Should -Be $AdeleId }
    }
}

Describe 'Update-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'takes every property of a row: <Name>' -ForEach @(
        @{ Name = 'an object'; Of = { [pscustomobject] $_ } }, @{ Name = 'a hashtable'; Of = { $_ } }
    ) {
        $row = [ordered]@{
            UserId = 'adele'; Availability = 'Away'; Activity = 'Away'; OutOfOfficeSettings = @{ isOutOfOffice = $true }
            StatusMessage = @{ message = @{ content = 'x' } }; WorkLocation = @{ workLocationType = 'remote' }
        }
        $row | ForEach-Object $Of | Update-MgUserPresence
        $sent = (Get-Sent).body
        $sent.PSObject.Properties.Name | Sort-Object | Should -Be activity, availability, outOfOfficeSettings, statusMessage, workLocation
        $sent.statusMessage.message.content, $sent.workLocation.workLocationType | Should -Be x, remote
    }
}

Describe 'Remove-MgUserPresence' {
    BeforeEach { Reset-Emulator }

    It 'sends -IfMatch as a header' {
        Add-Fault @{ status = 204 }
        Remove-MgUserPresence adele -IfMatch 'W/"1"'
        (Get-Sent).headers.'if-match' | Should -Be 'W/"1"'
    }
}

Describe 'Get-MgCommunicationPresence' {
    BeforeAll {
        Stop-Emulator
        Start-Emulator -With --users, 25
        $all = 1..25 | ForEach-Object { "user$_" }
    }
    BeforeEach { Reset-Emulator }

    It 'lists the first page, and says with -CountVariable how many there are' {
        $page = @(Get-MgCommunicationPresence -CountVariable count -PageSize 10)
        $page.Count | Should -Be 10
        $count | Should -Be 25
        @(Get-Sent).Count | Should -Be 1
    }

    It 'follows every page with -All' {
        @(Get-MgCommunicationPresence -All -PageSize 10).Id | Sort-Object -Unique | Should -HaveCount 25
        @(Get-Sent).Count | Should -Be 3
    }

    It 'writes each page when it comes' {
        $sent = @(Get-MgCommunicationPresence -All -PageSize 1 | ForEach-Object { @(Get-Sent).Count })
        $sent | Should -HaveCount 25
        $sent[0] | Should -BeLessThan 4 # the next page is asked for meanwhile
    }

    It 'ends with an error when a page follows itself' {
        Add-Fault @{ status = 200; body = @{ value = @(@{ id = 'x' }); '@odata.nextLink' = "$($Emulator.url)/v1.0/communications/presences?`$skiptoken=1" } }
        $given = Get-MgCommunicationPresence -All -ErrorVariable failures -ErrorAction SilentlyContinue -SummaryVariable summary
        $given.Id | Should -Be x, x
        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'RepeatedNextLink,*'
        "$failures" | Should -BeLike '*$skiptoken=1. *'
        $summary.Failed | Should -Be 1
    }

    It 'sets -CountVariable <Name> in the <Scope> scope' -ForEach @(
        @{ Name = 'total'; Scope = 'global' }, @{ Name = 'script:total'; Scope = 'script' }
    ) {
        Remove-Variable total -Scope $Scope -ErrorAction Ignore
        & { $null = Get-MgCommunicationPresence -CountVariable $Name }
        Get-Variable total -Scope $Scope -ValueOnly | Should -Be 25
        Remove-Variable total -Scope $Scope
    }

    It 'gives as many as -Top asks for, over pages too' {
        @(Get-MgCommunicationPresence -Top 7) | Should -HaveCount 7
        @(Get-MgCommunicationPresence -Top 15 -PageSize 10) | Should -HaveCount 15
    }

    It 'sends -Skip, -Filter, -Search, -Sort and -Property as query options' {
        Add-Fault @{ status = 200; body = @{ value = @() } }
        Get-MgCommunicationPresence -Skip 2 -Filter "id eq 'a'" -Search x -Sort id, activity -Property id | Should -BeNullOrEmpty
        $query = [uri]::UnescapeDataString((Get-Sent).path.Replace('+', ' '))
        foreach ($option in '$skip=2', "`$filter=id eq 'a'", '$search="x"', '$orderby=id,activity', '$select=id') { $query | Should -BeLike "*$option*" }
    }

    It 'sends -Search <Given> as <Sent>, which Graph takes in quotation marks' -ForEach @(
        @{ Given = 'displayName:Ade'; Sent = '"displayName:Ade"' }
        @{ Given = '"a" OR "b"'; Sent = '"a" OR "b"' }
        @{ Given = 'a "b" \'; Sent = '"a \"b\" \\"' }
    ) {
        Add-Fault @{ status = 200; body = @{ value = @() } }
        Get-MgCommunicationPresence -Search $Given
        [uri]::UnescapeDataString((Get-Sent).path.Replace('+', ' ')) | Should -Be "/v1.0/communications/presences?`$search=$Sent"
    }

    It 'leaves out -Top 0 only when it is not given' {
        Add-Fault @{ status = 200; body = @{ value = @() } }
        Get-MgCommunicationPresence -Skip 0
        [uri]::UnescapeDataString((Get-Sent).path) | Should -BeLike '*$skip=0*'
    }

    It 'does not follow a next page to another host' {
        Add-Fault @{ status = 200; body = @{ value = @(@{ id = 'x' }); '@odata.nextLink' = 'http://127.0.0.1:9/v1.0/communications/presences?$skip=1' } }
        $given = Get-MgCommunicationPresence -All -ErrorVariable failures -ErrorAction SilentlyContinue
        $given.Id | Should -Be x
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'Origin,*'
    }
}

Describe 'Get-MgCommunicationPresenceCount' {
    BeforeEach { Reset-Emulator }

    It 'gives a number' {
        Get-MgCommunicationPresenceCount | Should -Be 25
        Get-MgCommunicationPresenceCount | Should -BeOfType int
        (Get-Sent)[0].path | Should -BeLike '/v1.0/communications/presences/$count*'
    }
}

Describe 'Get-MgCommunicationPresenceByUserId' {
    BeforeEach { Reset-Emulator }

    It 'gives each presence' {
        $ids = (Get-MgCommunicationPresence -Top 3).Id
        (Get-MgCommunicationPresenceByUserId -Ids $ids).Id | Sort-Object | Should -Be ($ids | Sort-Object)
        @{ Ids = $ids } | Get-MgCommunicationPresenceByUserId | Should -HaveCount 3
        (Get-Sent)[-1].body.ids | Should -HaveCount 3
    }

    It 'takes ids as <Name>' -ForEach @(
        @{ Name = 'text from the pipeline, in one request'; Call = { $ids | Get-MgCommunicationPresenceByUserId } }
        @{ Name = 'objects from the pipeline'; Call = { $ids | ForEach-Object { [pscustomobject]@{ Id = $_; DisplayName = 'x' } } | Get-MgCommunicationPresenceByUserId } }
        @{ Name = 'objects by position'; Call = { Get-MgCommunicationPresenceByUserId ($ids | ForEach-Object { @{ UserId = $_ } }) } }
        @{ Name = 'a body by position'; Call = { Get-MgCommunicationPresenceByUserId -BodyParameter @{ ids = $ids } } }
        @{ Name = 'JSON from the pipeline'; Call = { @{ ids = $ids } | ConvertTo-Json | Get-MgCommunicationPresenceByUserId } }
    ) {
        $ids = @((Get-MgCommunicationPresence -Top 2).Id)
        $null = Invoke-Control DELETE requests
        (& $Call).Id | Should -Be $ids
        @(Get-Sent).Count | Should -Be 1
        (Get-Sent).body.ids | Should -Be $ids
    }

    It 'makes one list of lists within lists' {
        $ids = @((Get-MgCommunicationPresence -Top 3).Id)
        (Get-MgCommunicationPresenceByUserId -BodyParameter @{ ids = @($ids[0], @($ids[1], @($ids[2]))) }).Id | Should -Be $ids
        (, @($ids[0], @($ids[1], @($ids[2]))) | Get-MgCommunicationPresenceByUserId).Id | Should -Be $ids
    }

    It 'refuses an input that does not name a user, and asks for the others that are piped' {
        $id = (Get-MgCommunicationPresence -Top 1).Id
        $given = '', $id, $null, @{ Name = 'x' }, 'upn@contoso.example', ' ', "$id ", "a$([char] 0xD800)" | Get-MgCommunicationPresenceByUserId -ErrorAction SilentlyContinue -ErrorVariable failures
        $given.Id | Should -Be $id
        $failures.FullyQualifiedErrorId | Should -BeLike 'InvalidId,*'
        $failures.Count | Should -Be 7
        $failures[3].Exception.Message | Should -BeLike '*upn@contoso.example*object id*'
    }

    It 'gives ids and bodies that are piped in their order' {
        $ids = @((Get-MgCommunicationPresence -Top 5).Id)
        (@{ ids = $ids[0, 1] }, $ids[2], $ids[3], @{ ids = @($ids[4]) } | Get-MgCommunicationPresenceByUserId).Id | Should -Be $ids
    }

    It 'refuses what is no object id before it is sent: <Name>' -ForEach @(
        @{ Name = 'a principal name'; Call = { Get-MgCommunicationPresenceByUserId AdeleV@contoso.example }; Says = '*AdeleV@contoso.example*object id*' }
        @{ Name = 'one that is piped'; Call = { 'AdeleV@contoso.example' | Get-MgCommunicationPresenceByUserId }; Says = '*AdeleV@contoso.example*object id*' }
        @{ Name = 'a user with a principal name alone'; Call = { [pscustomobject]@{ UserPrincipalName = 'AdeleV@contoso.example' } | Get-MgCommunicationPresenceByUserId }; Says = '*UserPrincipalName=AdeleV@contoso.example* has no id*' }
        @{ Name = 'an empty text'; Call = { Get-MgCommunicationPresenceByUserId '' }; Says = 'An empty value has no id*' }
        @{ Name = 'an empty text in a body'; Call = { Get-MgCommunicationPresenceByUserId -BodyParameter @{ ids = @('a', '') } }; Says = 'An empty value has no id*' }
        @{ Name = 'an empty text in JSON'; Call = { '{"ids":[""]}' | Get-MgCommunicationPresenceByUserId }; Says = '*' }
    ) {
        $Call | Should -Throw -ExpectedMessage $Says
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'makes a list of one id in a body' {
        $id = (Get-MgCommunicationPresence -Top 1).Id
        (Get-MgCommunicationPresenceByUserId -BodyParameter @{ ids = $id }).Id | Should -Be $id
    }

    It 'never takes the name of a type for an id' {
        { Get-MgCommunicationPresenceByUserId @{ ids = @($AdeleId) } -ErrorAction Stop } | Should -Throw '*has no id*'
        Get-Sent | Should -BeNullOrEmpty
    }

    It 'sends a request before the answer to the one before it, since it only reads' {
        $ids = (Get-MgCommunicationPresence -Top 8).Id
        Add-Fault @{ kind = 'delay'; delayMs = 300; match = @{ path = '*/getPresencesByUserId' } }
        $taken = Measure-Command { $script:given = $ids | ForEach-Object { @{ ids = @($_) } } | Get-MgCommunicationPresenceByUserId -ErrorAction Continue } # with Stop, one by one
        $given.Id | Should -Be $ids
        $taken.TotalMilliseconds | Should -BeLessThan (8 * 300 * 0.75)
    }

    It 'asks for more than 650 users, Graph''s limit, in several requests' {
        $known = (Get-MgCommunicationPresence -Top 2).Id
        $null = Invoke-Control DELETE requests
        $ids = @($known[0]) + (1..700 | ForEach-Object { [guid]::NewGuid().Guid }) + $known[1]
        (Get-MgCommunicationPresenceByUserId -Ids $ids).Id | Should -Be $known
        (Get-Sent).body.ids.Count | Should -Be $ids.Count
        @(Get-Sent).Count | Should -Be 2
    }
}
