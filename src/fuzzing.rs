//! What each parser of text from outside guarantees for any input. libFuzzer runs these checks (`tools/fuzz`), and so
//! does `cargo test`, with the corpus in fuzz/corpus. Behind the feature `fuzzing`; not part of the API.

use std::str;
use std::time::{Duration, SystemTime};

use serde_json::value::RawValue;

use crate::auth::{claims_challenge, sign_with};
use crate::json::Json;
use crate::operation::{Operation, Replay, Request, Target, content};
use crate::presence::Presence;
use crate::presence::duration::{Length, Range, guess};
use crate::presence::invalid_duration::InvalidDuration;
use crate::quoted::Truncated;
use crate::token::{Claims, Token};
use crate::transport::{Origin, RetryRule, error_object, retry_after};

/// The name of a parser's folder in fuzz/corpus, and a function that panics if an input breaks a guarantee.
pub type Parser = (&'static str, fn(&[u8]));

/// Every parser that reads text from outside.
pub const TARGETS: &[Parser] = &[
    ("answers", answers),
    ("bodies", bodies),
    ("certificates", certificates),
    ("challenges", challenges),
    ("durations", durations),
    ("next_links", next_links),
    ("retry_after", retry_after_headers),
    ("tokens", tokens),
];

/// A certificate that can be read has a key that can sign.
fn certificates(data: &[u8]) {
    if let Ok(signature) = sign_with(data, "hush-hush-hush") {
        assert!(signature.len() >= 256, "{}", signature.len());
    }
}

/// The claims that a challenge asks for are a JSON object.
fn challenges(data: &[u8]) {
    if let Some(claims) = claims_challenge(&String::from_utf8_lossy(data)) {
        assert!(Json::parse(&claims).is_ok_and(Json::is_object), "{claims}");
    }
}

/// A duration that can be parsed, or guessed, is written in a form that parses to the same length.
fn durations(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let read = Length::parse(text);
    if let Ok(length) = read {
        assert_eq!(Length::parse(&length.to_string()), read);
        assert_eq!(Length::parse(&text.to_ascii_lowercase()), read);
    }
    if let Some(meant) = guess(text) {
        assert_eq!(Length::parse(&meant.to_string()), Ok(meant));
    }
    let range = Range::Session;
    match range.parse(text) {
        Ok(length) => assert!((300..=14_400).contains(&length.seconds)),
        Err(fault) => {
            let refusal = InvalidDuration::new(text, fault, range).to_string();
            assert!(refusal.chars().count() < 300, "{refusal}");
        }
    }
}

/// Maps each byte to an operation.
fn operation(byte: u8) -> Operation {
    let mut all = Operation::all();
    all.nth(usize::from(byte) % all.len()).expect("the remainder is less than the count")
}

/// The first byte selects the operation. A body that passes the rules is JSON, and passes them again unchanged.
fn bodies(data: &[u8]) {
    let Some((number, body)) = data.split_first() else { return };
    let operation = operation(*number);
    let sent = |body: &str| {
        let request = Request::new(operation, Target::user("adele")).body_json(body).ok()?;
        Some(request.check().ok()?.body?.to_json())
    };
    let Some(first) = str::from_utf8(body).ok().and_then(sent) else { return };
    serde_json::from_str::<&RawValue>(&first).expect("what is sent is JSON");
    assert_eq!(sent(&first).as_ref(), Some(&first), "what is sent is accepted, and sent as it is");
}

/// The first byte selects the operation. A presence that was read from a response reads the same again.
fn answers(data: &[u8]) {
    let [number, body @ ..] = data else { return };
    let operation = operation(*number);
    let body = String::from_utf8_lossy(body);
    if let Ok(content) = content::read(operation.row(), false, &body) {
        for presence in &content.presences {
            let json = Json::parse(&presence.json).expect("a presence is JSON");
            assert_eq!(Presence::read(json), *presence);
        }
        let has_content = !content.presences.is_empty() || content.count.is_some();
        assert!(!has_content || Json::parse(&body).is_ok(), "{content:?}");
    }
    let (code, message) = error_object(&body);
    for text in [code, message].into_iter().flatten() {
        let shown = Truncated(&text).to_string();
        assert!(!shown.contains(char::is_control) && shown.chars().count() < 1500, "{shown}");
    }
}

/// The wait that Graph asks for is observed in full or not at all, and never exceeds the budget or the deadline.
fn retry_after_headers(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (now, left) =
        (SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000), Duration::from_secs(50));
    let asked = retry_after(text, now);
    let waited = Duration::from_secs(20);
    match RetryRule::DEFAULT.wait(Replay::Safe, 1, waited, asked, left) {
        Ok(wait) => {
            let least = asked.filter(|asked| *asked >= Duration::from_millis(100));
            assert!(least.is_none_or(|least| wait >= least), "{wait:?}");
            assert!(wait <= left && wait <= RetryRule::DEFAULT.budget - waited, "{wait:?}");
        }
        Err(_) => assert!(asked.is_some(), "without a Retry-After there is time for one more"),
    }
}

/// A link that is admitted has the origin of the client, and contains no credentials.
fn next_links(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let origin = Origin::new("https://graph.microsoft.com", false).expect("it is Graph's");
    if let Ok(url) = origin.admit(text) {
        assert_eq!((url.scheme(), url.host_str()), ("https", Some("graph.microsoft.com")), "{url}");
        assert_eq!((url.port(), url.username(), url.password()), (None, "", None), "{url}");
        assert_eq!(origin.admit(url.as_str()).ok(), Some(url));
    }
    // The same is true of a base URL: one that is accepted is only an origin.
    if let Ok(base) = Origin::new(text, true) {
        assert!(base.is_https() || base.is_loopback(), "{base}");
        let url = base.join("/v1.0/me").expect("a path can be joined to any origin");
        assert_eq!((url.path(), url.username(), url.password()), ("/v1.0/me", "", None), "{url}");
    }
}

/// A token that is accepted can be sent in a header, its claims can be read whatever they contain, and no text reveals
/// it.
fn tokens(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let Ok(token) = Token::new(text) else { return };
    assert!(token.header().is_sensitive());
    let about = Claims::of(&token).about();
    for key in ["clientId", "tenantId", "account", "scopes", "roles", "expires"] {
        assert!(about.get(key).is_some(), "{about}");
    }
    let echoed = token.redact(format!("a {} b", token.as_str()));
    assert!(token.as_str().len() < 12 || !echoed.contains(token.as_str()), "{echoed}");
}

#[cfg(test)]
mod tests {
    use super::TARGETS;

    #[test]
    fn every_input_of_the_corpus_keeps_the_guarantees() {
        for (name, target) in TARGETS {
            let folder = format!("{}/fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
            let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
            let inputs: Vec<_> = files.map(|path| std::fs::read(path).unwrap()).collect();
            assert!(inputs.len() > 3, "{folder} has {} inputs", inputs.len());
            inputs.iter().for_each(|input| target(input));
        }
    }
}
