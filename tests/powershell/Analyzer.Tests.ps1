# PSScriptAnalyzer's default rules, on every script that is shipped or shown.

BeforeDiscovery {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $scripts = Get-ChildItem "$root/module", "$root/examples/powershell", "$root/tests/powershell" -Recurse -Include *.ps1, *.psm1, *.psd1 |
        Where-Object FullName -NotMatch '[\\/](bin|obj)[\\/]' | ForEach-Object { $_.FullName.Substring($root.Length + 1) }
    $isMissing = -not (Get-Module -ListAvailable PSScriptAnalyzer)
}

BeforeAll {
    . "$PSScriptRoot/Common.ps1"
    $notForTests = @(
        'PSUseDeclaredVarsMoreThanAssignments', 'PSReviewUnusedParameter' # Pester's blocks share variables, which the analyzer cannot see
        'PSAvoidUsingConvertToSecureStringWithPlainText' # the tokens are an emulator's
        'PSUseShouldProcessForStateChangingFunctions', 'PSAvoidUsingPositionalParameters' # helpers of one file
        'PSUseBOMForUnicodeEncodedFile' # Windows PowerShell runs none of this
        'PSAvoidUsingInvokeExpression' # how the examples of the help are run
        'PSAvoidGlobalVars' # -ResponseHeadersVariable sets one
        'PSAvoidUsingEmptyCatchBlock' # an abbreviation that does not resolve is an answer
    )
}

Describe 'PSScriptAnalyzer' {
    It 'finds nothing in <_>' -ForEach $scripts -Skip:$isMissing {
        $exclude = $_ -like 'tests*' ? $notForTests : @()
        $found = Invoke-ScriptAnalyzer "$RepositoryRoot/$_" -ExcludeRule $exclude
        $found | ForEach-Object { "$($_.RuleName) at line $($_.Line): $($_.Message)" } | Should -BeNullOrEmpty
    }
}
