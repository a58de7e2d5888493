//! The number of token requests, counted from the received requests. A test uses it to check that callers share a
//! renewal.

use serde_json::{Value, json};

use super::Endpoint;
use super::form::Form;
use crate::http::Request;
use crate::state::{Journal, Received};

/// The requests of one application for one grant in one tenant.
#[derive(Debug, PartialEq)]
struct Count {
    grant_type: String,
    app_id: Option<String>,
    /// The tenant's name in the path.
    tenant: Option<String>,
    issued: usize,
    refused: usize,
}

/// Counts the token requests. A request without an answer counts as refused.
pub(crate) fn token_requests(journal: &Journal) -> Value {
    let mut counts: Vec<Count> = Vec::new();
    for (new, is_issued) in journal.all().filter_map(|received| count(&received)) {
        let is_same = |known: &&mut Count| {
            (&known.grant_type, &known.app_id, &known.tenant)
                == (&new.grant_type, &new.app_id, &new.tenant)
        };
        let at = counts.iter_mut().find(is_same);
        let known = match at {
            Some(known) => known,
            None => {
                counts.push(new);
                counts.last_mut().expect("it was just pushed")
            }
        };
        *(if is_issued { &mut known.issued } else { &mut known.refused }) += 1;
    }
    counts.iter().map(Count::to_json).collect()
}

impl Count {
    fn to_json(&self) -> Value {
        let Self { grant_type, app_id, tenant, issued, refused } = self;
        json!({"grantType": grant_type, "appId": app_id, "tenant": tenant, "issued": issued, "refused": refused})
    }
}

/// `None` if the request is not a token request.
fn count(received: &Received) -> Option<(Count, bool)> {
    let (path, query) = received.path.split_once('?').unwrap_or((&received.path, ""));
    let (endpoint, tenant) = Endpoint::of(path)?;
    let request = Request {
        method: received.method.clone(),
        query: Some(query.to_owned()),
        headers: received.headers.clone(),
        body: received.body.as_str().unwrap_or_default().into(),
        ..Request::default()
    };
    let (form, grant_type) = match endpoint {
        Endpoint::Token => {
            let form = Form::posted(&request).ok()?;
            let grant_type = form.get("grant_type").unwrap_or_default().to_owned();
            (form, grant_type)
        }
        Endpoint::Machine | Endpoint::AppService | Endpoint::Arc => {
            (Form::of_query(&request), "managed_identity".to_owned())
        }
        _ => return None,
    };
    let app_id = form.get("client_id").map(Into::into);
    let tenant = Some(tenant).filter(|tenant| !tenant.is_empty());
    Some((Count { grant_type, app_id, tenant, issued: 0, refused: 0 }, received.status == 200))
}
