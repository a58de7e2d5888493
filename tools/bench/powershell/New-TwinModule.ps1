<#
    Makes a module with the surface of ours and nothing behind it: the same cmdlets, parameters, sets, aliases and outputs, the
    same manifest, views and types, but empty bodies. What it costs is what PowerShell takes for such a module.
    Types and attributes of our own become `object` and nothing.

        New-TwinModule.ps1 -From module/MgPresence -To target/bench/twin      writes C# and a project; dotnet build makes the module
#>
param(
    [Parameter(Mandatory)] [string] $From,
    [Parameter(Mandatory)] [string] $To
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# The C# name of a type; one of our own is an object.
function Get-TypeName([type] $Type) {
    if ($Type -eq [void]) { return 'void' }
    if ($Type.IsArray) { return "$(Get-TypeName $Type.GetElementType())[]" }
    if ($Type.IsGenericType) {
        $arguments = @($Type.GetGenericArguments() | ForEach-Object { Get-TypeName $_ })
        if ($arguments -contains 'object' -and $Type.Name -eq 'Nullable`1') { return 'object' }
        return "global::$($Type.GetGenericTypeDefinition().FullName -replace '`.*')<$($arguments -join ', ')>"
    }
    if ($Type.Assembly -eq $script:Own -or $Type -eq [object]) { 'object' } else { "global::$($Type.FullName -replace '\+', '.')" }
}

# An argument of an attribute, as C# writes it.
function Get-Literal($Argument) {
    $value = $Argument.Value
    if ($null -eq $value) { return 'null' }
    if ($Argument.ArgumentType.IsArray) {
        $items = @($value | ForEach-Object { Get-Literal $_ })
        return "new $(Get-TypeName $Argument.ArgumentType) { $($items -join ', ') }"
    }
    if ($Argument.ArgumentType.IsEnum) { return "($(Get-TypeName $Argument.ArgumentType))$value" }
    switch ($value) {
        { $_ -is [string] } { return '@"' + ($value -replace '"', '""') + '"' }
        { $_ -is [bool] } { return "$value".ToLowerInvariant() }
        { $_ -is [type] } { return "typeof($(Get-TypeName $value))" }
        default { return [string]::Format([cultureinfo]::InvariantCulture, '{0:R}', $value) }
    }
}

# The attributes of a cmdlet or a parameter that PowerShell looks at, but for completers, whose types are ours.
function Get-Attribute([Reflection.MemberInfo] $Member) {
    foreach ($attribute in $Member.GetCustomAttributesData()) {
        $type = $attribute.AttributeType
        if ($type.Namespace -ne 'System.Management.Automation' -or $type.Name -eq 'ArgumentCompleterAttribute') { continue }
        $arguments = @($attribute.ConstructorArguments | ForEach-Object { Get-Literal $_ })
        $arguments += @($attribute.NamedArguments | ForEach-Object { "$($_.MemberName) = $(Get-Literal $_.TypedValue)" })
        "[global::$($type.FullName)($($arguments -join ', '))]"
    }
}

function Get-Parameter([type] $Cmdlet) {
    $flags = [Reflection.BindingFlags]'Public, Instance, FlattenHierarchy'
    foreach ($property in $Cmdlet.GetProperties($flags)) {
        $isParameter = @($property.GetCustomAttributesData() | Where-Object { $_.AttributeType.Name -eq 'ParameterAttribute' })
        if ($isParameter) {
            '    ' + (@(Get-Attribute $property) -join ' ')
            "    public $(Get-TypeName $property.PropertyType) $($property.Name) { get; set; }"
        }
    }
}

Import-Module $From
$cmdlets = @((Get-Module MgPresence).ExportedCmdlets.Values)
$script:Own = $cmdlets[0].ImplementingType.Assembly
$source = foreach ($cmdlet in $cmdlets) {
    $type = $cmdlet.ImplementingType
    (@(Get-Attribute $type) -join ' ')
    "public sealed class $($type.Name) : global::System.Management.Automation.PSCmdlet"
    '{'
    Get-Parameter $type
    '}'
}

$null = New-Item -ItemType Directory -Force "$To/src", "$To/MgPresence"
@('namespace Twin;') + $source | Set-Content "$To/src/Twin.cs"
Copy-Item "$From/*.ps*1*" "$To/MgPresence"
@'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <AssemblyName>MgPresence</AssemblyName>
    <LangVersion>latest</LangVersion>
    <DebugType>none</DebugType>
    <GenerateDependencyFile>false</GenerateDependencyFile>
    <AppendTargetFrameworkToOutputPath>false</AppendTargetFrameworkToOutputPath>
    <OutputPath>../MgPresence/bin/</OutputPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="PowerShellStandard.Library" Version="5.1.0-preview-06" PrivateAssets="all" />
  </ItemGroup>
</Project>
'@ | Set-Content "$To/src/Twin.csproj"
