# Connect-MgPresence: every way to sign in sets a presence, and says in Entra's words why it cannot.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    . "$PSScriptRoot/SignIn.ps1"
    Start-Emulator -User adele, alex -NoConnect
    $certificate = New-Certificate
    $lab = Get-Lab
    $signIn = @{ Environment = $lab; TenantId = $TenantId }
}
AfterAll {
    Stop-Emulator
}

Describe 'An application' {
    BeforeEach {
        Reset-Emulator
        Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
        if (Get-MgPresenceContext) { $null = Disconnect-MgPresence }
    }

    It 'signs in with a client secret' {
        Connect-MgPresence @signIn -ClientSecretCredential (New-ClientSecretCredential) | Should -BeNullOrEmpty
        Set-MgUserPresence adele -Availability Busy -Activity InACall
        (Get-MgUserPresence adele).Activity | Should -Be InACall
        $context = Get-MgPresenceContext
        $context.AuthType, $context.TokenCredentialType, $context.ClientId, $context.TenantId, $context.Environment | Should -Be AppOnly, ClientSecret, $AppId, $TenantId, Lab
        $context.Scopes | Should -Contain Presence.ReadWrite.All
        $context.ExpiresOn | Should -BeGreaterThan ([datetime]::UtcNow)
    }

    It 'signs in with <Name>' -ForEach @(
        @{ Name = 'an X509Certificate2'; With = { @{ Certificate = $certificate } } }
        @{ Name = 'an X509Certificate2 and its chain'; With = { @{ Certificate = $certificate; SendCertificateChain = $true } } }
        @{ Name = 'a PFX file'; With = { [IO.File]::WriteAllBytes("$TestDrive/a.pfx", $certificate.Export('Pfx')); @{ CertificatePath = "$TestDrive/a.pfx" } } }
        @{ Name = 'a PFX file with a password'; With = { [IO.File]::WriteAllBytes("$TestDrive/b.pfx", $certificate.Export('Pfx', 'p4ss')); @{ CertificatePath = "$TestDrive/b.pfx"; CertificatePassword = New-Secret p4ss } } }
        @{ Name = 'a PEM file'; With = { Set-Content "$TestDrive/c.pem" ($certificate.ExportCertificatePem() + "`n" + $certificate.PrivateKey.ExportPkcs8PrivateKeyPem()); @{ CertificatePath = "$TestDrive/c.pem" } } }
    ) {
        $with = & $With
        Connect-MgPresence @signIn -ClientId certified @with
        Set-MgUserPresence adele -SessionId certified -Availability Busy -Activity InACall
        (Get-MgUserPresence adele).Activity | Should -Be InACall
        (Get-MgPresenceContext).AuthType | Should -Be AppOnly
    }

    It 'is told what Entra says: <Name>' -ForEach @(
        @{ Name = 'a wrong secret'; Code = 'AADSTS7000215'; With = { @{ ClientSecretCredential = New-ClientSecretCredential -Secret wrong } } }
        @{ Name = 'an unknown application'; Code = 'AADSTS700016'; With = { @{ ClientSecretCredential = New-ClientSecretCredential -ClientId 00000000-0000-0000-0000-000000000001 } } }
        @{ Name = 'a certificate that is not registered'; Code = 'AADSTS700027'; With = { @{ ClientId = 'certified'; Certificate = New-Certificate } } }
    ) {
        $with = & $With
        $failure = { Connect-MgPresence @signIn @with } | Should -Throw -PassThru -ErrorId "$Code,MgPresence.Cmdlets.ConnectMgPresence"
        $failure.Exception.Message | Should -BeLike "*$Code*"
        $failure.ErrorDetails.Message | Should -BeLike "*ErrorCode: $Code*RequestId: *"
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*learn.microsoft.com/entra*'
        $failure.CategoryInfo.Category | Should -Be AuthenticationError
        $failure.TargetObject | Should -BeNullOrEmpty
        Get-MgPresenceContext | Should -BeNullOrEmpty
    }

    It 'shows no secret that was given in place of an id: <Name>' -ForEach @(
        @{ Name = 'client id and secret exchanged'; Tenant = 'contoso.example'; ClientId = 'hush~8Q~hush' }
        @{ Name = 'the secret as the tenant'; Tenant = 'hush~8Q~hush'; ClientId = 'certified' }
    ) {
        $failure = { Connect-MgPresence -Environment $lab -TenantId $Tenant -ClientSecretCredential (New-ClientSecretCredential $ClientId) } | Should -Throw -PassThru -ErrorId 'Option,*'
        $failure.ErrorDetails.Message | Should -BeLike '*is not an id*'
        $failure | Format-List * -Force | Out-String -Width 9999 | Should -Not -BeLike '*8Q~*'
    }

    It 'is told of an unknown tenant' {
        { Connect-MgPresence -Environment $lab -TenantId nowhere.example -ClientSecretCredential (New-ClientSecretCredential) } | Should -Throw -ErrorId 'AADSTS90002,*'
    }

    It 'is told that its certificate was disposed of' {
        $gone = New-Certificate
        $gone.Dispose()
        { Connect-MgPresence @signIn -ClientId certified -Certificate $gone } | Should -Throw '*was disposed of*' -ErrorId 'Option,*'
    }

    It 'is refused an EC certificate, with the reason and before anything is sent' {
        $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve+NamedCurves]::nistP256)
        $ec = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=ec', $key, 'SHA256').CreateSelfSigned([DateTimeOffset]::UtcNow, [DateTimeOffset]::UtcNow.AddDays(1))
        $failure = { Connect-MgPresence @signIn -ClientId certified -Certificate $ec } | Should -Throw -PassThru -ErrorId 'Certificate,*'
        $failure.Exception.Message | Should -BeLike '*RSA*'
        Get-SignIn | Should -BeNullOrEmpty
    }

    It 'is told of parameters and not of the library''s options: <Says>' -ForEach @(
        @{ Says = '*Give -CertificatePassword.'; With = @{} }
        @{ Says = '*Check -CertificatePassword.'; With = @{ CertificatePassword = 'wrong' } }
    ) {
        $file = "$TestDrive/$([guid]::NewGuid()).pfx"
        [IO.File]::WriteAllBytes($file, (New-Certificate).Export('Pfx', 'right'))
        $password = if ($With.Count) { @{ CertificatePassword = New-Secret $With.CertificatePassword } } else { @{} }
        try { Connect-MgPresence -Environment (Get-Lab) -TenantId $TenantId -ClientId certified -CertificatePath $file @password }
        catch { "$_" | Should -BeLike $Says; return }
        throw 'It signed in'
    }

    It 'is told where the value comes from: <Says>' -ForEach @(
        @{ Says = '*Check the user name of -ClientSecretCredential, and that the application exists*'; ClientId = '00000000-0000-0000-0000-000000000001'; Secret = 's' }
        @{ Says = 'The user name of -ClientSecretCredential is not an id*'; ClientId = 'a b'; Secret = 's' }
        @{ Says = 'The password of -ClientSecretCredential is missing*'; ClientId = 'a'; Secret = '' }
    ) {
        $credential = [pscredential]::new($ClientId, ($Secret ? (New-Secret $Secret) : [securestring]::new()))
        $failure = { Connect-MgPresence @signIn -ClientSecretCredential $credential } | Should -Throw -PassThru
        $failure.ErrorDetails.Message | Should -BeLike $Says
    }

    It 'signs in once for many requests and runspaces' {
        $context = Connect-MgPresence @signIn -ClientSecretCredential (New-ClientSecretCredential) -PassThru
        1..20 | ForEach-Object -ThrottleLimit 4 -Parallel { Import-Module $using:ModulePath; Get-MgUserPresence adele -Context $using:context } | Should -HaveCount 20
        Get-SignIn | ForEach-Object issued | Should -Be 1
    }
}

Describe 'A certificate in a store' -Skip:$IsWindows {
    # A home of its own, since the store of .NET is in the user's: the script puts the certificate there and signs in with it.
    BeforeAll {
        $pfx = "$TestDrive/store.pfx"
        [IO.File]::WriteAllBytes($pfx, $certificate.Export('Pfx', 'p'))
        function Invoke-WithStore([string] $Script) {
            Invoke-WithEnvironment @{ HOME = (New-Item "$TestDrive/$([guid]::NewGuid())" -ItemType Directory).FullName } {
                Invoke-Fresh @"
                    `$ErrorActionPreference = 'Stop'
                    Import-Module '$ModulePath'
                    $(Get-StoreScript $pfx)
                    `$signIn = @{ Environment = @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' }; TenantId = '$TenantId'; ClientId = 'certified' }
                    try { $Script } catch { "failed: `$_" }
"@
            }
        }
    }
    BeforeEach {
        Reset-Emulator
        Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
    }

    It 'signs in by <Name>' -ForEach @(
        @{ Name = 'thumbprint'; With = { "-CertificateThumbprint $($certificate.Thumbprint)" } }
        @{ Name = 'thumbprint as Windows shows it'; With = { "-CertificateThumbprint '$([char] 0x200E)$($certificate.Thumbprint.ToLower() -replace '(..)', '$1 ')'" } }
        @{ Name = 'subject'; With = { '-CertificateSubjectName CN=mgpresence-test' } }
        @{ Name = 'common name'; With = { '-CertificateName MgPresence-Test' } }
    ) {
        $fresh = Invoke-WithStore "Connect-MgPresence @signIn $(& $With); Set-MgUserPresence adele -SessionId certified -Availability Away -Activity Away -PassThru; (Get-MgPresenceContext).CertificateThumbprint"
        $fresh.Error | Should -BeNullOrEmpty
        $fresh.Output -split '\s+' | Should -Be True, $certificate.Thumbprint
    }

    It 'that <Name> is named, with what to do' -ForEach @(
        @{ Name = 'is not there'; With = { '-CertificateSubjectName CN=nobody' }; Says = 'failed: There is no certificate with the subject CN=nobody in Cert:*-CertificatePath.' }
        @{ Name = 'has no thumbprint of 40 digits'; With = { '-CertificateThumbprint 12AB' }; Says = 'failed: -CertificateThumbprint has 4 hexadecimal digits. A thumbprint has 40.' }
        @{ Name = 'nothing names'; With = { '' }; Says = 'failed: -ClientId alone does not say*-CertificateThumbprint*' }
    ) {
        $line = (& $With) ? "Connect-MgPresence @signIn $(& $With)" : 'Connect-MgPresence @signIn -SendCertificateChain $false'
        (Invoke-WithStore $line).Output | Should -BeLike $Says
        Get-SignIn | Should -BeNullOrEmpty
    }
}

Describe 'A managed identity' {
    BeforeEach { Reset-Emulator }
    AfterEach { 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER' | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore } }

    It 'signs in from App Service' {
        $env:IDENTITY_ENDPOINT, $env:IDENTITY_HEADER = $Emulator.identityEndpoint, $Emulator.identityHeader
        Connect-MgPresence -Identity -Environment $lab
        Set-MgUserPresence adele -Availability Away -Activity Away -PassThru | Should -BeTrue
        (Get-MgPresenceContext).AuthType | Should -Be ManagedIdentity
    }

    It 'that the user assigned signs in by its client id' {
        $env:IDENTITY_ENDPOINT, $env:IDENTITY_HEADER = $Emulator.identityEndpoint, $Emulator.identityHeader
        Register-Application assigned @{ isManagedIdentity = $true }
        Connect-MgPresence -MSI -ClientId assigned -Environment $lab
        $context = Get-MgPresenceContext
        $context.ClientId, $context.ManagedIdentityId | Should -Be assigned, assigned
        Set-MgUserPresence adele -Availability Away -Activity Away -PassThru | Should -BeTrue
    }
}

Describe 'The variables of the environment' {
    BeforeEach {
        Reset-Emulator
        $env:AZURE_TENANT_ID, $env:AZURE_CLIENT_ID = $TenantId, $AppId
    }
    AfterEach { Get-ChildItem env:AZURE_* | Remove-Item }

    It 'sign in with <Name>' -ForEach @(
        @{ Name = 'a secret'; Set = { $env:AZURE_CLIENT_SECRET = 'emulator-client-secret' } }
        @{ Name = 'a certificate'; Set = {
                Register-Application certified @{ certificates = @($certificate.ExportCertificatePem()) }
                Set-Content "$TestDrive/env.pem" ($certificate.ExportCertificatePem() + "`n" + $certificate.PrivateKey.ExportPkcs8PrivateKeyPem())
                $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_CERTIFICATE_PATH = 'certified', "$TestDrive/env.pem"
            } }
    ) {
        & $Set
        Connect-MgPresence -EnvironmentVariable -Environment $lab
        Set-MgUserPresence adele -SessionId $env:AZURE_CLIENT_ID -Availability Away -Activity Away -PassThru | Should -BeTrue
        (Get-MgPresenceContext).AuthType | Should -Be EnvironmentVariable
    }

    It 'are named when one is wrong' {
        $env:AZURE_CLIENT_ID, $env:AZURE_CLIENT_SECRET = '00000000-0000-0000-0000-000000000001', 's'
        $failure = { Connect-MgPresence -EnvironmentVariable -Environment $lab } | Should -Throw -PassThru
        $failure.ErrorDetails.Message | Should -BeLike '*Check AZURE_CLIENT_ID, and that*'
    }

    It 'that PowerShell has removed are not used, if the process began with them' {
        $variables = @{ AZURE_TENANT_ID = $TenantId; AZURE_CLIENT_ID = $AppId; AZURE_CLIENT_SECRET = 'emulator-client-secret' }
        (Invoke-WithEnvironment $variables { Invoke-Fresh @"
            Import-Module '$ModulePath'
            Get-ChildItem env: | Where-Object Name -Match '^(AZURE|IDENTITY|IMDS|MSI|ACTIONS)_' | Remove-Item
            try { Connect-MgPresence -EnvironmentVariable -Environment @{ Name = 'Lab'; GraphEndpoint = '$($Emulator.url)'; AzureADEndpoint = '$($Emulator.url)' } } catch { "`$_" }
"@
        }).Output | Should -BeLike '*AZURE_TENANT_ID is not set*'
    }

    It 'that are missing are named' {
        Remove-Item env:AZURE_CLIENT_ID
        { Connect-MgPresence -EnvironmentVariable -Environment $lab } | Should -Throw '*AZURE_CLIENT_ID*'
    }
}

Describe 'A workload of another identity provider' {
    BeforeAll {
        $trust = @{ issuer = 'https://ci.example'; subject = 'job'; audience = 'api://AzureADTokenExchange' }
        function New-Assertion { (Invoke-Control POST assertions $trust).assertion }
    }
    BeforeEach {
        Reset-Emulator
        Register-Application workload @{ federatedCredentials = @($trust) }
    }
    AfterEach { 'ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN' | ForEach-Object { Remove-Item "env:$_" -ErrorAction Ignore } }

    It 'signs in with <Name>' -ForEach @(
        @{ Name = 'a token as text'; With = { @{ FederatedToken = New-Assertion } } }
        @{ Name = 'a token as a SecureString'; With = { @{ FederatedToken = New-Secret (New-Assertion) } } }
        @{ Name = 'a script block'; With = { @{ FederatedToken = { New-Assertion } } } }
        @{ Name = 'a script block that returns a SecureString'; With = { @{ FederatedToken = { New-Secret (New-Assertion) } } } }
        @{ Name = 'a file'; With = { Set-Content "$TestDrive/token" (New-Assertion); @{ FederatedTokenFile = "$TestDrive/token" } } }
    ) {
        $with = & $With
        Connect-MgPresence @signIn -ClientId workload @with
        Set-MgUserPresence adele -SessionId workload -Availability Away -Activity Away -PassThru | Should -BeTrue
        (Get-MgPresenceContext).TokenCredentialType | Should -Be ClientAssertion
    }

    It 'signs in with the token of a GitHub Actions job' {
        $env:ACTIONS_ID_TOKEN_REQUEST_URL, $env:ACTIONS_ID_TOKEN_REQUEST_TOKEN = $Emulator.actionsTokenUrl, $Emulator.actionsToken
        $claims = (Invoke-RestMethod $Emulator.actionsTokenUrl -Headers @{ Authorization = "Bearer $($Emulator.actionsToken)" }).value.Split('.')[1]
        $claims = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($claims.Replace('-', '+').Replace('_', '/').PadRight([Math]::Ceiling($claims.Length / 4) * 4, '='))) | ConvertFrom-Json
        Register-Application workflow @{ federatedCredentials = @(@{ issuer = $claims.iss; subject = $claims.sub; audience = 'api://AzureADTokenExchange' }) }
        Connect-MgPresence @signIn -ClientId workflow -GitHubActions
        Set-MgUserPresence adele -SessionId workflow -Availability Away -Activity Away -PassThru | Should -BeTrue
    }

    It 'is told what its script block said: <Name>' -ForEach @(
        @{ Name = 'an error'; Script = { throw 'the vault is sealed' }; Says = '*the vault is sealed*' }
        @{ Name = 'nothing'; Script = { }; Says = '*returned no token*' }
        @{ Name = 'a token that is none'; Script = { 'nonsense' }; Says = '*AADSTS*' }
    ) {
        { Connect-MgPresence @signIn -ClientId workload -FederatedToken $Script } | Should -Throw -ExpectedMessage $Says
    }

    It 'is taken from a file with a byte order mark' {
        [IO.File]::WriteAllText("$TestDrive/marked", (Invoke-Control POST assertions $trust).assertion, [Text.UTF8Encoding]::new($true))
        Connect-MgPresence @signIn -ClientId workload -FederatedTokenFile "$TestDrive/marked"
        Get-MgUserPresence adele -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'says why the script block ended under $ErrorActionPreference Stop' {
        { & { $ErrorActionPreference = 'Stop'; Connect-MgPresence @signIn -ClientId workload -FederatedToken { Get-Content /no/such/file } } } |
            Should -Throw "The credential provided no token: Cannot find path '/no/such/file'*"
    }

    It 'is refused another kind of token' {
        { Connect-MgPresence @signIn -ClientId workload -FederatedToken 5 } | Should -Throw '*SecureString, text, or a script block*'
    }
}
