<#
.SYNOPSIS
    Writes the module's help file from its sources.
.DESCRIPTION
    A parameter is described where it is declared, by the comment on its property in module/src/Cmdlets. A cmdlet is described in
    module/src/Help: one page serves its user, communication and beta names. Sets, types and positions come from PowerShell itself. The
    file is committed, so that a build does not need PowerShell; a test compares it with its sources.
.PARAMETER OutputPath
    The help file.
#>
[CmdletBinding()]
param([string] $OutputPath = "$PSScriptRoot/../MgPresence/en-US/MgPresence.dll-Help.xml")

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../MgPresence/MgPresence.psd1"
$common = @([Management.Automation.Cmdlet]::CommonParameters) + 'UseTransaction'
$comments = @{}
foreach ($member in ([xml](Get-Content "$PSScriptRoot/../src/obj/MgPresence.xml" -Raw)).doc.members.member) {
    if ($member.SelectSingleNode('summary')) { $comments[$member.name] = $member.SelectSingleNode('summary').InnerText.Trim() -replace '\s+', ' ' }
}

function ConvertTo-MamlText([string] $Text) { [Security.SecurityElement]::Escape($Text) }
function Format-Para([string] $Text) { ($Text.Trim() -split '(?:\r?\n){2,}' | ForEach-Object { "<maml:para>$(ConvertTo-MamlText ($_ -replace '\s*\r?\n\s*', ' '))</maml:para>" }) -join '' }

# A page: synopsis, sections by title, examples with title, code and remarks.
function Read-Page([string] $Path) {
    $text = Get-Content $Path -Raw
    $sections = [regex]::Split($text, '(?m)^## ')
    $page = @{ Synopsis = ($sections[0] -replace '(?s)^# [^\n]*\n').Trim(); Permissions = ''; Examples = @(); Links = @() }
    foreach ($section in $sections[1..($sections.Count - 1)]) {
        $title, $body = $section -split '\r?\n', 2
        switch ($title) {
            'Examples' {
                $page.Examples = foreach ($match in [regex]::Matches($body, '(?s)### ([^\n]*)\n+```powershell\n(.*?)\n```\n(.*?)(?=\n### |\z)')) {
                    @{ Title = $match.Groups[1].Value; Code = $match.Groups[2].Value; Remarks = $match.Groups[3].Value.Trim() }
                }
            }
            'Links' { $page.Links = [regex]::Matches($body, '(?m)^- <?([^>\r\n]+)>?') | ForEach-Object { $_.Groups[1].Value } }
            default { $page[$title] = $body.Trim() }
        }
    }
    $page
}

# The comment on the property, where it is declared.
function Get-ParameterText($Command, [string] $Name) {
    for ($type = $Command.ImplementingType; $type; $type = $type.BaseType) {
        $text = $comments["P:$($type.FullName).$Name"]
        if ($text) { return $text }
    }
    switch ($Name) {
        'WhatIf' { 'Shows what would happen. Nothing is sent.' }
        'Confirm' { 'Asks for confirmation before anything is sent.' }
    }
}

function Format-Type([type] $Type) { $Type.Namespace -eq 'MgPresence' ? $Type.FullName : $Type.Name }

function Format-Parameter($Command, $Parameter, $Set, [switch] $InSyntax) {
    $pipeline = @(if ($Set.ValueFromPipeline) { 'ByValue' }; if ($Set.ValueFromPipelineByPropertyName) { 'ByPropertyName' }) -join ', '
    $required, $position = "$($Set.IsMandatory)".ToLower(), ($Set.Position -ge 0 ? $Set.Position : 'named')
    $type = Format-Type $Parameter.ParameterType
    $value = $Parameter.ParameterType -eq [switch] ? '' : "<command:parameterValue required=""true"">$type</command:parameterValue>"
    if ($InSyntax) { return "<command:parameter required=""$required"" position=""$position""><maml:name>$($Parameter.Name)</maml:name>$value</command:parameter>" }
    $aliases = $Parameter.Aliases.Count ? $Parameter.Aliases -join ', ' : 'none'
    $attributes = "required=""$required"" position=""$position"" globbing=""false"" pipelineInput=""$($pipeline ? "True ($pipeline)" : 'False')"" aliases=""$aliases"""
    "<command:parameter $attributes><maml:name>$($Parameter.Name)</maml:name><maml:description>$(Format-Para (Get-ParameterText $Command $Parameter.Name))</maml:description>$value<dev:type><maml:name>$type</maml:name></dev:type></command:parameter>"
}

function Format-Help($Command, $Page, [scriptblock] $Rename) {
    $visible = @($Command.Parameters.Values | Where-Object { $_.Name -notin $common -and -not ($_.Attributes | Where-Object { $_ -is [Parameter] -and $_.DontShow }) })
    $names = @($visible | ForEach-Object Name)
    $syntax = foreach ($set in $Command.ParameterSets | Sort-Object { -not $_.IsDefault }, Name) {
        $inSet = $set.Parameters | Where-Object Name -In $names | Sort-Object { $_.Position -lt 0 }, { -not $_.IsMandatory } -Stable
        $parameters = foreach ($parameter in $inSet) { Format-Parameter -Command $Command -Parameter $Command.Parameters[$parameter.Name] -Set $parameter -InSyntax }
        "<command:syntaxItem><maml:name>$($Command.Name)</maml:name>$($parameters -join '')</command:syntaxItem>"
    }
    $parameters = foreach ($parameter in $visible | Sort-Object Name) {
        $set = $parameter.ParameterSets.Values | Sort-Object { -not $_.ValueFromPipeline } | Select-Object -First 1
        Format-Parameter -Command $Command -Parameter $parameter -Set $set
    }
    $description = $Page.Description
    if ($Page.Permissions) { $description += "`n`nPermissions. $($Page.Permissions)" }
    if ($Command.Name -like '*-MgBeta*') { $description += "`n`nThis cmdlet uses Graph's beta version, which Microsoft does not support in production." }
    $number = 0
    $examples = foreach ($example in $Page.Examples) {
        $number++
        "<command:example><maml:title>Example $number`: $(ConvertTo-MamlText $example.Title)</maml:title><dev:code>$(ConvertTo-MamlText (& $Rename $example.Code))</dev:code><dev:remarks>$(Format-Para $example.Remarks)</dev:remarks></command:example>"
    }
    $links = foreach ($link in $Page.Links) {
        $isUri = $link -like 'http*'
        "<maml:navigationLink><maml:linkText>$($isUri ? 'Microsoft Graph' : (& $Rename $link))</maml:linkText><maml:uri>$($isUri ? $link : '')</maml:uri></maml:navigationLink>"
    }
    $inputs = $visible | Where-Object { ($_.ParameterSets.Values | Where-Object ValueFromPipeline) } | ForEach-Object {
        "<command:inputType><dev:type><maml:name>$(Format-Type $_.ParameterType)</maml:name></dev:type><maml:description>$(Format-Para (Get-ParameterText $Command $_.Name))</maml:description></command:inputType>"
    }
    $outputs = $Command.OutputType.Type | Where-Object { $_ -ne [void] } | ForEach-Object {
        "<command:returnValue><dev:type><maml:name>$(Format-Type $_)</maml:name></dev:type></command:returnValue>"
    }
    $verb, $noun = $Command.Name -split '-', 2
@"
<command:command><command:details><command:name>$($Command.Name)</command:name><maml:description>$(Format-Para (& $Rename $Page.Synopsis))</maml:description><command:verb>$verb</command:verb><command:noun>$noun</command:noun></command:details>
<maml:description>$(Format-Para (& $Rename $description))</maml:description>
<command:syntax>$($syntax -join '')</command:syntax>
<command:parameters>$($parameters -join "`n")</command:parameters>
<command:inputTypes>$($inputs -join '')</command:inputTypes>
<command:returnValues>$($outputs -join '')</command:returnValues>
<command:examples>$($examples -join "`n")</command:examples>
<command:relatedLinks>$($links -join '')</command:relatedLinks></command:command>
"@
}

# A page serves the name that it has, and the communication and beta names of the same operation that have no page of their own.
$pages = @{}
Get-ChildItem "$PSScriptRoot/../src/Help/*.md" | ForEach-Object { $pages[$_.BaseName] = Read-Page $_.FullName }
$commands = foreach ($command in Get-Command -Module MgPresence | Sort-Object Name) {
    $stable = $command.Name -replace '-MgBeta', '-Mg'
    $own = $pages.ContainsKey($stable) ? $stable : ($stable -replace '-MgCommunication', '-MgUser')
    $toCommunication, $toBeta = ($own -ne $stable), ($command.Name -ne $stable)
    $rename = {
        param($text)
        if ($toCommunication) { $text = $text -replace '-MgUserPresence', '-MgCommunicationPresence' -creplace '-UserId\b', '-PresenceId' -creplace 'AdeleV@contoso\.example', 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3' -creplace 'AlexW@contoso\.example', '66825e03-7ef5-42da-9069-724602c31f6b' }
        if ($toBeta) { $text = $text -replace '-Mg(User|Communication)Presence', '-MgBeta$1Presence' }
        $text
    }
    Format-Help -Command $command -Page $pages[$own] -Rename $rename
}

@"
<?xml version="1.0" encoding="utf-8"?>
<helpItems schema="maml" xmlns="http://msh" xmlns:maml="http://schemas.microsoft.com/maml/2004/10" xmlns:command="http://schemas.microsoft.com/maml/dev/command/2004/10" xmlns:dev="http://schemas.microsoft.com/maml/dev/2004/10">
<!-- Written by module/tools/Build-Help.ps1. -->
$($commands -join "`n")
</helpItems>
"@ -replace '\r' | Set-Content $OutputPath -Encoding utf8NoBOM
