//! The control API for tenants and app registrations.

use serde_json::Value;

use super::answer::{no_content, one_or_many};
use crate::directory::{Application, Tenant};
use crate::http::Outcome;
use crate::state::State;

pub(super) fn tenants(state: &State) -> Value {
    serde_json::to_value(state.tenants.all()).expect("tenants are plain data")
}

/// A tenant or an array of tenants. An existing tenant with the same id is replaced.
pub(super) fn add_tenants(state: &mut State, body: Value) -> Outcome {
    let tenants: Vec<Tenant> = one_or_many(body)?;
    no_content(|| tenants.into_iter().for_each(|tenant| state.tenants.add(tenant)))
}

/// A registration or an array of registrations. An existing one with the same id and tenant is replaced.
pub(super) fn add_applications(state: &mut State, body: Value) -> Outcome {
    let applications: Vec<Application> = one_or_many(body)?;
    no_content(|| {
        applications.into_iter().for_each(|application| state.applications.add(application))
    })
}
