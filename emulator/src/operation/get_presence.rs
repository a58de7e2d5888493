//! GET of one presence. <https://learn.microsoft.com/graph/api/presence-get>

use serde_json::{Value, json};

use super::Call;
use crate::http::{Answer, Outcome};
use crate::odata::Query;
use crate::operation::Target;

/// A single object on every path, as in the OpenAPI description. One page's example shows an array; a setting chooses
/// it.
pub(super) fn get_presence(call: &mut Call<'_>) -> Outcome {
    let query = Query::of(call.request)?;
    let name = call.target()?;
    let id = call.state.directory.find(&name).map_or_else(|| name.clone(), |user| user.id.clone());
    match call.state.settings.presence_read_reads_others {
        true => call.caller.may_read_own()?,
        false => call.caller.may_read(&id)?,
    }
    let presence = query.project(call.presence(&id)?);
    let mut body =
        json!({"@odata.context": format!("{}/$metadata#{}", call.root(), context(call, &id))});
    let is_by_presence = matches!(call.route.target, Some(Target::Presence(_)));
    match presence {
        presence if is_by_presence && call.state.settings.presence_in_array => {
            body["value"] = json!([presence])
        }
        Value::Object(properties) => {
            body.as_object_mut().expect("made as an object").extend(properties)
        }
        _ => unreachable!("a presence is an object"),
    }
    let etag = call.etag(&id)?;
    Ok(Answer::odata(200, &body).with("etag", etag))
}

fn context(call: &Call<'_>, id: &str) -> String {
    match call.route.target {
        Some(Target::Presence(_)) => "communications/presences/$entity".into(),
        _ => format!("users('{id}')/presence/$entity"),
    }
}
