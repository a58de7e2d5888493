//! Splits a getPresencesByUserId with many ids into requests that Graph accepts, and merges the responses. Any other
//! request is sent whole. <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>
//!
//! The time that this takes grows with the request and with the responses, so it does not run on the I/O thread.

use std::collections::{HashMap, VecDeque};
use std::mem::take;

use serde_json::Value;

use super::{Checked, GetPresencesByUserId, Operation, Request};
use crate::error::Error;
use crate::presence::Presence;
use crate::response::Response;

const MAX_IDS: usize = GetPresencesByUserId::MAX_IDS;

/// A request that has passed the checks, split into the parts that are sent.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) parts: Vec<Part>,
    pub(crate) order: Option<Order>,
}

/// One request on the wire.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) request: Request,
    pub(crate) checked: Checked,
}

/// The positions of each id, in lower case, in the caller's list.
#[derive(Debug)]
pub(crate) struct Order(HashMap<String, VecDeque<usize>>);

impl Plan {
    /// Checks a request and splits it. If any part breaks a rule, no part is sent.
    pub(crate) fn new(request: Request) -> Result<Self, Error> {
        let ids = ids(&request);
        let order = ids.as_deref().map(Order::of);
        let requests = match ids {
            Some(ids) if ids.len() > MAX_IDS => split(request, ids),
            _ => vec![request],
        };
        let check = |request: Request| Ok(Part { checked: request.check()?, request });
        Ok(Self { parts: requests.into_iter().map(check).collect::<Result<_, Error>>()?, order })
    }
}

/// Merges the responses to the parts into one, with the presences in the order of the ids, and the status and headers
/// of the last response; `None` if there are no responses.
pub(crate) fn merge(order: Option<Order>, responses: Vec<Response>) -> Option<Response> {
    let is_split = responses.len() > 1;
    let mut merged = responses.into_iter().reduce(Response::followed_by)?;
    if let Some(order) = order {
        order.sort(merged.presences_mut());
    }
    Some(if is_split { merged.with_body_of_presences() } else { merged })
}

/// Whether a request is sent in several parts.
pub(crate) fn is_split(request: &Request) -> bool {
    ids(request).is_some_and(|ids| ids.len() > MAX_IDS)
}

fn split(mut request: Request, ids: Vec<Value>) -> Vec<Request> {
    // Remove the ids before the request is cloned for each part, or the work would grow with the square of their
    // number.
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
        let mut positions: HashMap<_, VecDeque<_>> = HashMap::with_capacity(ids.len());
        for (position, id) in ids.iter().filter_map(Value::as_str).enumerate() {
            positions.entry(id.to_ascii_lowercase()).or_default().push_back(position);
        }
        Self(positions)
    }

    /// Sorts presences by the position of their id. A presence that was not asked for comes last.
    fn sort(mut self, presences: &mut [Presence]) {
        let place = |presence: &mut Presence| (self.next_position(presence), take(presence));
        let mut placed: Vec<_> = presences.iter_mut().map(place).collect();
        placed.sort_by_key(|(position, _)| *position);
        for (presence, (_, sorted)) in presences.iter_mut().zip(placed) {
            *presence = sorted;
        }
    }

    /// The first position of the presence's id that no earlier presence has, or its last position.
    fn next_position(&mut self, presence: &Presence) -> usize {
        let id = presence.id.as_deref().unwrap_or_default().to_ascii_lowercase();
        let Some(positions) = self.0.get_mut(&id) else { return usize::MAX };
        match positions.len() {
            1 => positions[0],
            _ => positions.pop_front().unwrap_or(usize::MAX),
        }
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
    fn more_than_650_ids_are_split_into_parts_in_order() {
        assert_eq!(Plan::new(request(650)).unwrap().parts.len(), 1);
        let parts = Plan::new(request(1301)).unwrap().parts;
        let sizes: Vec<_> = parts.iter().map(|part| ids(&part.request).unwrap().len()).collect();
        assert_eq!(sizes, [650, 650, 1]);
        assert_eq!(ids(&parts[1].request).unwrap()[0], "id650");
    }

    #[test]
    fn one_invalid_id_refuses_all_parts() {
        let mut ids: Vec<Value> = (0..2000).map(|n| format!("id{n}").into()).collect();
        ids.push(7.into());
        let body = json!({ "ids": ids }).to_string();
        let request = Request::new(Operation::GetPresencesByUserId, crate::Target::Me);
        let error = Plan::new(request.body_json(&body).unwrap()).unwrap_err();
        assert_eq!(error.status(), crate::Status::InvalidValue);
    }

    #[test]
    fn presences_are_in_the_order_of_the_ids_and_unknown_ones_last() {
        assert_eq!(
            sorted(&["id0", "id1", "id2"], &["x", "ID2", "id0", "id1"]),
            ["id0", "id1", "ID2", "x"]
        );
    }

    #[test]
    fn a_repeated_id_has_a_presence_at_each_of_its_positions() {
        let asked = ["id0", "id1", "ID0"];
        assert_eq!(sorted(&asked, &["id0", "id1", "id0"]), ["id0", "id1", "id0"]);
        assert_eq!(sorted(&asked, &["id1", "id0"]), ["id0", "id1"]);
        assert_eq!(sorted(&asked, &["id0", "id0", "id0", "id1"]), ["id0", "id1", "id0", "id0"]);
    }

    fn sorted(asked: &[&str], answered: &[&str]) -> Vec<String> {
        let asked: Vec<Value> = asked.iter().map(|id| (*id).into()).collect();
        let presence = |id: &&str| Presence::from(json!({ "id": id }));
        let mut presences: Vec<_> = answered.iter().map(presence).collect();
        Order::of(&asked).sort(&mut presences);
        presences.into_iter().filter_map(|it| it.id).collect()
    }

    #[test]
    fn splitting_takes_linear_time() {
        let request = request(200_000);
        let began = Instant::now();
        assert_eq!(Plan::new(request).unwrap().parts.len(), 308);
        // Linear work takes seconds even without optimization. A copy of all ids in each part would take minutes.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    }
}
