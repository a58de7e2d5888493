//! The operations of Graph's presence API, one file each, named after the action. A handler makes its checks in the
//! order of the live service and changes state through methods that unit tests call without HTTP.

mod body;
mod call;
mod clear_presence;
mod clear_user_preferred_presence;
mod create_presence;
mod delete_presence;
mod get_presence;
mod get_presences_by_user_id;
mod list_presences;
mod locations;
mod route;
mod set_presence;
mod set_status_message;
mod set_user_preferred_presence;
mod update_presence;

pub(crate) use body::Body;
pub(crate) use call::Call;
pub(crate) use route::{Operation, Route, Target, Version};

use crate::http::{GraphError, Outcome};
use crate::presence::Layer;

/// Runs the operation of the route.
pub(crate) fn run(call: &mut Call<'_>) -> Outcome {
    match call.route.operation {
        Operation::Batch => Err(GraphError::nested_batch()),
        Operation::ClearAutomaticLocation => locations::clear_locations(call, &[Layer::Automatic]),
        Operation::ClearLocation => {
            locations::clear_locations(call, &[Layer::Manual, Layer::Automatic])
        }
        Operation::ClearPresence => clear_presence::clear_presence(call),
        Operation::ClearUserPreferredPresence => {
            clear_user_preferred_presence::clear_user_preferred_presence(call)
        }
        Operation::CountPresences => list_presences::count_presences(call),
        Operation::CreatePresence => create_presence::create_presence(call),
        Operation::DeletePresence => delete_presence::delete_presence(call),
        Operation::GetPresence => get_presence::get_presence(call),
        Operation::GetPresencesByUserId => get_presences_by_user_id::get_presences_by_user_id(call),
        Operation::ListPresences => list_presences::list_presences(call),
        Operation::SetAutomaticLocation => locations::set_location(call, Layer::Automatic),
        Operation::SetManualLocation => locations::set_location(call, Layer::Manual),
        Operation::SetPresence => set_presence::set_presence(call),
        Operation::SetStatusMessage => set_status_message::set_status_message(call),
        Operation::SetUserPreferredPresence => {
            set_user_preferred_presence::set_user_preferred_presence(call)
        }
        Operation::UpdatePresence => update_presence::update_presence(call),
    }
}
