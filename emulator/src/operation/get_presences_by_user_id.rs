//! POST /communications/getPresencesByUserId: many presences at once.
//! <https://learn.microsoft.com/graph/api/cloudcommunications-getpresencesbyuserid>

use serde_json::{Value, json};

use super::Call;
use crate::http::{Answer, GraphError, Outcome};

const MOST_IDS: usize = 650;

/// The presences in the order of the ids. Unknown ids are omitted; Graph's behaviour for them is undocumented.
pub(super) fn get_presences_by_user_id(call: &mut Call<'_>) -> Outcome {
    let ids: Option<Vec<String>> = call.body()?.typed("ids", "Collection(Edm.String)")?;
    let ids = ids.ok_or_else(|| GraphError::field_required("Ids"))?;
    if ids.len() > MOST_IDS {
        return Err(GraphError::invalid_argument(format!(
            "The number of provided [Ids] exceeds {MOST_IDS}."
        )));
    }
    call.caller.may_read_all()?;
    let known =
        ids.iter().filter_map(|id| call.state.directory.find(id).map(|user| user.id.clone()));
    let known: Vec<String> = known.collect();
    let value: Vec<Value> = known.iter().map(|id| call.presence(id)).collect::<Result<_, _>>()?;
    let context = format!("{}/$metadata#Collection(microsoft.graph.presence)", call.root());
    Ok(Answer::odata(200, &json!({"@odata.context": context, "value": value})))
}
