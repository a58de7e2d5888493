//! The instructions for a person who has to sign in.

use std::time::SystemTime;

/// What to show a person who has to sign in. The functions that [`Credential::device_code`] and
/// [`Credential::interactive_browser`] take receive it.
///
/// [`Credential::device_code`]: crate::Credential::device_code
/// [`Credential::interactive_browser`]: crate::Credential::interactive_browser
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prompt {
    /// The complete text to show.
    pub message: String,
    /// The page to open. With a code, it is the same for every sign-in; without one, it is for this sign-in only.
    pub url: String,
    /// The code to enter on the page; `None` for
    /// [`Credential::interactive_browser`](crate::Credential::interactive_browser).
    pub user_code: Option<String>,
    /// When the sign-in times out.
    pub expires: SystemTime,
}

/// A host's function that shows a prompt.
pub(super) type Show = dyn Fn(&Prompt) -> Result<(), String> + Send + Sync;
