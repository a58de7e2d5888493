# The module's own JSON: what it writes is what PowerShell's reader reads, and the other way round.

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $assembly = [MgPresence.Presence].Assembly
    $hidden = [Reflection.BindingFlags] 'NonPublic, Static'
    $write = $assembly.GetType('MgPresence.Json.JsonWriter').GetMethod('Write', $hidden)
    $read = $assembly.GetType('MgPresence.Json.JsonReader').GetMethod('Read', $hidden)
    function Write-Json($Value) { $write.Invoke($null, @(, $Value)) }
    function Read-Json($Text) {
        try { , $read.Invoke($null, @($Text)) } catch { throw $_.Exception.InnerException.InnerException ?? $_.Exception.InnerException }
    }
}

Describe 'JSON writing' {
    It 'writes <Name>' -ForEach @(
        @{ Name = 'null'; Value = $null; Json = 'null' }
        @{ Name = 'true'; Value = $true; Json = 'true' }
        @{ Name = 'a switch as a flag'; Value = [switch] $true; Json = 'true' }
        @{ Name = 'whole numbers'; Value = @(0, -1, [long]::MaxValue, [byte] 7); Json = '[0,-1,9223372036854775807,7]' }
        @{ Name = 'fractions without a culture'; Value = @(1.5, [decimal] 0.1, [float] 0.5); Json = '[1.5,0.1,0.5]' }
        @{ Name = 'text with quotes and backslashes'; Value = 'a"b\c/d'; Json = '"a\"b\\c/d"' }
        @{ Name = 'control characters'; Value = "a`n`t$([char] 1)"; Json = '"a\n\t\u0001"' }
        @{ Name = 'text outside ASCII as it is'; Value = 'Größe 😀'; Json = '"Größe 😀"' }
        @{ Name = 'an apostrophe as it is'; Value = "it's"; Json = '"it''s"' }
        @{ Name = 'a TimeSpan as ISO 8601'; Value = [timespan]::FromMinutes(90); Json = '"PT1H30M"' }
        @{ Name = 'a Guid'; Value = [guid] '22553876-f5ab-4529-bffb-cfe50aa89f87'; Json = '"22553876-f5ab-4529-bffb-cfe50aa89f87"' }
        @{ Name = 'an enum by name'; Value = [DayOfWeek]::Monday; Json = '"Monday"' }
        @{ Name = 'an empty object'; Value = @{}; Json = '{}' }
        @{ Name = 'an empty list'; Value = @(); Json = '[]' }
        @{ Name = '[ordered] in its order'; Value = [ordered]@{ z = 1; a = @{ b = $null } }; Json = '{"z":1,"a":{"b":null}}' }
        @{ Name = 'a PSCustomObject'; Value = [pscustomobject]@{ a = [pscustomobject]@{ b = 'c' } }; Json = '{"a":{"b":"c"}}' }
        @{ Name = 'a value that PowerShell wrapped'; Value = ('text' | Write-Output); Json = '"text"' }
    ) {
        Write-Json $Value | Should -BeExactly $Json
    }

    It 'ends a body that contains itself with a sentence' {
        $loop = @{}
        $loop.self = $loop
        { Write-Json $loop } | Should -Throw '*nested deeper than 32 levels*'
    }
}

Describe 'JSON reading' {
    It 'reads <_> as ConvertFrom-Json does' -ForEach '{"a":1,"b":[true,false,null,-2.5],"c":{"d":"e"}}', '[]', '{}', '"\u0041\n\/\ud83d\ude00"', '[1 , 2]' {
        Write-Json (Read-Json $_) | Should -BeExactly (ConvertTo-Json (ConvertFrom-Json $_ -AsHashtable -NoEnumerate) -Compress -Depth 9)
    }

    It 'keeps the order of members and finds them in any case' {
        $object = Read-Json '{"zeta":1,"Alpha":2}'
        $object.Keys | Should -Be 'zeta', 'Alpha'
        $object.ALPHA | Should -Be 2
    }

    It 'refuses <_>' -ForEach '', '{', '{"a"}', '{"a":1,}', '[1 2]', 'nul', '"open', '"a`nb', '01x', '{} {}', '"\x"', '-', '1e', '007', '1.', '+5', '{"a":.5}', ('[' * 100) {
        { Read-Json $_ } | Should -Throw
    }

    It 'reads <Name> and writes it again as it was' -ForEach @(
        @{ Name = '100 levels'; Json = '[' * 100 + ']' * 100 }
        @{ Name = '100,000 levels, without overflowing the stack'; Json = '{"a":' * 100000 + '"]}"' + '}' * 100000 }
        @{ Name = 'a number that is too large for a double'; Json = '{"a":1e400,"b":-1e400}' }
    ) {
        Write-Json (Read-Json $Json) | Should -BeExactly $Json
    }

    It 'reads half a surrogate pair' {
        [int] (Read-Json '"\ud800"')[0] | Should -Be 0xD800
    }
}
