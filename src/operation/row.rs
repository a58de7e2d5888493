//! A row of the table of operations: how an operation is sent, what it accepts and returns, and whether it may be sent
//! again.

use super::Operation;
use super::property::Rules;
use crate::presence::pairs::Pairs;

/// Describes one operation. Each operation's file contains its row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) operation: Operation,
    /// Graph's name, for messages.
    pub(crate) name: &'static str,
    /// What the operation does, for messages: `Graph refused to {does} adele`.
    pub(crate) does: &'static str,
    pub(crate) effect: Effect,
    /// Whether Graph's metadata defines the operation as an action, with the prefix `microsoft.graph.` in its path.
    pub(crate) is_action: bool,
    pub(crate) method: Method,
    pub(crate) on: On,
    pub(crate) body: BodyRule,
    pub(crate) returns: Returns,
    pub(crate) replay: Replay,
    /// The pairs of availability and activity that the operation accepts, if it has such a rule.
    pub(crate) pairs: Option<&'static Pairs>,
    /// Whether the body has a sessionId, which can default to the credential's client id.
    pub(crate) has_session: bool,
    /// False for an operation that is in Graph's metadata but on no page of its documentation.
    pub(crate) is_documented: bool,
}

/// Whether an operation changes anything. The method does not tell: some reads are POST.
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

/// What an operation applies to, with the end of its path.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum On {
    /// One user's presence, at any of the three paths of [`super::Target`].
    Presence(&'static str),
    /// The collection below `/communications`.
    Communications(&'static str),
}

/// Whether an operation takes a body.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyRule {
    Never,
    /// Optional: without a body, `{}` is sent.
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
    /// The kind of body, for messages.
    pub(crate) fn expected(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Presence => "a presence",
            Self::Presences => "a list of presences",
            Self::Count => "a number",
        }
    }
}

/// Whether a request may be sent again after its response was lost, or after the service asked to retry later.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Replay {
    /// Sending it twice has the effect of sending it once.
    Safe,
    /// As `Safe`, and a 404 to a repeated attempt means that the first one succeeded.
    SafeDoneIs404,
    /// Sending it twice has another effect than sending it once, so it is not repeated once bytes may have been sent.
    Never,
}

impl Row {
    /// A row with the properties of most operations: a documented action that takes no body, returns nothing, and may
    /// be repeated. The row of another kind of operation replaces what differs.
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

    /// The route in the notation of Graph's metadata. `target` is a number of the C ABI.
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
