//! Checks a request against the rules of its operation, before anything is sent.

use serde_json::Value;

use super::body::Body;
use super::headers::check_headers;
use super::path::path_and_query;
use super::row::BodyRule;
use super::{Invalid, Request};
use crate::error::Error;

/// A request that has passed the checks. Only the origin and the token are missing.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) path_and_query: String,
    pub(crate) body: Option<Body>,
}

impl Request {
    /// Whether the body lacks a sessionId and the request asks for the default one.
    pub(crate) fn needs_session_id(&self) -> bool {
        let session_id = self.body.as_ref().and_then(|body| body.property("sessionId"));
        let lacks = session_id.is_none_or(|id| id.is_null());
        self.operation.row().has_session && self.default_session_id && lacks
    }

    /// Checks everything that can be checked without a token.
    pub(crate) fn check(&self) -> Result<Checked, Error> {
        let row = self.operation.row();
        let path_and_query = path_and_query(row, self.api_version, &self.target, &self.query)?;
        check_headers(&self.headers)?;
        self.body.as_ref().map_or(Ok(()), Body::check)?;
        let mut body = match (row.body, &self.body) {
            (BodyRule::Never, Some(_)) => {
                return Err(Invalid::BodyNotTaken { action: row.name }.into());
            }
            (BodyRule::Required { properties, .. }, None) => {
                return Err(Invalid::BodyMissing { action: row.name, properties }.into());
            }
            (BodyRule::Never, None) => None,
            (BodyRule::Empty, None) => Some(Body::default()),
            (_, Some(body)) => Some(body.clone()),
        };
        if let (BodyRule::Required { rules, .. }, Some(body), false) =
            (row.body, &mut body, self.skip_validation)
        {
            if self.needs_session_id() {
                // A placeholder for the check. The real id is known once there is a token.
                body.set("sessionId", &Value::from("default"));
            }
            rules(body)?;
        }
        Ok(Checked { path_and_query, body })
    }
}
