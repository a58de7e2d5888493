# What the other scripts begin with.
$token = ConvertTo-SecureString $env:MGP_TOKEN -AsPlainText -Force
