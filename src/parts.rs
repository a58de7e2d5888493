//! getPresencesByUserId for any number of users: Graph takes 650 ids in a request, so more go in parts.
//! <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use std::collections::HashMap;

use serde_json::Value;

use crate::operation::Operation;
use crate::presence::Presence;
use crate::request::Request;
use crate::response::Response;

/// The most ids that Graph takes in one request.
const MOST_IDS: usize = 650;

/// The requests that a request is sent as; `None` where it is sent as it is.
pub(crate) fn split(request: &Request) -> Option<Vec<Request>> {
    let ids = ids(request).filter(|ids| ids.len() > MOST_IDS)?;
    let part = |ids: &[Value]| {
        let mut part = request.clone();
        part.body.get_or_insert_default().set("ids", &ids.into());
        part
    };
    Some(ids.chunks(MOST_IDS).map(part).collect())
}

/// Brings the presences of an answer into the order of the ids that were asked for.
pub(crate) fn sort(request: &Request, presences: &mut [Presence]) {
    let ids = ids(request).unwrap_or_default();
    let mut places = HashMap::new();
    for (place, id) in ids.iter().filter_map(Value::as_str).enumerate() {
        places.entry(id.to_ascii_lowercase()).or_insert(place);
    }
    let place = |presence: &Presence| {
        let id = presence.id.as_deref().unwrap_or_default().to_ascii_lowercase();
        places.get(&id).copied().unwrap_or(usize::MAX)
    };
    presences.sort_by_cached_key(place);
}

/// One answer of several; `None` where there is none. Status and headers are those of the last.
pub(crate) fn merge(request: &Request, answers: Vec<Response>) -> Option<Response> {
    let mut answer = answers.into_iter().reduce(Response::followed_by)?;
    sort(request, answer.presences_mut());
    Some(answer.with_body_of_presences())
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::operation::GetPresencesByUserId;

    fn request(count: usize) -> Request {
        let ids = (0..count).map(|n| format!("id{n}")).collect();
        Request::get_presences_by_user_id(&GetPresencesByUserId { ids })
    }

    #[test]
    fn more_than_650_ids_go_in_parts_that_keep_their_order() {
        assert!(split(&request(650)).is_none());
        let parts = split(&request(1301)).unwrap();
        let sizes: Vec<_> = parts.iter().map(|part| ids(part).unwrap().len()).collect();
        assert_eq!(sizes, [650, 650, 1]);
        assert_eq!(ids(&parts[1]).unwrap()[0], "id650");
    }

    #[test]
    fn presences_come_in_the_order_of_the_ids_and_strangers_last() {
        let mut presences: Vec<_> =
            ["x", "ID2", "id0", "id1"].map(|id| Presence::read(json!({ "id": id }))).into();
        sort(&request(3), &mut presences);
        let order: Vec<_> = presences.iter().filter_map(|it| it.id.as_deref()).collect();
        assert_eq!(order, ["id0", "id1", "ID2", "x"]);
    }
}
