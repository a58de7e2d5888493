//! A small HTTP client for the tests: one call, one answer, statuses are no errors.

use mgpresence_emulator::Emulator;
use serde_json::{Value, json};

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: ureq::http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    /// The body; null when there is none.
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&self.text).expect(&self.text)
        }
    }

    /// `400 InvalidArgument: The …`
    pub(crate) fn error(&self) -> String {
        let error = &self.json()["error"];
        let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}: {}", self.status, text("code"), text("message"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header of these tests is text"))
    }
}

/// Calls one emulator with one token.
pub(crate) struct Client {
    agent: ureq::Agent,
    url: String,
    token: String,
}

impl Client {
    pub(crate) fn new(emulator: &Emulator, token: String) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .allow_non_standard_methods(true);
        Self { agent: config.build().into(), url: emulator.url().into(), token }
    }

    /// As the default application, which may write everybody's presence.
    pub(crate) fn of_application(emulator: &Emulator) -> Self {
        Self::new(emulator, emulator.app_token())
    }

    pub(crate) fn of_user(emulator: &Emulator, user: &str) -> Self {
        Self::new(emulator, emulator.user_token(user))
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.call("GET", path, None, &[])
    }

    pub(crate) fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(body), &[])
    }

    pub(crate) fn post_form(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let sent = self.agent.post(format!("{}{path}", self.url)).send_form(form.iter().copied());
        let mut answer = sent.expect("the emulator answers");
        let text = answer.body_mut().read_to_string().expect("the answer arrives whole");
        Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text }
    }

    pub(crate) fn call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.try_call(method, path, body, headers).expect("the emulator answers")
    }

    pub(crate) fn try_call(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, ureq::Error> {
        let mut request =
            ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        if !self.token.is_empty() {
            request = request.header("Authorization", format!("Bearer {}", self.token));
        }
        request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let mut answer = match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json");
                self.agent.run(
                    request
                        .body(body.to_string())
                        .expect("a request of these tests is well formed"),
                )?
            }
            None => self
                .agent
                .run(request.body(()).expect("a request of these tests is well formed"))?,
        };
        let text = answer.body_mut().read_to_string()?;
        Ok(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), text })
    }

    /// `Busy/InACall`
    pub(crate) fn shown(&self, user: &str) -> String {
        let presence = self.get(&format!("/v1.0/users/{user}/presence")).json();
        format!(
            "{}/{}",
            presence["availability"].as_str().unwrap(),
            presence["activity"].as_str().unwrap()
        )
    }
}

/// A setPresence body of the default application.
pub(crate) fn session(availability: &str, activity: &str) -> Value {
    json!({"sessionId": mgpresence_emulator::APP_ID, "availability": availability, "activity": activity})
}
