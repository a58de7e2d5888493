//! What a person is told to do.

use std::time::SystemTime;

/// What a person must see in order to sign in, given to the function that [`Credential::device_code`] and
/// [`Credential::interactive_browser`] take.
///
/// [`Credential::device_code`]: crate::Credential::device_code
/// [`Credential::interactive_browser`]: crate::Credential::interactive_browser
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Prompt {
    /// A text to show that says everything.
    pub message: String,
    /// The page to open. With a code, it is the same for every sign-in; without one, it is for this sign-in only.
    pub url: String,
    /// The code to enter on the page; `None` where a browser opens the page.
    pub user_code: Option<String>,
    /// When the sign-in ends unless the person has finished it.
    pub expires: SystemTime,
}

/// A host's function that shows a prompt.
pub(super) type Show = dyn Fn(&Prompt) -> Result<(), String> + Send + Sync;
