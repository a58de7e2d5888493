//! The options of a client.

use std::sync::{Arc, Mutex};

use mgpresence::{Client, Cloud, Level, Status};
use mgpresence_emulator::Fault;

use crate::support::{Graph, SOON, builder, busy};

#[test]
fn plain_http_needs_loopback_and_consent() {
    for (url, allow, text) in [
        ("http://127.0.0.1:1", false, "is plain http"),
        ("http://graph.microsoft.com", true, "would show the token on the wire"),
        ("https://graph.microsoft.com/v1.0", true, "has a path"),
        ("", true, "is not a URL"),
    ] {
        let builder = Client::builder().base_url(url);
        let builder = if allow { builder.allow_loopback_http() } else { builder };
        let error = builder.build().unwrap_err();
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn invalid_numbers_and_proxies_are_rejected_at_once() {
    let builder = Client::builder;
    for (error, text) in [
        (builder().max_attempts(0).build(), "`max_attempts` is 0"),
        (builder().max_in_flight(0).build(), "`max_in_flight` is 0"),
        (builder().proxy_url("not a url").build(), "Option `proxy_url` is not the URL"),
        (
            builder().proxy_url("socks5://127.0.0.1:1").build(),
            "Option `proxy_url` is not the URL of an HTTP proxy",
        ),
        (builder().user_agent("a\nb").build(), "Option `user_agent` contains a character"),
        (builder().user_agent("a".repeat(2000)).build(), "Option `user_agent` is too long"),
        (builder().base_url(format!("https://{}", "a".repeat(2000))).build(), "is too long"),
    ] {
        let error = error.unwrap_err();
        assert_eq!(error.status(), Status::Option);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[test]
fn an_invalid_ca_file_is_reported_by_the_first_call() {
    let token = mgpresence::Credential::from_token("x").unwrap();
    let client = Client::builder().credential(token).ca_file("/nonexistent.pem").build().unwrap();
    let error = client.send(busy().access_token("x").unwrap().query("a", "b")).unwrap_err();
    // The missing session id is reported before a connection is opened.
    assert_eq!(error.status(), Status::InvalidSessionId);
    let get = mgpresence::Request::get_presence(mgpresence::Target::Me);
    let error = client.send(get).unwrap_err();
    assert_eq!(error.status(), Status::Option);
    assert!(error.to_string().contains("\"/nonexistent.pem\" cannot be read"), "{error}");
}

#[test]
fn each_cloud_has_its_host() {
    for (cloud, url) in [
        (Cloud::Global, "https://graph.microsoft.com"),
        (Cloud::UsGov, "https://graph.microsoft.us"),
        (Cloud::UsGovDod, "https://dod-graph.microsoft.us"),
        (Cloud::Bleu, "https://graph.svc.sovcloud.fr"),
    ] {
        assert_eq!(cloud.base_url(), url);
        Client::builder().cloud(cloud).build().unwrap();
    }
}

#[test]
fn a_proxy_never_sees_the_token_of_plain_http() {
    let emulator = mgpresence_emulator::Emulator::start();
    let error = builder(&emulator).proxy_url("http://127.0.0.1:1").build().unwrap_err();
    assert_eq!(error.status(), Status::Option);
    assert!(error.to_string().contains("would show a proxy the token"), "{error}");
    builder(&emulator).proxy_url("").build().unwrap();
}

#[test]
fn https_goes_through_a_proxy_without_the_token() {
    let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", proxy.local_addr().unwrap());
    let token = mgpresence::Credential::from_token("secret").unwrap();
    let client =
        Client::builder().proxy_url(url).credential(token).max_attempts(1).build().unwrap();
    let asked = std::thread::spawn(move || {
        let (mut stream, _) = proxy.accept().unwrap();
        let mut asked = [0; 4096];
        let length = std::io::Read::read(&mut stream, &mut asked).unwrap();
        String::from_utf8_lossy(&asked[..length]).into_owned()
    });
    client.send(mgpresence::Request::get_presence(mgpresence::Target::Me)).unwrap_err();
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with("CONNECT graph.microsoft.com:443") && !asked.contains("secret"),
        "{asked}"
    );
}

/// The result of the first call of a client behind a proxy.
fn through(proxy_url: &str) -> mgpresence::Error {
    let token = mgpresence::Credential::from_token("x").unwrap();
    let client = Client::builder().proxy_url(proxy_url).credential(token).max_attempts(1);
    let get = mgpresence::Request::get_presence(mgpresence::Target::Me);
    client.build().unwrap().send(get).unwrap_err()
}

#[test]
fn an_unreachable_proxy_is_reported_as_the_proxy() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = through(&format!("HTTP://me:hush@{free}"));
    assert_eq!(error.status(), Status::Connect);
    let text = error.to_string();
    assert!(text.starts_with(&format!("The proxy http://{free} cannot be reached: ")), "{text}");
    assert!(!text.contains("hush") && !text.contains("graph.microsoft.com"), "{text}");
}

#[test]
fn a_proxy_that_refuses_a_connection_is_reported_with_its_reason() {
    for (answer, text) in [
        ("HTTP/1.1 407 Who\r\n\r\n", "wants a user and a password. Write them into its URL"),
        ("HTTP/1.1 502 No\r\n\r\n", "made no connection. Check that it lets connections"),
        ("", "made no connection"),
    ] {
        let proxy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", proxy.local_addr().unwrap());
        let served = std::thread::spawn(move || {
            let (mut stream, _) = proxy.accept().unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
            std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
        });
        let error = through(&url);
        assert_eq!(error.status(), Status::Connect);
        assert!(error.to_string().starts_with(&format!("The proxy {url} {text}")), "{error}");
        served.join().unwrap();
    }
}

/// Why a request fails in a process with these variables, since the environment belongs to a whole process: `name` is the
/// calling test, which runs again in the child. `None` in the parent.
fn failure_with(name: &str, variables: &[(&str, &str)]) -> Option<mgpresence::Error> {
    const CHILD: &str = "MGPRESENCE_TEST_CHILD";
    if std::env::var_os(CHILD).is_some() {
        let token = mgpresence::Credential::from_token("x").unwrap();
        let client = Client::builder().credential(token).base_url("https://graph.invalid");
        let get = mgpresence::Request::get_presence(mgpresence::Target::Me);
        return client.max_attempts(1).build().and_then(|client| client.send(get)).err();
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", name])
        .env(CHILD, "1")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .env_remove("REQUEST_METHOD")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && told.contains("1 passed"), "{told}");
    None
}

#[test]
fn an_invalid_proxy_in_the_environment_is_not_bypassed() {
    let name = "options::an_invalid_proxy_in_the_environment_is_not_bypassed";
    if let Some(error) = failure_with(name, &[("HTTPS_PROXY", "garbage in, garbage out")]) {
        assert_eq!(error.status(), Status::Option, "{error}");
        let start = "The environment variable HTTPS_PROXY is not";
        assert!(error.to_string().starts_with(start), "{error}");
    }
}

#[test]
fn under_cgi_the_proxy_of_the_environment_has_no_effect() {
    let name = "options::under_cgi_the_proxy_of_the_environment_has_no_effect";
    let proxy = ("HTTPS_PROXY", "http://127.0.0.1:1");
    for variables in [vec![proxy], vec![proxy, ("REQUEST_METHOD", "GET")]] {
        if let Some(error) = failure_with(name, &variables) {
            let is_cgi = std::env::var_os("REQUEST_METHOD").is_some();
            let start = "The proxy http://127.0.0.1:1 cannot be reached";
            assert_eq!(error.to_string().starts_with(start), !is_cgi, "{error}");
        }
    }
}

#[test]
fn the_password_of_a_proxy_is_never_printed() {
    let client = Client::builder().proxy_url("http://me:hush@127.0.0.1:1").build().unwrap();
    assert!(!format!("{client:?}").contains("hush"));
}

#[test]
fn the_log_contains_retries_and_results_and_never_tokens() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let graph = Graph::with(|options| {
        options.log(Level::Debug, move |level, subject, line| {
            sink.lock().unwrap().push(format!("{level:?} {subject} {line}"));
        })
    });
    graph.emulator.inject(Fault::answer(503).header("Retry-After", "0").error("x", "y").times(1));
    graph.send(busy()).unwrap();
    graph.client.close(SOON).unwrap(); // waits for the log
    let lines = lines.lock().unwrap();
    let starts = ["Debug attempt ", "Warning retry ", "Debug attempt ", "Info call "];
    assert_eq!(lines.len(), starts.len(), "{lines:?}");
    assert!(lines.iter().zip(starts).all(|(line, start)| line.starts_with(start)), "{lines:?}");
    assert!(lines[1].contains("(503)") && lines[3].contains("setPresence 200"), "{lines:?}");
    assert!(!lines.concat().contains(&graph.token));
}

#[test]
fn a_panic_in_the_log_callback_does_not_fail_a_request() {
    let graph = Graph::with(|options| options.log(Level::Debug, |_, _, _| panic!("on purpose")));
    graph.send(busy()).unwrap();
}

#[test]
fn a_rejected_request_is_logged_too() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let graph = Graph::with(|options| {
        options.log(Level::Error, move |_, _, line| sink.lock().unwrap().push(line.to_string()))
    });
    graph.refusal(mgpresence::Request::get_presence(mgpresence::Target::user("..")));
    graph.client.close(SOON).unwrap();
    assert!(lines.lock().unwrap()[0].contains("get presence: User id"), "{lines:?}");
}
