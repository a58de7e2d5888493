<#
    The operations on one user's presence, for every test that runs through all of them: a new operation gets a row here. Verb, what
    follows Mg(Beta)(User|Communication)Presence in the cmdlet's name, arguments beside the user, method, what follows the presence's
    path, and the body that these arguments give.
#>
$appId = '22553876-f5ab-4529-bffb-cfe50aa89f87' # the application of the emulator's tokens
$note = @{ message = @{ content = 'Back at two'; contentType = 'text' } }
@{ Verb = 'Set'; Noun = ''; Extra = @{ Availability = 'Away'; Activity = 'Away' }; Method = 'POST'; Path = '/setPresence'; Body = @{ availability = 'Away'; activity = 'Away'; sessionId = $appId } }
@{ Verb = 'Set'; Noun = 'UserPreferredPresence'; Extra = @{ Availability = 'Offline'; Activity = 'OffWork'; ExpirationDuration = 'PT8H' }; Method = 'POST'; Path = '/setUserPreferredPresence'; Body = @{ availability = 'Offline'; activity = 'OffWork'; expirationDuration = 'PT8H' } }
@{ Verb = 'Set'; Noun = 'StatusMessage'; Extra = @{ StatusMessage = @{ Message = @{ Content = 'Back at two'; ContentType = 'text' }; ExpiryDateTime = @{ DateTime = '2030-01-01T00:00:00'; TimeZone = 'UTC' } } }; Method = 'POST'; Path = '/setStatusMessage'; Body = @{ statusMessage = @{ message = @{ content = 'Back at two'; contentType = 'text' }; expiryDateTime = @{ dateTime = '2030-01-01T00:00:00'; timeZone = 'UTC' } } } }
@{ Verb = 'Set'; Noun = 'ManualLocation'; Extra = @{ WorkLocationType = 'office'; PlaceId = 'p1' }; Method = 'POST'; Path = '/setManualLocation'; Body = @{ workLocationType = 'office'; placeId = 'p1' } }
@{ Verb = 'Set'; Noun = 'AutomaticLocation'; Extra = @{ WorkLocationType = 'remote' }; Method = 'POST'; Path = '/setAutomaticLocation'; Body = @{ workLocationType = 'remote' } }
@{ Verb = 'Clear'; Noun = ''; Extra = @{}; Method = 'POST'; Path = '/clearPresence'; Body = @{ sessionId = $appId } }
@{ Verb = 'Clear'; Noun = 'UserPreferredPresence'; Extra = @{}; Method = 'POST'; Path = '/clearUserPreferredPresence'; Body = $null }
@{ Verb = 'Clear'; Noun = 'Location'; Extra = @{}; Method = 'POST'; Path = '/clearLocation'; Body = $null }
@{ Verb = 'Clear'; Noun = 'AutomaticLocation'; Extra = @{}; Method = 'POST'; Path = '/clearAutomaticLocation'; Body = $null }
@{ Verb = 'Update'; Noun = ''; Extra = @{ StatusMessage = $note }; Method = 'PATCH'; Path = ''; Body = @{ statusMessage = $note } }
@{ Verb = 'Remove'; Noun = ''; Extra = @{}; Method = 'DELETE'; Path = ''; Body = $null }
@{ Verb = 'Get'; Noun = ''; Extra = @{}; Method = 'GET'; Path = ''; Body = $null }
