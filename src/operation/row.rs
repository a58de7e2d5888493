//! What a row of the table of operations says: how an operation is sent, what it takes and returns, when it may be
//! sent again.

use super::Operation;
use super::property::Rules;
use crate::presence::pairs::Pairs;

/// An operation as this library sends and reads it. Each operation's file has its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    /// Graph's name, for texts.
    pub(crate) name: &'static str,
    /// What it does, for texts: `Graph refused to {does} adele`.
    pub(crate) does: &'static str,
    pub(crate) effect: Effect,
    /// Whether Graph's metadata has it as an action, whose name stands in the path behind `microsoft.graph.`.
    pub(crate) is_action: bool,
    pub(crate) method: Method,
    pub(crate) on: On,
    pub(crate) body: BodyRule,
    pub(crate) returns: Returns,
    pub(crate) replay: Replay,
    /// The pairs of availability and activity that it accepts, where it has such a rule.
    pub(crate) pairs: Option<&'static Pairs>,
    /// Whether it is about the session of an application, whose id can be left to the credential.
    pub(crate) has_session: bool,
    /// False for what Graph's metadata has and no page documents.
    pub(crate) is_documented: bool,
}

/// Whether an operation changes anything, whatever its method is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Effect {
    Read,
    Write,
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

/// Whether an operation takes a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyRule {
    Never,
    /// `{}` is sent where the caller gives none.
    Empty,
    Required {
        properties: &'static str,
        rules: Rules,
    },
}

/// What a successful response contains.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Returns {
    Nothing,
    Presence,
    Presences,
    Count,
}

impl Returns {
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

/// Whether an attempt may be repeated after its response was lost, or after the service put it off.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Replay {
    /// Sending it twice has the effect of sending it once.
    Safe,
    /// As `Safe`, and a 404 to a repeated attempt means that the first one succeeded.
    SafeDoneIs404,
    /// Sending it twice has another effect: never again when bytes may have been sent.
    Never,
}

impl Row {
    /// A row with what is true of most operations: a documented action that takes no body, returns nothing, and may be
    /// repeated. A row replaces what is not true of it.
    pub(super) const fn new(
        operation: Operation,
        name: &'static str,
        does: &'static str,
        effect: Effect,
        on: On,
    ) -> Self {
        Self {
            operation,
            name,
            does,
            effect,
            on,
            is_action: true,
            method: Method::Post,
            body: BodyRule::Never,
            returns: Returns::Nothing,
            replay: Replay::Safe,
            pairs: None,
            has_session: false,
            is_documented: true,
        }
    }

    /// The route as Graph's metadata writes it, `target` being a number of the C ABI.
    pub(crate) fn route(&self, target: usize) -> String {
        const TARGETS: [&str; 3] = [
            "/me/presence",
            "/users/{user-id}/presence",
            "/communications/presences/{presence-id}",
        ];
        let method = match self.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        let (start, end) = match self.on {
            On::Presence(end) => (TARGETS[target], end),
            On::Communications(end) => ("/communications", end),
        };
        let end = if self.is_action { end.replace('/', "/microsoft.graph.") } else { end.into() };
        format!("{method} {start}{end}")
    }
}
