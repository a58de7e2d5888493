//! Splits a getPresencesByUserId with many ids into requests that Graph accepts, and merges the responses. Other requests
//! stay as they are. <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
//!
//! The work here grows with the request, and with the answers: the I/O thread has it done elsewhere.

use std::collections::HashMap;

use serde_json::Value;

use super::{Checked, GetPresencesByUserId, Operation, Request};
use crate::error::Error;
use crate::presence::Presence;
use crate::response::Response;

const MAX_IDS: usize = GetPresencesByUserId::MAX_IDS;

/// A request that broke no rule, as it is sent.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) parts: Vec<Part>,
    pub(crate) order: Option<Order>,
}

/// What is sent at a time.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) request: Request,
    pub(crate) checked: Checked,
}

/// Where the presence of each id belongs; the ids in lower case.
#[derive(Debug)]
pub(crate) struct Order(HashMap<String, usize>);

impl Plan {
    /// Checks a request and splits it. Nothing is sent of a request that breaks a rule anywhere.
    pub(crate) fn new(request: Request) -> Result<Self, Error> {
        let ids = ids(&request);
        let order = ids.as_deref().map(Order::of);
        let requests = match ids {
            Some(ids) if ids.len() > MAX_IDS => cut(request, ids),
            _ => vec![request],
        };
        let check = |request: Request| Ok(Part { checked: request.check()?, request });
        Ok(Self { parts: requests.into_iter().map(check).collect::<Result<_, Error>>()?, order })
    }
}

/// One answer of those to the parts, its presences in the order of the ids; `None` where there is none. Status and
/// headers are those of the last.
pub(crate) fn merge(order: Option<Order>, answers: Vec<Response>) -> Option<Response> {
    let is_cut = answers.len() > 1;
    let mut answer = answers.into_iter().reduce(Response::followed_by)?;
    if let Some(order) = order {
        order.sort(answer.presences_mut());
    }
    Some(if is_cut { answer.with_body_of_presences() } else { answer })
}

/// Whether a request is sent in several parts.
pub(crate) fn is_cut(request: &Request) -> bool {
    ids(request).is_some_and(|ids| ids.len() > MAX_IDS)
}

fn cut(mut request: Request, ids: Vec<Value>) -> Vec<Request> {
    // Out of the request first: a part that began as a copy of all ids would make the work grow with their square.
    request.body.get_or_insert_default().set("ids", &Value::Null);
    let part = |ids: &[Value]| {
        let mut part = request.clone();
        part.body.get_or_insert_default().set("ids", &ids.into());
        part
    };
    ids.chunks(MAX_IDS).map(part).collect()
}

fn ids(request: &Request) -> Option<Vec<Value>> {
    if request.operation != Operation::GetPresencesByUserId {
        return None;
    }
    match request.body.as_ref()?.get("ids")? {
        Value::Array(ids) => Some(ids),
        _ => None,
    }
}

impl Order {
    fn of(ids: &[Value]) -> Self {
        let mut places = HashMap::with_capacity(ids.len());
        for (place, id) in ids.iter().filter_map(Value::as_str).enumerate() {
            places.entry(id.to_ascii_lowercase()).or_insert(place);
        }
        Self(places)
    }

    /// Presences that were not asked for come last.
    fn sort(&self, presences: &mut [Presence]) {
        let place = |presence: &Presence| {
            let id = presence.id.as_deref().unwrap_or_default().to_ascii_lowercase();
            self.0.get(&id).copied().unwrap_or(usize::MAX)
        };
        presences.sort_by_cached_key(place);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use serde_json::json;

    use super::*;

    fn request(count: usize) -> Request {
        let ids = (0..count).map(|n| format!("id{n}")).collect();
        Request::get_presences_by_user_id(&GetPresencesByUserId { ids })
    }

    #[test]
    fn more_than_650_ids_go_in_parts_that_keep_their_order() {
        assert_eq!(Plan::new(request(650)).unwrap().parts.len(), 1);
        let parts = Plan::new(request(1301)).unwrap().parts;
        let sizes: Vec<_> = parts.iter().map(|part| ids(&part.request).unwrap().len()).collect();
        assert_eq!(sizes, [650, 650, 1]);
        assert_eq!(ids(&parts[1].request).unwrap()[0], "id650");
    }

    #[test]
    fn one_id_that_is_none_ends_all_parts_before_the_first() {
        let mut ids: Vec<Value> = (0..2000).map(|n| format!("id{n}").into()).collect();
        ids.push(7.into());
        let body = json!({ "ids": ids }).to_string();
        let request = Request::new(Operation::GetPresencesByUserId, crate::Target::Me);
        let error = Plan::new(request.body_json(&body).unwrap()).unwrap_err();
        assert_eq!(error.status(), crate::Status::InvalidValue);
    }

    #[test]
    fn presences_come_in_the_order_of_the_ids_and_strangers_last() {
        let mut presences: Vec<_> =
            ["x", "ID2", "id0", "id1"].map(|id| Presence::from(json!({ "id": id }))).into();
        Plan::new(request(3)).unwrap().order.unwrap().sort(&mut presences);
        let order: Vec<_> = presences.iter().filter_map(|it| it.id.as_deref()).collect();
        assert_eq!(order, ["id0", "id1", "ID2", "x"]);
    }

    #[test]
    fn cutting_grows_with_the_ids_and_not_with_their_square() {
        let request = request(200_000);
        let began = Instant::now();
        assert_eq!(Plan::new(request).unwrap().parts.len(), 308);
        // Seconds even without optimisation; with a copy of all ids in each part it was minutes.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
