//! A credential that gets its tokens from a function of the host.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::attempt::Attempt;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure};
use crate::error::Error;
use crate::in_callback;

type Fetch = dyn Fn() -> Result<AccessToken, String> + Send + Sync;

pub(super) struct Callback {
    pub(super) client_id: Option<String>,
    pub(super) fetch: Box<Fetch>,
}

impl SignIn for Callback {
    fn token(&self, _: &Attempt) -> Result<AccessToken, Error> {
        ask("its callback", || (self.fetch)())
    }

    fn identity(&self) -> Identity {
        Identity { kind: "callback", client_id: self.client_id.clone(), tenant_id: None }
    }
}

/// Calls a function of the host, which must not call the client. `whose` is its name for the message of a panic.
pub(super) fn ask<T>(whose: &str, host: impl FnOnce() -> Result<T, String>) -> Result<T, Error> {
    let told = catch_unwind(AssertUnwindSafe(|| in_callback::run(host)));
    let told = told.unwrap_or_else(|_| Err(format!("{whose} panicked")));
    told.map_err(|reason| AuthFailure::Callback { reason: reason.into() }.into())
}
