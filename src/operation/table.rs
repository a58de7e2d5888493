//! Every operation in one table: how it is sent, what it takes and returns, and when it may be sent again.

use super::body::Rules;
use super::{
    clear_presence, get_presences_by_user_id, set_location, set_presence, set_status_message,
    set_user_preferred_presence, write_presence,
};
use crate::presence::pairs::{self, Pairs};

/// An operation of the presence API. The numbers are those of the C ABI.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[expect(missing_docs, reason = "the names are Graph's own; the table says what each does")]
#[non_exhaustive]
#[repr(i32)]
pub enum Operation {
    GetPresence = 1,
    SetPresence = 2,
    UpdatePresence = 3,
    CreatePresence = 4,
    DeletePresence = 5,
    ClearPresence = 6,
    SetUserPreferredPresence = 7,
    ClearUserPreferredPresence = 8,
    SetStatusMessage = 9,
    SetManualLocation = 10,
    SetAutomaticLocation = 11,
    ClearLocation = 12,
    ClearAutomaticLocation = 13,
    ListPresences = 14,
    CountPresences = 15,
    GetPresencesByUserId = 16,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

/// What the path of an operation ends in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum On {
    /// One user's presence, in any of the three spellings of [`super::Target`].
    Presence(&'static str),
    /// `/communications` and this.
    Communications(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Body {
    Never,
    /// `{}` is sent where the caller gives none.
    Empty,
    Required {
        properties: &'static str,
        rules: Rules,
    },
}

/// What a 2xx answer holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Answer {
    Nothing,
    Presence,
    Presences,
    Count,
}

impl Answer {
    /// For texts.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Presence => "a presence",
            Self::Presences => "a list of presences",
            Self::Count => "a number",
        }
    }
}

/// Whether an attempt whose answer was lost, or that the service put off, may be repeated.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Replay {
    /// Twice has the effect of once.
    Safe,
    /// As `Safe`, and a 404 to a repeated attempt says that the first one did it.
    SafeDoneIs404,
    /// Twice is not once: never again when bytes may have been sent.
    Never,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    /// Graph's name, for texts.
    pub(crate) name: &'static str,
    /// What it does, for texts: `Graph refused to {does} adele`.
    pub(crate) does: &'static str,
    pub(crate) method: Method,
    pub(crate) on: On,
    pub(crate) body: Body,
    pub(crate) answer: Answer,
    pub(crate) replay: Replay,
    pub(crate) pairs: Option<&'static Pairs>,
    /// Whether it is about the session of an application, whose id can be left to the credential.
    pub(crate) has_session: bool,
    /// False for what Graph's metadata has and no page documents.
    pub(crate) documented: bool,
}

const ACTION: Row = Row {
    operation: Operation::SetPresence,
    name: "setPresence",
    does: "set the presence of",
    method: Method::Post,
    on: On::Presence("/setPresence"),
    body: Body::Never,
    answer: Answer::Nothing,
    replay: Replay::Safe,
    pairs: None,
    has_session: false,
    documented: true,
};

const READ: Row = Row {
    operation: Operation::GetPresence,
    name: "get presence",
    does: "read the presence of",
    method: Method::Get,
    on: On::Presence(""),
    answer: Answer::Presence,
    ..ACTION
};

const OBJECT: Row = Row {
    documented: false,
    replay: Replay::Never,
    answer: Answer::Presence,
    body: Body::Required { properties: "availability and activity", rules: write_presence::rules },
    ..ACTION
};

const LOCATION: Body =
    Body::Required { properties: "workLocationType", rules: set_location::rules };

static TABLE: [Row; 16] = [
    READ,
    Row {
        body: Body::Required {
            properties: "sessionId, availability and activity",
            rules: set_presence::rules,
        },
        pairs: Some(&pairs::SESSION),
        has_session: true,
        ..ACTION
    },
    Row {
        operation: Operation::UpdatePresence,
        name: "update presence",
        does: "update the presence of",
        method: Method::Patch,
        on: On::Presence(""),
        replay: Replay::Safe,
        ..OBJECT
    },
    Row {
        operation: Operation::CreatePresence,
        name: "create presence",
        does: "create the presence of",
        on: On::Communications("/presences"),
        ..OBJECT
    },
    Row {
        operation: Operation::DeletePresence,
        name: "delete presence",
        does: "delete the presence of",
        method: Method::Delete,
        on: On::Presence(""),
        body: Body::Never,
        answer: Answer::Nothing,
        replay: Replay::SafeDoneIs404,
        ..OBJECT
    },
    Row {
        operation: Operation::ClearPresence,
        name: "clearPresence",
        does: "clear the presence of",
        on: On::Presence("/clearPresence"),
        body: Body::Required { properties: "sessionId", rules: clear_presence::rules },
        has_session: true,
        replay: Replay::SafeDoneIs404,
        ..ACTION
    },
    Row {
        operation: Operation::SetUserPreferredPresence,
        name: "setUserPreferredPresence",
        does: "set the preferred presence of",
        on: On::Presence("/setUserPreferredPresence"),
        body: Body::Required {
            properties: "availability and activity",
            rules: set_user_preferred_presence::rules,
        },
        pairs: Some(&pairs::PREFERRED),
        ..ACTION
    },
    Row {
        operation: Operation::ClearUserPreferredPresence,
        name: "clearUserPreferredPresence",
        does: "clear the preferred presence of",
        on: On::Presence("/clearUserPreferredPresence"),
        body: Body::Empty,
        ..ACTION
    },
    Row {
        operation: Operation::SetStatusMessage,
        name: "setStatusMessage",
        does: "set the status message of",
        on: On::Presence("/setStatusMessage"),
        body: Body::Required { properties: "statusMessage", rules: set_status_message::rules },
        ..ACTION
    },
    Row {
        operation: Operation::SetManualLocation,
        name: "setManualLocation",
        does: "set the work location of",
        on: On::Presence("/setManualLocation"),
        body: LOCATION,
        ..ACTION
    },
    Row {
        operation: Operation::SetAutomaticLocation,
        name: "setAutomaticLocation",
        does: "set the automatic work location of",
        on: On::Presence("/setAutomaticLocation"),
        body: LOCATION,
        ..ACTION
    },
    Row {
        operation: Operation::ClearLocation,
        name: "clearLocation",
        does: "clear the work location of",
        on: On::Presence("/clearLocation"),
        ..ACTION
    },
    Row {
        operation: Operation::ClearAutomaticLocation,
        name: "clearAutomaticLocation",
        does: "clear the automatic work location of",
        on: On::Presence("/clearAutomaticLocation"),
        ..ACTION
    },
    Row {
        operation: Operation::ListPresences,
        name: "list presences",
        does: "list the presences of",
        on: On::Communications("/presences"),
        answer: Answer::Presences,
        ..READ
    },
    Row {
        operation: Operation::CountPresences,
        name: "count presences",
        does: "count the presences of",
        on: On::Communications("/presences/$count"),
        answer: Answer::Count,
        ..READ
    },
    Row {
        operation: Operation::GetPresencesByUserId,
        name: "getPresencesByUserId",
        does: "read the presences of",
        method: Method::Post,
        on: On::Communications("/getPresencesByUserId"),
        body: Body::Required { properties: "ids", rules: get_presences_by_user_id::rules },
        answer: Answer::Presences,
        ..READ
    },
];

impl Operation {
    /// The operation with a number of the C ABI.
    pub fn from_number(number: i32) -> Option<Self> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        TABLE.get(index).map(|row| row.operation)
    }

    /// The pairs of availability and activity that the operation accepts; empty where it has no such rule.
    pub fn pairs(self) -> &'static [(&'static str, &'static str)] {
        self.row().pairs.map_or(&[], |pairs| pairs.accepted)
    }

    pub(crate) fn row(self) -> &'static Row {
        &TABLE[self as usize - 1]
    }
}

impl Row {
    /// Whether it reads, also where that takes a POST.
    pub(crate) fn is_read(&self) -> bool {
        self.method == Method::Get || self.operation == Operation::GetPresencesByUserId
    }

    /// The route as Graph's metadata writes it, `target` being a number of the C ABI.
    pub(crate) fn route(&self, target: usize) -> String {
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        const TARGETS: [&str; 3] = [
            "/me/presence",
            "/users/{user-id}/presence",
            "/communications/presences/{presence-id}",
        ];
        let (start, end) = match self.on {
            On::Presence(end) => (TARGETS[target], end),
            On::Communications(end) => ("/communications", end),
        };
        let is_action = self.method == Method::Post && end != "/presences";
        let end = if is_action { end.replace('/', "/microsoft.graph.") } else { end.into() };
        format!("{method} {start}{end}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_stands_at_its_number() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.operation as usize, index + 1, "{}", row.name);
            assert_eq!(Operation::from_number(row.operation as i32), Some(row.operation));
        }
        assert_eq!(Operation::from_number(0), None);
        assert_eq!(Operation::from_number(17), None);
        assert_eq!(Operation::from_number(i32::MIN), None);
    }

    #[test]
    fn a_route_reads_as_in_graphs_metadata() {
        for (operation, target, route) in [
            (
                Operation::SetPresence,
                1,
                "POST /users/{user-id}/presence/microsoft.graph.setPresence",
            ),
            (Operation::UpdatePresence, 2, "PATCH /communications/presences/{presence-id}"),
            (Operation::CountPresences, 0, "GET /communications/presences/$count"),
            (Operation::CreatePresence, 0, "POST /communications/presences"),
            (
                Operation::GetPresencesByUserId,
                0,
                "POST /communications/microsoft.graph.getPresencesByUserId",
            ),
        ] {
            assert_eq!(operation.row().route(target), route);
        }
    }

    /// What twice would do to the user decides; see the pages that the files of the operations link.
    #[test]
    fn the_replay_rules_are_these() {
        use Operation::*;
        let never = [CreatePresence];
        let done_is_404 = [DeletePresence, ClearPresence];
        for row in &TABLE {
            let rule = match row.operation {
                operation if never.contains(&operation) => Replay::Never,
                operation if done_is_404.contains(&operation) => Replay::SafeDoneIs404,
                _ => Replay::Safe,
            };
            assert_eq!(row.replay, rule, "{}", row.name);
        }
    }

    #[test]
    fn only_create_update_and_delete_are_undocumented() {
        let names: Vec<_> =
            TABLE.iter().filter(|row| !row.documented).map(|row| row.name).collect();
        assert_eq!(names, ["update presence", "create presence", "delete presence"]);
    }
}
