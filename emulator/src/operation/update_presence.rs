//! PATCH of a presence. It is in Graph's metadata and cmdlets but undocumented, and the live service answers 404.
//! The emulator stores the presence above all sessions until the next documented write. With `--strict` it answers 404
//! too.

use jiff::Timestamp;

use super::set_status_message::status_message;
use super::{Call, body::Body};
use crate::http::{GraphError, Outcome};
use crate::presence::{OutOfOffice, Presence, StatusMessage, Written};

/// 200 and the object.
pub(super) fn update_presence(call: &mut Call<'_>) -> Outcome {
    call.check_lenient()?;
    let changes = Changes::of(&call.body()?, call.now)?;
    call.writable_user()?;
    call.check_if_match()?;
    let user = call.writable_user()?;
    changes.apply(&mut user.presence);
    let id = user.id.clone();
    call.written(200, &id)
}

/// The properties of a presence in a body. Their values are not checked, because they are strings and not enums.
pub(super) struct Changes {
    written: Written,
    out_of_office: Option<OutOfOffice>,
    /// The outer `None` means that the body does not contain the property.
    status_message: Option<Option<StatusMessage>>,
}

impl Changes {
    pub(super) fn of(body: &Body, now: Timestamp) -> Result<Self, GraphError> {
        let has_message = body.has("statusMessage");
        Ok(Self {
            written: Written {
                availability: body.string("availability")?,
                activity: body.string("activity")?,
            },
            out_of_office: body
                .typed("outOfOfficeSettings", "microsoft.graph.outOfOfficeSettings")?,
            status_message: has_message.then(|| status_message(body, now)).transpose()?,
        })
    }

    pub(super) fn apply(self, presence: &mut Presence) {
        presence.write(self.written);
        self.out_of_office.into_iter().for_each(|settings| presence.set_out_of_office(settings));
        self.status_message.into_iter().for_each(|message| presence.set_status_message(message));
    }
}
