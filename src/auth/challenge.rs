//! Claims challenges: a service demands a token with further claims.
//! <https://learn.microsoft.com/entra/identity-platform/claims-challenge>

use base64::Engine;
use base64::prelude::{BASE64_STANDARD_NO_PAD, BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::json::Json;

/// The longest claims that are passed on, in bytes.
const LONGEST: usize = 8 * 1024;

/// The claims that a WWW-Authenticate header demands, as JSON.
pub(crate) fn claims_challenge(header: &str) -> Option<String> {
    let encoded = parameter(header, "claims")?;
    let encoded = encoded.trim_end_matches('=');
    let decoded = BASE64_STANDARD_NO_PAD.decode(encoded).or(BASE64_URL_SAFE_NO_PAD.decode(encoded));
    let claims = String::from_utf8(decoded.ok()?).ok()?;
    (claims.len() <= LONGEST && Json::parse(&claims).ok()?.is_object()).then_some(claims)
}

/// A parameter of a challenge, such as `name="value"`.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-11.2>
pub(super) fn parameter<'a>(header: &'a str, name: &str) -> Option<&'a str> {
    const BLANK: [char; 2] = [' ', '\t'];
    let mut rest = header;
    loop {
        rest = rest.trim_start_matches([' ', '\t', ',', '=', '"']);
        let end = rest.find([' ', '\t', ',', '=', '"']).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if word.is_empty() {
            return None;
        }
        rest = after;
        // A word without a value is the name of a scheme.
        let Some(value) = after.trim_start_matches(BLANK).strip_prefix('=') else { continue };
        let value = value.trim_start_matches(BLANK);
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_at(closing_quote(quoted)),
            None => value.split_at(value.find([' ', '\t', ',']).unwrap_or(value.len())),
        };
        if word.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = after;
    }
}

/// Where a quoted string ends.
fn closing_quote(quoted: &str) -> usize {
    let mut is_escaped = false;
    let ends = |(_, byte): &(usize, u8)| {
        let ends = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    };
    quoted.bytes().enumerate().find(ends).map_or(quoted.len(), |(at, _)| at)
}

/// The `claims` parameter of a sign-in: the claims of a challenge, and the capability to answer challenges (`cp1`).
pub(super) fn with_capabilities(challenge: Option<&str>) -> String {
    let asked = challenge.and_then(|claims| Json::parse(claims).ok()?.value());
    let mut claims = asked.filter(Value::is_object).unwrap_or_else(|| json!({}));
    if !claims["access_token"].is_object() {
        claims["access_token"] = json!({});
    }
    claims["access_token"]["xms_cc"] = json!({"values": ["cp1"]});
    claims.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_claims_of_a_challenge_are_decoded() {
        let claims = r#"{"access_token":{"nbf":{"essential":true,"value":"1604106651"}}}"#;
        let encoded = base64::prelude::BASE64_STANDARD.encode(claims);
        for header in [
            format!(
                r#"Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", error="insufficient_claims", claims="{encoded}""#
            ),
            format!("Bearer claims={encoded}, error=insufficient_claims"),
            format!(r#"Bearer no_claims="x", claims="{encoded}""#),
            format!(r#"PoP nonce="x", Bearer error="insufficient_claims",claims="{encoded}""#),
            format!(r#"Bearer realm="a \" claims=b", Claims = "{encoded}""#),
        ] {
            assert_eq!(claims_challenge(&header).as_deref(), Some(claims), "{header}");
        }
    }

    #[test]
    fn an_invalid_challenge_is_ignored() {
        let long =
            base64::prelude::BASE64_STANDARD.encode(format!("{{\"a\":\"{}\"}}", "a".repeat(9000)));
        let long = format!(r#"Bearer claims="{long}""#);
        for header in [
            "",
            "Bearer",
            r#"Bearer error="invalid_token""#,
            r#"Bearer claims="""#,
            r#"Bearer claims="bm8ganNvbg==""#,
            &long,
        ] {
            assert_eq!(claims_challenge(header), None, "{header}");
        }
    }

    #[test]
    fn the_claims_of_a_challenge_are_sent_with_the_capability() {
        let both = with_capabilities(Some(r#"{"access_token":{"nbf":{"essential":true}}}"#));
        assert_eq!(
            serde_json::from_str::<Value>(&both).unwrap(),
            json!({"access_token": {"nbf": {"essential": true}, "xms_cc": {"values": ["cp1"]}}})
        );
        assert_eq!(with_capabilities(None), r#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#);
    }
}
