//! POST /$batch: up to 20 requests in one. Each is handled as if it had been sent alone.
//! <https://learn.microsoft.com/graph/json-batching>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{faults, graph};
use crate::http::{Answer, GraphError, Outcome, Request, body_value};
use crate::operation::{Body, Operation, Route, Version};
use crate::state::State;
use crate::token::Caller;

const MOST_ITEMS: usize = 20;

/// One request of the batch.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: Map<String, Value>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// The answer to one request of the batch.
#[derive(Debug, Serialize)]
struct Response<'a> {
    id: &'a str,
    status: u16,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

/// The data that the items of one batch share.
pub(super) struct Batch<'a> {
    pub(super) state: &'a mut State,
    pub(super) request: &'a Request,
    pub(super) caller: Caller,
    pub(super) version: Version,
}

/// 200, regardless of the items' results. As documented, the answers may be in any order. The throttling limit applies
/// to the items of a batch, not to the batch itself.
pub(super) fn batch(batch: &mut Batch<'_>) -> Outcome {
    let items: Option<Vec<Item>> = Body::of(batch.request)?
        .typed("requests", "Collection(microsoft.graph.batchRequestStep)")?;
    let items = items
        .filter(|items| !items.is_empty())
        .ok_or_else(|| GraphError::bad_request("Invalid batch payload format."))?;
    check(&items)?;

    let mut statuses = BTreeMap::new();
    let mut answers = Vec::new();
    let mut waiting: Vec<&Item> = items.iter().collect();
    while !waiting.is_empty() {
        let is_ready =
            |item: &&Item| item.depends_on.iter().all(|id| statuses.contains_key(id.as_str()));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            return Err(GraphError::bad_request(
                "Invalid batch payload: dependsOn goes in a circle.",
            ));
        }
        for item in ready {
            let has_failed = item
                .depends_on
                .iter()
                .any(|id| statuses.get(id.as_str()).is_none_or(|status| *status >= 400));
            let answer =
                if has_failed { failed_dependency(batch, item) } else { perform(batch, item) };
            statuses.insert(item.id.as_str(), answer.status);
            answers.push(response(&item.id, answer));
        }
        waiting = rest;
    }
    batch.state.random.shuffle(&mut answers);
    let is_throttled = statuses.values().any(|status| *status == 429);
    let status = if is_throttled { batch.state.settings.throttled_batch_status } else { 200 };
    Ok(Answer::json(status, &BTreeMap::from([("responses", answers)])))
}

/// Checks the conditions without which the whole batch is rejected.
fn check(items: &[Item]) -> Result<(), GraphError> {
    if items.len() > MOST_ITEMS {
        let message =
            format!("Number of batch request steps exceeds the maximum value of {MOST_ITEMS}.");
        return Err(GraphError::bad_request(message));
    }
    for (index, item) in items.iter().enumerate() {
        if item.id.is_empty() || items[..index].iter().any(|other| other.id == item.id) {
            return Err(GraphError::bad_request(format!(
                "Invalid batch payload: the id '{}' is not unique.",
                item.id
            )));
        }
        if let Some(unknown) =
            item.depends_on.iter().find(|id| !items.iter().any(|other| other.id == **id))
        {
            return Err(GraphError::bad_request(format!(
                "Invalid batch payload: dependsOn names '{unknown}'."
            )));
        }
    }
    Ok(())
}

/// Handles one item on behalf of the batch's caller. Throttling and faults apply as if it had been sent alone.
fn perform(batch: &mut Batch<'_>, item: &Item) -> Answer {
    let request = request(batch, item);
    let route = Route::of(&request.method, &request.path);
    if route.as_ref().is_ok_and(|route| route.operation == Operation::Batch) {
        return graph::complete(batch.state, &request, Err(GraphError::nested_batch()));
    }
    let fault = faults::due_for_item(batch.state, &request, &batch.caller);
    let outcome = match &fault {
        Some(fault) if !fault.takes_effect() => fault.own_answer(),
        Some(fault) => {
            let _ = handle(batch, &request, route);
            fault.own_answer()
        }
        None => handle(batch, &request, route),
    };
    graph::complete(batch.state, &request, outcome)
}

fn handle(batch: &mut Batch<'_>, request: &Request, route: Result<Route, GraphError>) -> Outcome {
    match request.body.is_empty() || request.header("content-type").is_some() {
        true => graph::perform(batch.state, batch.caller.clone(), request, route),
        false => Err(GraphError::unreadable_body()),
    }
}

fn failed_dependency(batch: &mut Batch<'_>, item: &Item) -> Answer {
    let request = request(batch, item);
    let error =
        GraphError::new(424, "FailedDependency", "A request that this one depends on failed.");
    graph::complete(batch.state, &request, Err(error))
}

/// The item as a separate request. Its url is relative to the API version.
fn request(batch: &Batch<'_>, item: &Item) -> Request {
    let (path, query) = match item.url.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (item.url.as_str(), None),
    };
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), Into::into);
    let mut headers: Vec<_> =
        item.headers.iter().map(|(name, value)| (name.to_ascii_lowercase(), text(value))).collect();
    // Links in the answers use the host to which the batch was sent.
    headers.extend(batch.request.header("host").map(|host| ("host".to_owned(), host.to_owned())));
    Request {
        method: item.method.to_ascii_uppercase(),
        path: format!("/{}/{}", batch.version.as_str(), path.trim_start_matches('/')),
        query,
        headers,
        body: item
            .body
            .as_ref()
            .filter(|body| !body.is_null())
            .map(|body| body.to_string().into_bytes())
            .unwrap_or_default(),
    }
}

fn response(id: &str, answer: Answer) -> Response<'_> {
    let body = (!answer.body.is_empty()).then(|| body_value(&answer.body));
    Response { id, status: answer.status, headers: answer.headers.into_iter().collect(), body }
}
