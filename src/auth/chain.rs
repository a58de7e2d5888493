//! A chain: uses the first of several credentials that is set up on this machine.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::attempt::Attempt;
use super::builder::{CredentialBuilder, Way};
use super::options::Options;
use super::sign_in::{Identity, SignIn};
use super::{AccessToken, AuthFailure, Credential};
use crate::error::Error;
use crate::job::Job;
use crate::process::PerProcess;
use crate::status::Status;

/// How deep chains may be nested. Signing in and dropping take stack for each level.
const DEEPEST: usize = 16;

/// Signs in with the first of several credentials; see [`Credential::chain`].
#[derive(Debug)]
pub struct Chain(Vec<Credential>);

impl Credential {
    /// Uses the first of several credentials that is set up, so that a program finds its identity on a developer's
    /// machine, in a pipeline and in Azure without configuration. If none are given, the chain is: the environment,
    /// workload identity, managed identity.
    ///
    /// A credential that is not set up is skipped. If Entra refuses one that is set up, the sign-in fails, since trying
    /// the others would hide the reason. Once a credential has signed in, it is always used.
    ///
    /// # Example
    /// ```
    /// use mgpresence::Credential;
    ///
    /// let environment = Credential::environment().build()?;
    /// let machine = Credential::managed_identity().build()?;
    /// let credential = Credential::chain([environment, machine]).build()?;
    /// # Ok::<(), mgpresence::Error>(())
    /// ```
    pub fn chain(credentials: impl IntoIterator<Item = Credential>) -> CredentialBuilder<Chain> {
        CredentialBuilder::of(Chain(credentials.into_iter().collect()))
    }
}

impl Way for Chain {
    fn sign_in(self, options: &Options) -> Result<Box<dyn SignIn>, Error> {
        let links = match self.0.is_empty() {
            false => self.0,
            true => vec![
                of(Credential::environment(), options).build()?,
                of(Credential::workload_identity(), options).build()?,
                of(Credential::managed_identity(), options).build()?,
            ],
        };
        let depth = 1 + links.iter().map(Credential::depth).max().unwrap_or_default();
        if depth > DEEPEST {
            let reason =
                format!("is nested more than {DEEPEST} deep. Give all credentials in one chain");
            return Err(AuthFailure::Field { name: "chain", reason }.into());
        }
        Ok(Box::new(ByFirst { links, depth, course: PerProcess::new() }))
    }
}

/// Gives a link the options of the chain.
fn of<K>(mut link: CredentialBuilder<K>, options: &Options) -> CredentialBuilder<K> {
    link.options = options.clone();
    link
}

struct ByFirst {
    links: Vec<Credential>,
    depth: usize,
    course: PerProcess<Mutex<Course>>,
}

/// The results of the links.
#[derive(Default)]
struct Course {
    /// Why the links before the used one were skipped, in order.
    passed: Vec<String>,
    used: Option<usize>,
}

impl SignIn for ByFirst {
    fn token(&self, attempt: &Attempt) -> Result<AccessToken, Error> {
        let used = self.course().used;
        if let Some(link) = used.and_then(|at| self.links.get(at)) {
            return link.fetch(attempt);
        }
        let mut passed = Vec::new();
        for (at, link) in self.links.iter().enumerate() {
            attempt.check()?;
            let result = link.fetch(attempt);
            let is_here = !matches!(&result, Err(error) if error.status() == Status::NoCredential);
            let mut course = self.course();
            if is_here {
                course.used = result.is_ok().then_some(at);
                course.passed = passed;
                return result;
            }
            passed.extend(result.err().map(|error| error.to_string()));
            course.passed = passed.clone();
        }
        Err(AuthFailure::Chain { told: passed.join(" ") }.into())
    }

    fn identity(&self) -> Identity {
        let used = self.course().used.and_then(|at| self.links.get(at));
        let identity = used.map(Credential::identity).unwrap_or_default();
        Identity { kind: "chain", ..identity }
    }

    fn handing_over(&self) -> Vec<Job<()>> {
        self.links.iter().flat_map(Credential::handing_over).collect()
    }

    fn depth(&self) -> usize {
        self.depth
    }

    fn chain(&self) -> Value {
        let course = self.course();
        let links = self.links.iter().enumerate().map(|(at, link)| {
            json!({
                "kind": link.identity().kind,
                "used": course.used == Some(at),
                "reason": course.passed.get(at),
            })
        });
        links.collect()
    }
}

impl ByFirst {
    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.get().lock().unwrap_or_else(PoisonError::into_inner)
    }
}
