//! Signing a person in: with a code, with a browser, and with a refresh token afterwards.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};

use mgpresence::{
    Activity, Availability, Credential, CredentialBuilder, DeviceCode, InteractiveBrowser,
    KeepAliveOptions, Prompt, Queue, Request, SetPresence, Status, Target,
};
use mgpresence_emulator::{APP_ID, Emulator, Fault, TENANT_ID};

use crate::http::{browse, exchange, get as page};
use crate::sign_in::{at, client, refusal, sign_ins};
use crate::support::{SOON, until};

/// The person's decision about a code, made before the prompt returns.
fn decide(emulator_url: &str, prompt: &Prompt, decision: &str) {
    let code = prompt.user_code.as_deref().unwrap();
    let answer = exchange("POST", &format!("{emulator_url}/_emulator/signIns/{code}"), decision);
    assert_eq!(answer.status, 204, "{answer:?}");
}

const APPROVE: &str = r#"{"user": "adele"}"#;

fn by_code(emulator: &Emulator, decision: &'static str) -> CredentialBuilder<DeviceCode> {
    let url = emulator.url().to_string();
    let builder = Credential::device_code(move |prompt| {
        decide(&url, prompt, decision);
        Ok(())
    });
    at(emulator, builder).tenant_id(TENANT_ID).client_id(APP_ID)
}

/// A browser that opens the sign-in page on a separate thread.
fn by_browser(emulator: &Emulator) -> CredentialBuilder<InteractiveBrowser> {
    let builder = Credential::interactive_browser().prompt(|prompt| {
        let url = prompt.url.clone();
        thread::spawn(move || browse(&url));
        Ok(())
    });
    at(emulator, builder).tenant_id(TENANT_ID).client_id(APP_ID)
}

fn me() -> Request {
    Request::get_presence(Target::Me)
}

#[test]
fn a_code_that_the_person_approves_signs_in() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let client =
        client(&emulator, by_code(&emulator, APPROVE).scopes(["Presence.Read"]).build().unwrap());
    assert_eq!(client.send(me()).unwrap().http_status(), 200);
    client.send(me()).unwrap();
    assert_eq!(sign_ins(&emulator).len(), 2); // the code, and one question
}

#[test]
fn the_prompt_says_everything_that_the_person_needs() {
    let emulator = Emulator::start();
    let shown = Arc::new(Mutex::new(None));
    let (place, url) = (Arc::clone(&shown), emulator.url().to_string());
    let builder = Credential::device_code(move |prompt| {
        *place.lock().unwrap() = Some(prompt.clone());
        decide(&url, prompt, APPROVE);
        Ok(())
    });
    at(&emulator, builder).client_id(APP_ID).build().unwrap().sign_in(SOON).unwrap();
    let prompt = shown.lock().unwrap().take().unwrap();
    let code = prompt.user_code.as_deref().unwrap();
    assert!(prompt.message.contains(code) && prompt.url.starts_with(emulator.url()), "{prompt:?}");
}

#[test]
fn a_person_who_declines_is_not_signed_in() {
    let emulator = Emulator::start();
    let error = refusal(&emulator, by_code(&emulator, r#"{"decline": true}"#).build().unwrap());
    assert_eq!(error.status(), Status::SignIn);
    assert!(error.to_string().contains("declined"), "{error}");
}

#[test]
fn polling_slows_down_if_entra_asks_for_it() {
    let emulator = Emulator::builder().device_code_interval(1).start().unwrap();
    let url = emulator.url().to_string();
    let builder = Credential::device_code(move |prompt| {
        let (url, prompt) = (url.clone(), prompt.clone());
        thread::spawn(move || {
            thread::sleep(Duration::from_millis(300)); // after the first question
            decide(&url, &prompt, APPROVE);
        });
        Ok(())
    });
    at(&emulator, builder).client_id(APP_ID).build().unwrap().sign_in(SOON).unwrap();
    let counted = emulator.token_requests();
    assert_eq!(
        (&counted[0]["issued"], &counted[0]["refused"]),
        (&1.into(), &1.into()),
        "{counted}"
    );

    let hurried = by_code(&emulator, r#"{"slowDown": true}"#).timeout(Duration::from_secs(3));
    emulator.clear_sent();
    let error = refusal(&emulator, hurried.build().unwrap());
    assert_eq!(error.status(), Status::Timeout);
    // The next poll in six seconds would be after the end of the person's time.
    assert_eq!(emulator.token_requests()[0]["refused"], 1);
}

#[test]
fn a_person_has_the_time_that_the_prompt_shows() {
    let emulator = Emulator::builder().device_code_interval(1).start().unwrap();
    emulator.inject(Fault::answer(500).on("POST", "*/token").times(1));
    emulator.inject(Fault::delay(2 * SOON).on("POST", "*/token"));
    let (told, heard) = mpsc::channel();
    let builder = Credential::device_code(move |prompt| {
        told.send(prompt.expires).map_err(|error| error.to_string())
    });
    let timeout = Duration::from_secs(3);
    let began = SystemTime::now();
    let credential = at(&emulator, builder).client_id(APP_ID).timeout(timeout).build().unwrap();
    assert_eq!(refusal(&emulator, credential).status(), Status::Timeout);
    let (expires, ended) = (heard.recv().unwrap(), SystemTime::now());
    let about = |time: SystemTime| time.duration_since(began).unwrap().as_secs_f64();
    assert!((3.0..4.5).contains(&about(expires)), "{}", about(expires));
    assert!(ended >= expires && about(ended) < about(expires) + 1.5, "{}", about(ended));
}

#[test]
fn a_sign_in_ends_with_the_last_batched_request_that_waits_for_it() {
    let emulator = Emulator::builder().device_code_interval(1).start().unwrap();
    // The channel breaks when the credential is dropped, which the sign-in holds.
    let (told, heard) = mpsc::channel();
    let builder = Credential::device_code(move |_| told.send(()).map_err(|it| it.to_string()));
    let credential = at(&emulator, builder).client_id(APP_ID).build().unwrap();
    let (client, queue) = (client(&emulator, credential), Queue::new());
    let read = Request::get_presence(Target::user("adele")).batched();
    let operation = client.submit(read, &queue, ()).unwrap();
    heard.recv_timeout(SOON).unwrap();
    client.cancel(operation).unwrap();
    queue.wait(Some(SOON)).unwrap();
    drop(client);
    assert_eq!(heard.recv_timeout(SOON), Err(mpsc::RecvTimeoutError::Disconnected));
}

#[test]
fn a_prompt_that_fails_ends_the_sign_in() {
    let emulator = Emulator::start();
    let builder = Credential::device_code(|_| Err("there is no terminal".into()));
    let error = refusal(&emulator, at(&emulator, builder).client_id(APP_ID).build().unwrap());
    assert_eq!(error.to_string(), "The credential provided no token: there is no terminal.");
}

#[test]
fn a_sign_in_times_out_if_the_person_takes_too_long() {
    let emulator = Emulator::start();
    let builder = Credential::device_code(|_| Ok(())).timeout(Duration::from_millis(200));
    let error = refusal(&emulator, at(&emulator, builder).client_id(APP_ID).build().unwrap());
    assert_eq!(error.status(), Status::Timeout);

    let builder = Credential::interactive_browser().prompt(|_| Ok(()));
    let builder = builder.timeout(Duration::from_millis(200));
    let error = refusal(&emulator, at(&emulator, builder).client_id(APP_ID).build().unwrap());
    assert_eq!(error.status(), Status::Timeout);
}

#[test]
fn a_keep_alive_asks_a_person_who_does_not_sign_in_only_once() {
    let emulator = Emulator::start();
    let prompts = Arc::new(AtomicUsize::new(0));
    let (count, url) = (Arc::clone(&prompts), emulator.url().to_string());
    let builder = Credential::device_code(move |prompt| {
        if count.fetch_add(1, Ordering::SeqCst) > 0 {
            decide(&url, prompt, APPROVE);
        }
        Ok(())
    });
    let builder = at(&emulator, builder).tenant_id(TENANT_ID).client_id(APP_ID);
    let credential = builder.timeout(Duration::from_millis(200)).build().unwrap();
    let (client, queue) = (client(&emulator, credential.clone()), Queue::new());
    let keep_alive = client.keep_alive(KeepAliveOptions::default(), &queue, ());
    let keep_alive = keep_alive.map_err(|it| it.0).unwrap();
    let away = SetPresence::new(Availability::Away, Activity::Away);
    keep_alive.hold(Request::set_presence(Target::Me, away).default_session_id()).unwrap();
    until(&client, |_| {
        let outage = keep_alive.status().unwrap().outage;
        outage.is_some_and(|error| error.status() == Status::Interaction)
    });
    assert_eq!(prompts.load(Ordering::SeqCst), 1);

    credential.sign_in(SOON).unwrap();
    until(&client, |_| keep_alive.status().unwrap().held == 1);
    assert_eq!(prompts.load(Ordering::SeqCst), 2);
}

#[test]
fn a_sign_in_can_be_cancelled_while_the_person_is_waited_for() {
    let emulator = Emulator::start();
    let waiting = |builder: CredentialBuilder<InteractiveBrowser>, told: mpsc::Receiver<()>| {
        let credential = at(&emulator, builder).client_id(APP_ID).build().unwrap();
        thread::scope(|scope| {
            let sign_in = scope.spawn(|| credential.sign_in(SOON));
            told.recv().unwrap();
            credential.cancel();
            sign_in.join().unwrap().unwrap_err().status()
        })
    };
    let (prompted, told) = mpsc::channel();
    let builder = Credential::interactive_browser().prompt(move |_| {
        prompted.send(()).unwrap();
        Ok(())
    });
    assert_eq!(waiting(builder, told), Status::Cancelled);
}

#[test]
fn a_browser_comes_back_and_signs_in() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let client = client(&emulator, by_browser(&emulator).login_hint("adele").build().unwrap());
    assert_eq!(client.send(me()).unwrap().http_status(), 200);
    let authorize = &sign_ins(&emulator)[0];
    for part in [
        "code_challenge_method=S256",
        "state=",
        "login_hint=adele",
        "redirect_uri=http%3A%2F%2Flocalhost%3A",
    ] {
        assert!(authorize.contains(part), "{authorize}");
    }
}

#[test]
fn other_requests_to_the_redirect_port_do_not_disturb_a_sign_in() {
    let emulator = Emulator::start();
    let builder = Credential::interactive_browser().prompt(|prompt| {
        let url = prompt.url.clone();
        thread::spawn(move || {
            let redirect = page(&url).location.unwrap();
            let (back, query) = redirect.split_once('?').unwrap();
            let icon = page(&format!("{}/favicon.ico", back.trim_end_matches('/')));
            let stranger = page(&format!("{back}?code=stolen&state=guessed"));
            assert_eq!((icon.status, stranger.status), (404, 404));
            let own = page(&format!("{back}?{query}"));
            assert!(own.status == 200 && own.body.contains("You are signed in"), "{own:?}");
        });
        Ok(())
    });
    let builder = at(&emulator, builder).client_id(APP_ID).tenant_id(TENANT_ID);
    builder.build().unwrap().sign_in(SOON).unwrap();
}

#[test]
fn an_error_of_entra_in_the_browser_reaches_the_caller() {
    let emulator = Emulator::start();
    let error = refusal(&emulator, by_browser(&emulator).login_hint("nobody").build().unwrap());
    assert_eq!(error.status(), Status::SignIn);
    assert!(error.graph_code().unwrap().starts_with("AADSTS"), "{error}");
}

/// The refresh tokens that a credential passes to its host.
type Told = Arc<Mutex<Vec<Option<String>>>>;

fn telling(emulator: &Emulator, told: &Told) -> CredentialBuilder<DeviceCode> {
    let told = Arc::clone(told);
    by_code(emulator, APPROVE).on_refresh_token(move |token| {
        told.lock().unwrap().push(token.map(String::from));
    })
}

#[test]
fn a_refresh_token_signs_in_again_without_the_person() {
    let emulator = Emulator::start();
    let told = Told::default();
    telling(&emulator, &told).build().unwrap().sign_in(SOON).unwrap();
    let token = told.lock().unwrap()[0].clone().unwrap();

    let silent = Credential::device_code(|_| Err("nobody is here".into()));
    let silent = at(&emulator, silent).tenant_id(TENANT_ID).client_id(APP_ID).refresh_token(&token);
    client(&emulator, silent.build().unwrap()).send(me()).unwrap();
}

#[test]
fn a_refresh_token_that_has_ended_is_forgotten_and_the_person_asked() {
    let emulator = Emulator::start();
    let told = Told::default();
    telling(&emulator, &told).build().unwrap().sign_in(SOON).unwrap();
    let token = told.lock().unwrap().remove(0).unwrap();
    exchange("DELETE", &format!("{}/_emulator/signIns", emulator.url()), "");

    telling(&emulator, &told).refresh_token(&token).build().unwrap().sign_in(SOON).unwrap();
    let told = told.lock().unwrap();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].is_none() && told[1].is_some());
}

/// A credential whose host blocks while it stores a refresh token, and the gate that ends the block.
fn slow_to_keep(emulator: &Emulator, told: &Told) -> (Credential, mpsc::Sender<()>) {
    let (told, (gate, opened)) = (Arc::clone(told), mpsc::channel());
    let opened = Mutex::new(opened);
    let builder = by_code(emulator, APPROVE).on_refresh_token(move |token| {
        let _ = opened.lock().unwrap().recv();
        told.lock().unwrap().push(token.map(String::from));
    });
    (builder.build().unwrap(), gate)
}

#[test]
fn a_host_that_is_slow_to_keep_a_refresh_token_holds_up_no_request_and_no_deadline() {
    let (emulator, told) = (Emulator::start(), Told::default());
    let (credential, gate) = slow_to_keep(&emulator, &told);
    let client = client(&emulator, credential.clone());
    client.send(me().timeout(SOON)).unwrap();
    credential.sign_in(Duration::from_millis(50)).unwrap();
    assert!(told.lock().unwrap().is_empty());

    gate.send(()).unwrap();
    credential.sign_in(SOON).unwrap(); // returns once the host has it
    assert_eq!(told.lock().unwrap().len(), 1);
}

#[test]
fn a_sign_in_that_waits_for_its_host_alone_ends_when_it_is_cancelled() {
    let (emulator, told) = (Emulator::start(), Told::default());
    let (credential, gate) = slow_to_keep(&emulator, &told);
    client(&emulator, credential.clone()).send(me().timeout(SOON)).unwrap();
    thread::scope(|scope| {
        let signed_in = scope.spawn(|| credential.sign_in(SOON));
        while !signed_in.is_finished() {
            credential.cancel();
            thread::yield_now();
        }
        signed_in.join().unwrap().unwrap(); // there is a token
    });
    assert!(told.lock().unwrap().is_empty());
    drop(gate);
}

/// The number of prompts, and of sign-ins with a refresh token, after a claims challenge of Graph.
fn asked_for_more(challenge: &str) -> (usize, u64) {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let asked = Arc::new(Mutex::new(0));
    let (count, url) = (Arc::clone(&asked), emulator.url().to_string());
    let builder = Credential::device_code(move |prompt| {
        *count.lock().unwrap() += 1;
        decide(&url, prompt, APPROVE);
        Ok(())
    });
    let builder = at(&emulator, builder).tenant_id(TENANT_ID).client_id(APP_ID);
    let client = client(&emulator, builder.scopes(["Presence.Read"]).build().unwrap());
    client.send(me()).unwrap();
    let url = format!("{}/_emulator/claimsChallenge", emulator.url());
    assert_eq!(exchange("PUT", &url, challenge).status, 204);
    client.send(me()).unwrap();
    let counted = emulator.token_requests();
    let rows = counted.as_array().unwrap().iter();
    let refreshed = rows.filter(|row| row["grantType"] == "refresh_token");
    let refreshed = refreshed.map(|row| row["issued"].as_u64().unwrap()).sum();
    let asked = *asked.lock().unwrap();
    (asked, refreshed)
}

#[test]
fn a_challenge_that_nobody_answers_leaves_the_sign_in_as_it_was() {
    let emulator = Emulator::builder().verify_tokens().start().unwrap();
    let (url, prompts) = (emulator.url().to_string(), AtomicUsize::new(0));
    let builder = Credential::device_code(move |prompt| {
        let is_first = prompts.fetch_add(1, Ordering::SeqCst) == 0;
        decide(&url, prompt, if is_first { APPROVE } else { r#"{"decline": true}"# });
        Ok(())
    });
    let (told, heard) = mpsc::channel();
    let builder = at(&emulator, builder).tenant_id(TENANT_ID).client_id(APP_ID);
    let builder = builder.scopes(["Presence.Read"]).on_refresh_token(move |token| {
        told.send(token.is_some()).unwrap();
    });
    let client = client(&emulator, builder.build().unwrap());
    client.send(me()).unwrap();
    assert_eq!(heard.recv_timeout(SOON), Ok(true));
    let url = format!("{}/_emulator/claimsChallenge", emulator.url());
    assert_eq!(exchange("PUT", &url, r#"{"interactive": true}"#).status, 204);
    assert_eq!(client.send(me()).unwrap_err().status(), Status::SignIn);
    assert_eq!(exchange("DELETE", &url, "").status, 204);
    client.send(me()).unwrap();
    drop(client);
    assert!(heard.recv_timeout(SOON).is_err(), "the refresh token is still good");
}

#[test]
fn a_challenge_is_answered_with_the_refresh_token_or_else_by_the_person() {
    assert_eq!(asked_for_more("{}"), (1, 1));
    assert_eq!(asked_for_more(r#"{"interactive": true}"#), (2, 0));
}
