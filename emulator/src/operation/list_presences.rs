//! GET of the collection and of its count. <https://learn.microsoft.com/graph/api/presence-get>

use serde_json::{Value, json};

use super::Call;
use crate::http::{Answer, GraphError, Outcome};
use crate::odata::Query;

/// A page of presences, in the order of the directory unless `$orderby` says otherwise.
pub(super) fn list_presences(call: &mut Call<'_>) -> Outcome {
    let query = Query::of(call.request)?;
    call.caller.may_read_all()?;
    let page = query.page(matching(call, &query)?, call.state.settings.page_size);

    let mut body =
        json!({"@odata.context": format!("{}/$metadata#communications/presences", call.root())});
    if let Some(count) = page.count {
        body["@odata.count"] = count.into();
    }
    if let Some(rest) = page.next_query {
        body["@odata.nextLink"] = format!("{}/communications/presences?{rest}", call.root()).into();
    }
    let presences =
        page.items.iter().map(|id| call.presence(id).map(|presence| query.project(presence)));
    body["value"] = Value::Array(presences.collect::<Result<_, _>>()?);
    Ok(Answer::odata(200, &body))
}

/// The count as plain text. It is in Graph's metadata but undocumented.
pub(super) fn count_presences(call: &mut Call<'_>) -> Outcome {
    let query = Query::of(call.request)?;
    call.caller.may_read_all()?;
    let count = matching(call, &query)?.len();
    Ok(Answer::text(200, "text/plain", count.to_string()))
}

/// The ids of the users that match the filter, in order. Without a filter and an order, no presence is computed.
fn matching(call: &mut Call<'_>, query: &Query) -> Result<Vec<String>, GraphError> {
    let ids: Vec<String> = call.state.directory.all().iter().map(|user| user.id.clone()).collect();
    if !query.looks_inside() {
        return Ok(ids);
    }
    let presences = ids.iter().map(|id| call.presence(id)).collect::<Result<Vec<_>, _>>()?;
    let mut covered: Vec<Value> =
        presences.into_iter().filter(|presence| query.covers(presence)).collect();
    query.sort(&mut covered);
    Ok(covered.iter().filter_map(|presence| presence["id"].as_str()).map(Into::into).collect())
}
