# Error records: what scripts catch, and what a person reads.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    Start-Emulator -User adele, alex
    $away = @{ UserId = 'adele'; Availability = 'Away'; Activity = 'Away' }
    function Get-Failure([hashtable] $Arguments = @{}) {
        Set-MgUserPresence @away @Arguments -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures.Count | Should -Be 1
        $failures[0]
    }
}
AfterAll { Stop-Emulator }

Describe 'An error of Graph' {
    BeforeEach { Reset-Emulator }

    It 'keeps what looks like an option in a link or a name' {
        Connect-Emulator (New-Token @{ permissions = @('Presence.Read.All') })
        "$(Get-Failure)" | Should -BeLike '*/adminconsent`?client_id=*'
        Connect-Emulator
        Get-MgUserPresence client_id@x.example -ErrorAction SilentlyContinue -ErrorVariable failures
        "$($failures[0])" | Should -BeLike '*client_id@x.example*'
        "$($failures[0])" | Should -Not -BeLike '*-ClientId*'
    }

    It 'advises in the names of parameters' {
        Connect-MgPresence $Emulator.token -BaseUri $Emulator.url -MaxAttempts 1
        Add-Fault @{ status = 503 }
        "$(Get-Failure)" | Should -BeLike '*raise -MaxAttempts of Connect-MgPresence*'
        $failure = { Connect-MgPresence -UseDeviceCode -TenantId a/b } | Should -Throw -PassThru
        "$failure" | Should -BeLike '-TenantId is not an id, *'
    }

    It 'has the form that scripts know' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.' }
        $failure = Get-Failure @{ Headers = @{ 'X-Own' = 'mine' } }
        $failure.FullyQualifiedErrorId | Should -Be 'Forbidden,MgPresence.Cmdlets.SetMgUserPresence'
        $failure.FullyQualifiedErrorId | Should -BeLike 'Forbidden,*'
        $failure.Exception.Message | Should -Be '[Forbidden] : No rights.'
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        $failure.CategoryInfo.Activity | Should -Be Set-MgUserPresence_SetExpanded
        $failure.ErrorDetails.RecommendedAction | Should -Be 'See service error codes: https://learn.microsoft.com/graph/errors'
    }

    It 'has the request as its target: UserId, Headers, body' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.' }
        $target = (Get-Failure @{ Headers = @{ 'X-Own' = 'mine' } }).TargetObject
        $target.PSObject.Properties.Name | Should -Be UserId, Headers, body
        $target.UserId | Should -Be adele
        $target.Headers['X-Own'] | Should -Be mine
        $target.body.Availability | Should -Be Away
    }

    It 'has the piped user in its target: <Name>' -ForEach @(
        @{ Name = 'an id'; User = 'nobody' }
        @{ Name = 'a row'; User = [pscustomobject]@{ UserId = 'nobody' } }
        @{ Name = 'an identity'; User = @{ UserId = 'nobody' } }
    ) {
        $body = @{ sessionId = '22553876-f5ab-4529-bffb-cfe50aa89f87'; availability = 'Away'; activity = 'Away' }
        $User | Set-MgUserPresence -BodyParameter $body -ErrorAction SilentlyContinue -ErrorVariable failures
        $failures[0].TargetObject.UserId | Should -Be nobody
        $failures[0].TargetObject.body.availability | Should -Be Away
    }

    It 'has no UserId in its target when it came by -InputObject' {
        $target = { Set-MgUserPresence -InputObject @{ UserId = 'nobody' } -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -PassThru
        $target.TargetObject.PSObject.Properties.Name | Should -Be Headers, body
    }

    It 'says in its first line what happened, to whom, and what to do; status, code, request id and date follow, and no header' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.'; headers = @{ 'X-Last' = 'the end' } }
        $failure = Get-Failure
        $lines = $failure.ErrorDetails.Message -split '\r?\n'
        $lines.Count | Should -Be 5
        $lines[0] | Should -BeLike 'Graph refused to set the presence of adele (403 Forbidden: No rights*). The token has Presence.ReadWrite.All: *.'
        $lines[1, 2] | Should -Be 'Status: 403 (Forbidden)', 'ErrorCode: Forbidden'
        $lines[3] | Should -Match '^RequestId: [0-9a-f-]{36}$'
        $lines[4] | Should -Match '^Date: \w{3}, .* GMT$'
        ($failure.Exception.InnerException.Response.Headers | Where-Object Key -EQ x-last).Value | Should -Be 'the end'
    }

    It 'shows its headers with -Debug' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.'; headers = @{ 'X-Last' = 'the end' } }
        Set-MgUserPresence @away -Debug -ErrorAction SilentlyContinue 5>&1 | Out-String | Should -BeLike '*x-last: the end*'
    }

    It 'is six lines in the default view at 80 columns' {
        $fresh = Invoke-Fresh "Import-Module '$ModulePath'; Connect-MgPresence '$($Emulator.token)' -BaseUri $($Emulator.url); Get-MgUserPresence nobody -ErrorAction SilentlyContinue; `$Error[0] | Out-String -Width 80"
        ($fresh.Output -split '\r?\n').Count | Should -BeLessOrEqual 8
        $fresh.Output | Should -BeLike 'Get-MgUserPresence:*Graph refused to read the presence of nobody*'
    }

    It 'shows no secret of -Headers in its target: <Name>' -ForEach @(
        @{ Name = 'Authorization' }, @{ Name = 'Proxy-Authorization' }, @{ Name = 'authorization ' }, @{ Name = 'Cookie' }, @{ Name = 'X-Api-Key' }
    ) {
        $failure = { Get-MgUserPresence nobody -Headers @{ $Name = 'hush-hush'; 'X-Own' = 'mine' } -ErrorAction Stop } | Should -Throw -PassThru
        $failure.TargetObject.Headers[$Name] | Should -Be '[redacted]'
        $failure | Format-List * -Force | Out-String -Width 9999 | Should -Not -BeLike '*hush-hush*'
        $failure.TargetObject | ConvertTo-Json -Depth 5 | Should -Not -BeLike '*hush-hush*'
    }

    It 'shows no secret of -Headers with -Debug: <Name>' -ForEach @(
        @{ Name = 'Cookie'; Value = 'hush-hush' }, @{ Name = 'X-Api-Key'; Value = 'hush-hush' }, @{ Name = 'X-Proof'; Value = 'Bearer hush-hush' }, @{ Name = 'X-Basic'; Value = 'Basic hush-hush' }
    ) {
        $shown = Get-MgUserPresence nobody -Headers @{ $Name = $Value; 'X-Own' = 'mine' } -Debug -ErrorAction Continue *>&1 | Out-String
        $shown | Should -BeLike "*> $($Name): ?redacted?*"
        $shown | Should -BeLike '*> X-Own: mine*'
        $shown | Should -Not -BeLike '*hush-hush*'
    }

    It 'shows no token of -Headers in its target: <Name>' -ForEach @(
        @{ Name = 'one of several values'; Value = @('mine', 'Bearer hush-hush') }, @{ Name = 'the only one of an array'; Value = , 'Bearer hush-hush' }
        @{ Name = 'behind spaces'; Value = '  Bearer hush-hush' }, @{ Name = 'that is a JWT'; Value = 'eyJhbGciOiJub25lIn0.hush-hush.x' }
    ) {
        $failure = { Get-MgUserPresence nobody -Headers @{ 'X-Proof' = $Value; 'X-Own' = 'mine', 'yours' } -ErrorAction Stop } | Should -Throw -PassThru
        $failure.TargetObject.Headers['X-Proof'] | Should -Be '[redacted]'
        $failure.TargetObject.Headers['X-Own'] | Should -Be mine, yours
    }

    # Put together, so that the line of the script, which an error shows, does not have it.
    It 'shows nothing of a value that does not bind: <Name>' -ForEach @(
        @{ Name = 'an object as the token'; Call = { Get-MgUserPresence adele -AccessToken ([pscustomobject]@{ access_token = 'hush-' + 'hush' }) } }
        @{ Name = 'an object as the session''s token'; Call = { Connect-MgPresence -AccessToken ([pscustomobject]@{ access_token = 'hush-' + 'hush' }) } }
        @{ Name = 'a hashtable as the token'; Call = { Connect-MgPresence -AccessToken @{ ('hush-' + 'hush') = 1 } } }
        @{ Name = 'several tokens'; Call = { Connect-MgPresence -AccessToken ('hush-' + 'hush'), 'other' } }
        @{ Name = 'a text as the headers'; Call = { Get-MgUserPresence adele -Headers ('Authorization: hush-' + 'hush') } }
        @{ Name = 'an object as the headers'; Call = { Get-MgUserPresence adele -Headers ([pscustomobject]@{ Cookie = 'hush-' + 'hush' }) } }
        @{ Name = 'an object as the certificate''s password'; Call = { Connect-MgPresence -ClientId a -TenantId b -CertificatePath c -CertificatePassword ([pscustomobject]@{ Value = 'hush-' + 'hush' }) } }
        @{ Name = 'a key as the certificate'; Call = { Connect-MgPresence -ClientId a -TenantId b -Certificate ('hush-' + 'hush') } }
        @{ Name = 'an object as the certificate'; Call = { Connect-MgPresence -ClientId a -TenantId b -Certificate ([pscustomobject]@{ SecretValueText = 'hush-' + 'hush' }) } }
        @{ Name = 'a key as the thumbprint'; Call = { Connect-MgPresence -ClientId a -TenantId b -CertificateThumbprint ('hush-' + 'hush') } }
        @{ Name = 'a key as the subject'; Call = { Connect-MgPresence -ClientId a -TenantId b -CertificateSubjectName ('-----BEGIN PRIVATE KEY-----MII0123456789 hush-' + 'hush') } }
        @{ Name = 'an object as the client secret'; Call = { Connect-MgPresence -TenantId b -ClientSecretCredential ([pscustomobject]@{ UserName = 'a'; Password = 'hush-' + 'hush' }) } }
        @{ Name = 'an object as the proxy''s credential'; Call = { Get-MgUserPresence adele -Proxy http://p -ProxyCredential ([pscustomobject]@{ UserName = 'a'; Password = 'hush-' + 'hush' }) } }
        @{ Name = 'a proxy without a valid port'; Call = { Get-MgUserPresence adele -Proxy ('http://me:hush-' + 'hush@proxy:99999') } }
    ) {
        $failure = $Call | Should -Throw -PassThru
        $failure | Format-List * -Force | Out-String -Width 9999 | Should -Not -BeLike '*hush-hush*'
        for ($reason = $failure.Exception; $reason; $reason = $reason.InnerException) { $reason.Message | Should -Not -BeLike '*hush-hush*' }
    }

    It 'shows a header that is no secret, unless it was refused and may be one' {
        $failure = { Get-MgUserPresence nobody -Headers @{ 'X-Own' = 'mine'; 'X-Proof' = 'Bearer hush' } -ErrorAction Stop } | Should -Throw -PassThru
        $failure.TargetObject.Headers['x-own'], $failure.TargetObject.Headers['X-Proof'] | Should -Be 'mine', '[redacted]'
        $failure = { Get-MgUserPresence nobody -Headers @{ 'Bearer abc' = 'hush'; 'X-Own' = 'mine' } -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'InvalidHeader,*'
        $failure.TargetObject.Headers['Bearer abc'] | Should -Be '[redacted]'
        $failure = { Get-MgUserPresence nobody -Headers @{ 'Autorization' = "hush`0" } -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'InvalidText,*'
        $failure.TargetObject.Headers['Autorization'] | Should -Be '[redacted]'
    }

    It 'may have an empty message' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = '' }
        (Get-Failure).Exception.Message | Should -Be '[Forbidden] : '
    }

    It 'without a code has the name of the status: <Name>' -ForEach @(
        @{ Name = 'HTML'; Fault = @{ status = 500; headers = @{ 'Content-Type' = 'text/html' }; body = '<html>oh no</html>' }; Id = 'InternalServerError'; Status = 500 }
        @{ Name = 'nothing'; Fault = @{ status = 502; body = '' }; Id = 'BadGateway'; Status = 502 }
        @{ Name = 'a list'; Fault = @{ status = 400; body = @(1) }; Id = 'BadRequest'; Status = 400 }
    ) {
        Add-Fault $Fault
        $failure = Get-Failure
        $failure.FullyQualifiedErrorId | Should -Be "$Id,MgPresence.Cmdlets.SetMgUserPresence"
        $failure.ErrorDetails.Message | Should -BeLike "*Status: $Status ($Id)*"
        $failure.Exception.HttpStatus | Should -Be $Status
    }

    It 'shows the service''s text without what would move a terminal' {
        Add-Fault @{ status = 400; code = "Bad`e[31mCode`nX"; message = "msg`e]0;t`a`u{202E}x" }
        Set-MgUserPresence adele -Availability Away -Activity Away -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -Be 'Bad\u{1b}[31mCode X,MgPresence.Cmdlets.SetMgUserPresence'
        $failures[0].Exception.Message | Should -Be '[Bad\u{1b}[31mCode X] : msg\u{1b}]0;t\u{7}\u{202e}x'
        $failures[0].ErrorDetails.Message | Should -Not -Match "[\e\a\u202E]"
    }

    It 'is an error and not the end: the next input is sent' {
        Set-MgUserPresence nobody, adele -Availability Away -Activity Away -ErrorAction SilentlyContinue
        (Get-SentCall).path -replace '.*/users/(\w+)/.*', '$1' | Should -Be nobody, adele
        (Get-MgUserPresence adele).Activity | Should -Be Away
    }

    It 'ends the pipeline with -ErrorAction Stop' {
        { Set-MgUserPresence nobody -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -ErrorId 'Request_ResourceNotFound,*'
    }

    It 'of a delegated token on another user is said in words, and sent once' {
        Connect-Emulator $Emulator.userToken
        try {
            $failure = { Set-MgUserPresence alex -Availability Away -Activity Away -SessionId $AppId -ErrorAction Stop } | Should -Throw -PassThru
            $failure.ErrorDetails.Message | Should -BeLike '*Cannot set the presence of another user*application*'
            @(Get-Sent).Count | Should -Be 1
        }
        finally { Connect-Emulator }
    }
}

Describe 'An error of this module''s own' {
    BeforeEach { Reset-Emulator }

    It 'names user and operation as one of Graph does: <Id>' -ForEach @(
        @{ Id = 'InvalidBody'; UserId = 'adele'; Call = { Set-MgUserPresence adele -BodyParameter 5 -ErrorAction Stop } }
        @{ Id = 'InvalidBody'; UserId = 'adele'; Call = { Set-MgUserPresence @away -AdditionalProperties @{ activity = 'Away' } -ErrorAction Stop } }
        @{ Id = 'InvalidText'; UserId = "a`0b"; Call = { Set-MgUserPresence "a`0b" -Availability Away -Activity Away -ErrorAction Stop } }
        @{ Id = 'InvalidPair'; UserId = 'adele'; Call = { Set-MgUserPresence adele -Availability Busy -Activity Busy -ErrorAction Stop } }
        @{ Id = 'NoCredential'; UserId = 'adele'; Call = { $null = Disconnect-MgPresence; try { Set-MgUserPresence @away -ErrorAction Stop } finally { Connect-Emulator } } }
    ) {
        $failure = $Call | Should -Throw -PassThru -ErrorId "$Id,*"
        $failure.TargetObject.PSObject.Properties.Name | Should -Be UserId, Headers, body
        $failure.TargetObject.UserId | Should -Be $UserId
        $failure.CategoryInfo.Activity | Should -BeLike 'Set-MgUserPresence_Set*'
        Get-Sent | Should -BeNullOrEmpty
    }
}

Describe 'A request that gets no proper answer' {
    BeforeEach { Reset-Emulator }

    It '<Name>' -ForEach @(
        @{ Name = 'fails on garbage'; Kind = 'garbage' }
        @{ Name = 'fails on a connection that is closed'; Kind = 'close' }
        @{ Name = 'fails on half an answer'; Kind = 'half' }
    ) {
        Add-Fault @{ kind = $Kind }
        $failure = { New-MgCommunicationPresence -Id $AdeleId -Availability Away -Activity Away -ErrorAction Stop } | Should -Throw -PassThru
        $failure.CategoryInfo.Category | Should -Be ConnectionError
        $failure.Exception | Should -BeOfType MgPresence.Interop.PresenceException
        @(Get-Sent).Count | Should -Be 1 # creating is never repeated once bytes were sent
    }

    It 'does not follow a redirect elsewhere, and the token stays here' {
        Add-Fault @{ status = 307; headers = @{ Location = 'http://127.0.0.1:9/elsewhere' } }
        $failure = { Set-MgUserPresence @away -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'Redirect,*'
        $failure.ErrorDetails.Message | Should -BeLike '*Status: 307*'
    }

    It 'fails where nobody listens' {
        $url = (Get-MgPresenceContext).BaseUri
        Connect-MgPresence a.b.c -BaseUri http://127.0.0.1:1
        try {
            $failure = { Get-MgUserPresence adele -ErrorAction Stop } | Should -Throw -PassThru -ErrorId 'Connect,*'
            $failure.CategoryInfo.Category | Should -Be ConnectionError
        }
        finally { Connect-Emulator }
    }

    It 'never shows the token, whatever failed' {
        Add-Fault @{ status = 403; code = 'Forbidden'; message = 'No rights.' }
        $failure = Get-Failure
        $secret = $Emulator.token.Split('.')[2]
        $failure | Format-List * -Force | Out-String -Width 9999 | Should -Not -BeLike "*$secret*"
        $failure.Exception | Format-List * -Force | Out-String -Width 9999 | Should -Not -BeLike "*$secret*"
        $failure.Exception.ToString() | Should -Not -BeLike "*$secret*"
    }
}
