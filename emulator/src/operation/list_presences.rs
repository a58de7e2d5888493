//! GET of the collection and of its count. <https://learn.microsoft.com/graph/api/presence-get>

use serde_json::{Value, json};

use super::Call;
use crate::error::GraphError;
use crate::http::{Answer, Outcome};
use crate::odata::Query;

/// A page of presences, in the order of the directory unless `$orderby` says otherwise.
pub(super) fn list_presences(call: &mut Call<'_>) -> Outcome {
    let query = Query::of(call.request)?;
    call.caller.may_read_all()?;
    let page = query.page(matching(call, &query)?, call.world.settings.semantics.page_size);

    let mut body =
        json!({"@odata.context": format!("{}/$metadata#communications/presences", call.root())});
    if let Some(count) = page.count {
        body["@odata.count"] = count.into();
    }
    if let Some(rest) = page.next_query {
        body["@odata.nextLink"] = format!("{}/communications/presences?{rest}", call.root()).into();
    }
    body["value"] = page.items.into();
    Ok(Answer::odata(200, &body))
}

/// Plain text: only the metadata has it, so no page says more.
pub(super) fn count_presences(call: &mut Call<'_>) -> Outcome {
    let query = Query::of(call.request)?;
    call.caller.may_read_all()?;
    let count = matching(call, &query)?.len();
    Ok(Answer::text(200, "text/plain", count.to_string()))
}

fn matching(call: &mut Call<'_>, query: &Query) -> Result<Vec<Value>, GraphError> {
    let ids: Vec<String> = call.world.directory.all().iter().map(|user| user.id.clone()).collect();
    let presences = ids.iter().map(|id| call.presence(id)).collect::<Result<Vec<_>, _>>()?;
    Ok(presences.into_iter().filter(|presence| query.covers(presence)).collect())
}
