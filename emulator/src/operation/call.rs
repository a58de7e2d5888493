//! One call of an operation: the caller, the request, the time and the user whose presence is concerned.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::body::Body;
use crate::directory::User;
use crate::http::{Answer, GraphError, Outcome, Request};
use crate::operation::{Route, Target};
use crate::state::State;
use crate::token::Caller;

/// The arguments of a handler.
pub(crate) struct Call<'a> {
    pub(crate) state: &'a mut State,
    pub(crate) request: &'a Request,
    pub(crate) caller: Caller,
    pub(crate) route: Route,
    pub(crate) now: Timestamp,
}

impl Call<'_> {
    /// The body, which must be a JSON object.
    pub(crate) fn body(&self) -> Result<Body, GraphError> {
        Body::of(self.request)
    }

    /// The user that the path names. 400 for `/me` without a signed-in user.
    pub(super) fn target(&self) -> Result<String, GraphError> {
        match &self.route.target {
            Some(Target::User(name) | Target::Presence(name)) => Ok(name.clone()),
            _ => self.caller.user.clone().ok_or_else(|| {
                GraphError::bad_request(
                    "/me request is only valid with delegated authentication flow.",
                )
            }),
        }
    }

    /// The user that the path names, if the caller may write that presence.
    pub(super) fn writable_user(&mut self) -> Result<&mut User, GraphError> {
        let name = self.target()?;
        self.caller.check_write_scope()?;
        let id = self.existing_id(&name)?;
        self.caller.may_write(&id)?;
        self.user(&id)
    }

    /// The user that the path names, if the caller may write that user's work location.
    pub(super) fn locatable_user(&mut self) -> Result<&mut User, GraphError> {
        let name = self.target()?;
        self.caller.may_write_location()?;
        let id = self.existing_id(&name)?;
        self.caller.may_write(&id)?;
        self.user(&id)
    }

    /// The id of an existing user. A delegated caller that names an unknown user gets 403, so that the answer does not
    /// reveal which users exist.
    pub(super) fn existing_id(&self, name: &str) -> Result<String, GraphError> {
        match self.state.directory.find(name) {
            Some(user) => Ok(user.id.clone()),
            None if self.caller.user.is_some() && !self.caller.is(name) => {
                Err(GraphError::another_user())
            }
            None => Err(no_such_user(name)),
        }
    }

    pub(super) fn user(&mut self, name: &str) -> Result<&mut User, GraphError> {
        self.state.directory.find_mut(name).ok_or_else(|| no_such_user(name))
    }

    /// A user's presence as this caller sees it.
    pub(super) fn presence(&mut self, id: &str) -> Result<Value, GraphError> {
        let (now, to_owner) = (self.now, self.caller.is(id));
        let user = self.user(id)?;
        let mut presence = json!({"id": user.id});
        let Value::Object(properties) = user.presence.properties(now, to_owner) else {
            unreachable!("properties are an object")
        };
        presence.as_object_mut().expect("made as an object").extend(properties);
        if self.state.settings.camel_case {
            ["availability", "activity"]
                .iter()
                .for_each(|name| to_camel_case(&mut presence[*name]));
        }
        Ok(presence)
    }

    /// The answer to a write that returns the object, with the type from Microsoft's documentation.
    pub(super) fn written(&mut self, status: u16, id: &str) -> Outcome {
        let presence = self.presence(id)?;
        let mut body = json!({"@odata.type": "#microsoft.graph.presence"});
        body.as_object_mut()
            .expect("made as an object")
            .extend(presence.as_object().cloned().unwrap_or_default());
        let etag = self.etag(id)?;
        Ok(Answer::odata(status, &body).with("etag", etag))
    }

    pub(super) fn etag(&mut self, id: &str) -> Result<String, GraphError> {
        let now = self.now;
        Ok(self.user(id)?.presence.etag(now))
    }

    /// 412 if the request has an If-Match header with another version of the user's presence.
    pub(super) fn check_if_match(&mut self) -> Result<(), GraphError> {
        let Some(wanted) = self.request.header("if-match").map(str::to_owned) else {
            return Ok(());
        };
        let name = self.target()?;
        let current = self.etag(&name)?;
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let is_met =
            wanted.split(',').any(|tag| tag.trim() == "*" || opaque(tag) == opaque(&current));
        is_met.then_some(()).ok_or_else(GraphError::precondition_failed)
    }

    /// `…/v1.0`
    pub(super) fn root(&self) -> String {
        format!("{}/{}", self.state.origin(self.request), self.route.version.as_str())
    }

    /// 404 in strict mode, because PATCH, POST and DELETE do not exist on the live service.
    pub(super) fn check_lenient(&self) -> Result<(), GraphError> {
        if self.state.settings.strict { Err(GraphError::not_found("")) } else { Ok(()) }
    }
}

fn to_camel_case(word: &mut Value) {
    if let Value::String(text) = word
        && let Some(first) = text.get_mut(..1)
    {
        first.make_ascii_lowercase();
    }
}

/// The error code of the directory, which distinguishes an unknown user from an unknown session.
fn no_such_user(name: &str) -> GraphError {
    GraphError::new(
        404,
        "Request_ResourceNotFound",
        format!(
            "Resource '{name}' does not exist or one of its queried reference-property objects are not present."
        ),
    )
}
