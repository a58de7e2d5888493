# The first lines of the README: an emulator of Graph on this machine, and a presence that is set and read.

Import-Module MgPresence
Start-MgPresenceEmulator -Connect

Set-MgUserPresence -UserId adele -Availability Busy -Activity InACall -ExpirationDuration PT1H
Get-MgUserPresence -UserId adele
