//! Form bodies, `application/x-www-form-urlencoded`, and the client's credentials in an Authorization header.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::EntraError;
use crate::http::{Request, decode};

/// The names and values of a POST body or of a GET query.
#[derive(Clone, Debug, Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a POST. As at Entra's token endpoint, any other method gives 400.
    pub(super) fn posted(request: &Request) -> Result<Self, EntraError> {
        if request.method != "POST" {
            return Err(EntraError::wrong_method());
        }
        let mut form = Self::parse(&String::from_utf8_lossy(&request.body));
        form.0.extend(basic_credentials(request).unwrap_or_default());
        Ok(form)
    }

    pub(super) fn of_query(request: &Request) -> Self {
        Self::parse(request.query.as_deref().unwrap_or_default())
    }

    fn parse(text: &str) -> Self {
        let decode = |part: &str| decode(&part.replace('+', " "));
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self(pairs.map(|(name, value)| (decode(name), decode(value))).collect())
    }

    /// The first value with that name; `None` if it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, EntraError> {
        self.get(name).ok_or_else(|| EntraError::missing_parameter(name))
    }
}

/// The client id and secret of a `Basic` Authorization header, each form-encoded (RFC 6749, 2.3.1).
fn basic_credentials(request: &Request) -> Option<[(String, String); 2]> {
    let (scheme, credentials) = request.header("authorization")?.split_once(' ')?;
    let is_basic = scheme.eq_ignore_ascii_case("Basic");
    let text =
        String::from_utf8(STANDARD.decode(credentials.trim()).ok().filter(|_| is_basic)?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some([("client_id".into(), decode(id)), ("client_secret".into(), decode(secret))])
}

#[cfg(test)]
mod tests {
    use super::{Form, Request};

    #[test]
    fn a_form_is_decoded() {
        let body = b"scope=a+b%2B&client_secret=x%26y&empty=&scope=c".to_vec();
        let form =
            Form::posted(&Request { method: "POST".into(), body, ..Request::default() }).unwrap();
        assert_eq!(
            (form.get("scope"), form.get("client_secret"), form.get("empty")),
            (Some("a b+"), Some("x&y"), None)
        );
    }

    #[test]
    fn basic_credentials_join_the_form() {
        let headers = vec![("authorization".into(), "Basic YXBwOnMlMjZ0".into())];
        let form = Form::posted(&Request { method: "POST".into(), headers, ..Request::default() })
            .unwrap();
        assert_eq!((form.get("client_id"), form.get("client_secret")), (Some("app"), Some("s&t")));
    }
}
