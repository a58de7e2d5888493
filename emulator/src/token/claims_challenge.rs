//! Claims challenges: additional claims that Graph requires in a token.
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Caller;
use crate::http::GraphError;

/// The requirements for a token: authentication contexts, or a minimum time of issue.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Given")]
pub(crate) struct ClaimsChallenge {
    claims: Value,
    acrs: Vec<String>,
    nbf: i64,
    /// Whether only an interactive sign-in meets the challenge, and a refresh token does not.
    pub(crate) is_interactive: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(default = "first_context")]
    claims: Value,
    #[serde(default)]
    interactive: bool,
}

fn first_context() -> Value {
    json!({"access_token": {"acrs": {"essential": true, "value": "c1"}}})
}

impl TryFrom<Given> for ClaimsChallenge {
    type Error = String;

    fn try_from(Given { claims, interactive }: Given) -> Result<Self, String> {
        let wanted = claims["access_token"].as_object().filter(|wanted| !wanted.is_empty());
        let wanted = wanted.ok_or("claims wants nothing of access_token")?;
        if let Some(other) = wanted.keys().find(|name| !["acrs", "nbf"].contains(&name.as_str())) {
            return Err(format!(
                "claims wants {other} of access_token, and the emulator can judge only acrs and nbf"
            ));
        }
        let texts = |name: &str| wanted.get(name).map(values).unwrap_or_default();
        let nbf = texts("nbf").first().map_or(Ok(0), |text| text.parse());
        let nbf = nbf.map_err(|_| "the value of nbf is not a number of seconds since 1970")?;
        let acrs = texts("acrs");
        Ok(Self { acrs, nbf, claims, is_interactive: interactive })
    }
}

/// The values in a claim request, `{"value": "c1"}` or `{"values": ["c1", "c2"]}`.
pub(crate) fn values(claim: &Value) -> Vec<String> {
    let several = claim["values"].as_array().into_iter().flatten();
    let all = several.chain([&claim["value"]]).filter_map(Value::as_str);
    all.map(str::to_owned).collect()
}

impl ClaimsChallenge {
    pub(crate) fn is_met_by(&self, caller: &Caller) -> bool {
        self.acrs.iter().all(|wanted| caller.acrs.contains(wanted)) && caller.valid_from >= self.nbf
    }

    /// 401 with the claims to request. `start` is the challenge that every 401 of Graph has.
    pub(crate) fn refusal(&self, start: &str) -> GraphError {
        let claims = STANDARD.encode(self.claims());
        let challenge = format!("{start}, error=\"insufficient_claims\", claims=\"{claims}\"");
        GraphError::invalid_token(
            "Continuous access evaluation resulted in challenge with result: InteractionRequired.",
        )
        .with("www-authenticate", challenge)
    }

    /// The claims in the form of the parameter `claims`.
    pub(crate) fn claims(&self) -> String {
        self.claims.to_string()
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({"claims": self.claims, "interactive": self.is_interactive})
    }
}

#[cfg(test)]
mod tests {
    use super::{ClaimsChallenge, json};

    #[test]
    fn a_challenge_that_no_token_could_meet_is_refused() {
        for (claims, word) in [
            (json!({}), "nothing"),
            (json!({"access_token": {}}), "nothing"),
            (json!({"access_token": {"amr": {"value": "mfa"}}}), "amr"),
            (json!({"access_token": {"nbf": {"value": "today"}}}), "nbf"),
        ] {
            let read = serde_json::from_value::<ClaimsChallenge>(json!({"claims": claims}));
            assert!(read.unwrap_err().to_string().contains(word), "{claims}");
        }
    }
}
