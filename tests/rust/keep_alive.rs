//! Keep-alives over real sockets. The tests move the clocks of the library and the emulator.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mgpresence::{
    AccessToken, Activity, Availability, Client, Completion, Credential, Error, KeepAlive,
    KeepAliveOptions, KeepAliveState, Queue, Request, SetPresence, SetUserPreferredPresence,
    Status, Target, TestClock,
};
use mgpresence_emulator::{Emulator, Fault};

use crate::support::{APP_ID, Gated, SOON, builder, busy, new_tenant, until};

use KeepAliveState::{Ended, Failing, Held, Lost, Recovered, Refused, Renewed, Stopped};

/// A keep-alive, and an emulator whose clock moves with that of the keep-alive.
struct Kept {
    emulator: Emulator,
    client: Client,
    clock: TestClock,
    queue: Queue<()>,
    keep_alive: KeepAlive,
}

impl Kept {
    fn start(options: KeepAliveOptions) -> Self {
        Self::on(Emulator::builder().time_scale(0.0).start().unwrap(), options)
    }

    fn on(emulator: Emulator, options: KeepAliveOptions) -> Self {
        let year = Duration::from_secs(365 * 24 * 3600);
        let token = emulator.token(APP_ID).tenant(&new_tenant()).expires_in(year).mint();
        Self::with(emulator, Credential::from_token(&token).unwrap(), options)
    }

    fn with(emulator: Emulator, credential: Credential, options: KeepAliveOptions) -> Self {
        let client = builder(&emulator).credential(credential).build().unwrap();
        let (clock, queue) = (TestClock::new(), Queue::new());
        let options = options.clock(&clock);
        let keep_alive = client.keep_alive(options, &queue, ()).map_err(|it| it.0).unwrap();
        Self { emulator, client, clock, queue, keep_alive }
    }

    fn hold(&self, user: &str, availability: Availability, activity: Activity) {
        let body = SetPresence::new(availability, activity);
        self.keep_alive.hold(Request::set_presence(Target::user(user), body)).unwrap();
    }

    fn hold_available(&self, user: &str) {
        self.hold(user, Availability::Available, Activity::Available);
    }

    /// Moves the clocks in steps, and waits after each step until the keep-alive has handled it.
    fn advance(&self, time: Duration) {
        const STEP: Duration = Duration::from_secs(5);
        let mut left = time;
        while !left.is_zero() {
            let step = left.min(STEP);
            self.emulator.advance(step);
            self.clock.advance(step);
            self.settle();
            left -= step;
        }
    }

    /// Waits until all due renewals have been sent and answered.
    fn settle(&self) {
        let start = Instant::now();
        while !self.keep_alive.is_idle() {
            assert!(start.elapsed() < SOON, "{:?}", self.keep_alive.status());
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn next(&self) -> Completion<()> {
        self.queue.wait(Some(SOON)).unwrap()
    }

    /// Checks the states of the next events.
    #[track_caller]
    fn expect(&self, states: &[KeepAliveState]) {
        let found: Vec<_> = states.iter().map(|_| self.next().event.unwrap().state).collect();
        assert_eq!(found, states);
        assert_eq!(
            self.queue.wait(Some(Duration::ZERO)).unwrap_err().status(),
            Status::WaitTimeout
        );
    }

    fn shown(&self, user: &str) -> String {
        let presence = self.emulator.presence(user);
        let word = |name: &str| presence[name].as_str().unwrap().to_string();
        format!("{}/{}", word("availability"), word("activity"))
    }

    fn sent(&self) -> usize {
        self.emulator.sent().len()
    }
}

const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn available_is_kept_alive_for_an_hour_with_a_request_every_four_minutes() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("adele");
    kept.settle();
    for _ in 0..60 {
        kept.advance(MINUTE);
        assert_eq!(kept.shown("adele"), "Available/Available");
    }
    assert_eq!(kept.sent(), 15 + 1);
    let first = kept.next();
    assert_eq!(first.result.unwrap().http_status(), 200);
    let event = first.event.unwrap();
    assert_eq!((event.state, event.target), (Held, Some(Target::user("adele"))));
    let seconds = |time: Option<std::time::SystemTime>| {
        time.unwrap().duration_since(event.at).unwrap().as_secs_f64().round()
    };
    assert_eq!((seconds(event.next), seconds(event.lapses)), (240.0, 300.0));
    assert_eq!(kept.keep_alive.status().unwrap().renewals, 16);
}

#[test]
fn an_event_ends_a_wait_that_began_before_it() {
    let kept = Kept::start(KeepAliveOptions::default());
    thread::scope(|scope| {
        let waiting = scope.spawn(|| kept.next().event.unwrap().state);
        thread::sleep(Duration::from_millis(50)); // it waits by now, or the test shows less
        kept.hold_available("adele");
        assert_eq!(waiting.join().unwrap(), Held);
    });
    kept.queue.close().unwrap();
    assert_eq!(kept.queue.wait(None).unwrap().event.unwrap().state, Ended);
    assert_eq!(kept.queue.wait(None).unwrap_err().status(), Status::Closed);
}

#[test]
fn events_and_completions_are_delivered_in_the_order_in_which_they_came() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("adele");
    kept.settle();
    let read = Request::get_presence(Target::user("adele"));
    kept.client.submit(read, &kept.queue, ()).unwrap();
    until(&kept.client, |stats| stats.outstanding == 1);
    kept.hold_available("alex");
    kept.settle();
    let order: Vec<_> = (0..3).map(|_| kept.next().event.map(|event| event.state)).collect();
    assert_eq!(order, [Some(Held), None, Some(Held)]);
}

#[test]
fn renewals_are_reported_if_that_is_wanted_and_an_event_replaces_one_that_was_not_taken() {
    let kept = Kept::start(KeepAliveOptions::default().report_renewals());
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
    kept.advance(5 * MINUTE);
    kept.expect(&[Renewed]);
    kept.advance(60 * MINUTE);
    kept.expect(&[Renewed]);
}

#[test]
fn an_event_replaces_that_of_an_earlier_hold_of_the_same_presence() {
    let kept = Kept::start(KeepAliveOptions::default());
    for _ in 0..3 {
        kept.hold_available("adele");
        kept.settle();
        kept.keep_alive.release(&Target::user("adele")).unwrap();
    }
    kept.hold_available("ADELE");
    kept.settle();
    kept.expect(&[Held]);
}

/// A service whose answer is delayed until the fault is cleared.
fn failing_adele() -> Kept {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
    kept.emulator.inject(Fault::answer(503));
    kept.advance(4 * MINUTE);
    kept
}

#[test]
fn a_presence_that_failed_often_is_sent_once_in_each_attempt() {
    let kept = failing_adele();
    let before = kept.sent();
    kept.advance(MINUTE);
    // After 1, 2, 4, 8, 16 and 16 s.
    assert!(kept.sent() - before <= 6, "{}", kept.sent() - before);
}

#[test]
fn a_failure_is_reported_with_its_error_and_so_is_the_recovery() {
    let kept = failing_adele();
    let failing = kept.next();
    assert_eq!(failing.event.unwrap().state, Failing);
    assert_eq!(failing.result.unwrap_err().http_status(), Some(503));
    kept.emulator.clear_faults();
    kept.advance(MINUTE / 2);
    kept.expect(&[Recovered]);
    assert_eq!(kept.shown("adele"), "Available/Available");
}

#[test]
fn a_presence_that_cannot_be_renewed_in_time_is_lost_and_set_again_later() {
    let kept = failing_adele();
    kept.advance(2 * MINUTE);
    let lost = kept.next();
    assert_eq!(lost.event.unwrap().state, Lost);
    assert_eq!(lost.result.unwrap_err().http_status(), Some(503));
    assert_eq!(kept.shown("adele"), "Offline/Offline");
    kept.emulator.clear_faults();
    kept.advance(MINUTE);
    kept.expect(&[Recovered]);
    assert_eq!(kept.shown("adele"), "Available/Available");
}

/// The errors of a presence that waits for the end of an outage, and of the outage.
fn errors_of_an_outage(fault: Fault) -> [Error; 2] {
    let kept = Kept::on(
        Emulator::builder().time_scale(0.0).made_up_users(4).start().unwrap(),
        KeepAliveOptions::default(),
    );
    kept.emulator.inject(fault);
    ["user1", "user2", "user3"].iter().for_each(|user| kept.hold_available(user));
    kept.settle();
    kept.expect(&[Failing; 3]);
    kept.hold_available("user4");
    let waiting = kept.next().result.unwrap_err();
    [waiting, kept.keep_alive.status().unwrap().outage.unwrap()]
}

#[test]
fn a_presence_that_waits_for_the_end_of_an_outage_does_not_have_the_error_of_another() {
    for (http_status, status) in [(503, Status::Unavailable), (429, Status::Throttled)] {
        for error in errors_of_an_outage(Fault::answer(http_status)) {
            assert_eq!((error.status(), error.http_status()), (status, None));
            let words = format!("Requests for other users are answered with {http_status}");
            assert!(error.to_string().starts_with(&words), "{error}");
        }
    }
}

#[test]
fn a_page_instead_of_every_answer_is_an_outage_whatever_its_status() {
    let page = Fault::answer(200).body("<html>Sign in to the Wi-Fi</html>");
    for error in errors_of_an_outage(page) {
        assert_eq!((error.status(), error.http_status()), (Status::Response, None));
        assert!(error.to_string().contains("a sign-in page may have answered"), "{error}");
    }
}

#[test]
fn a_presence_is_set_and_cleared_alone_where_a_gateway_refuses_batches() {
    const USERS: usize = 100;
    let page = || Fault::answer(200).body("<html>Request rejected</html>");
    for fault in [page(), Fault::answer(503), Fault::answer(500), Fault::close()] {
        let kept = Kept::on(
            Emulator::builder().time_scale(0.0).made_up_users(USERS).start().unwrap(),
            KeepAliveOptions::default().clear_on_stop(),
        );
        kept.emulator.inject(fault.clone().on("POST", "*/$batch"));
        (1..=USERS).for_each(|number| kept.hold_available(&format!("user{number}")));
        kept.advance(MINUTE);
        assert_eq!(kept.keep_alive.status().unwrap().held, USERS, "{fault:?}");
        kept.keep_alive.stop().unwrap();
        kept.advance(MINUTE);
        (1..=USERS).for_each(|number| {
            assert_eq!(kept.shown(&format!("user{number}")), "Offline/Offline", "{fault:?}");
        });
    }
}

#[test]
fn what_a_batch_may_have_set_is_cleared_although_setting_it_alone_was_throttled() {
    let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
    let page = Fault::answer(200).body("<html>").on("POST", "*/$batch").times(1);
    kept.emulator.inject(page.after_taking_effect());
    kept.emulator.inject(Fault::answer(429).on("POST", "*/setPresence").user("alex").nth(2));
    ["adele", "alex", "megan"].iter().for_each(|user| kept.hold_available(user));
    kept.settle();
    assert_eq!(kept.shown("alex"), "Available/Available");
    kept.keep_alive.stop().unwrap();
    kept.advance(MINUTE);
    ["adele", "alex", "megan"]
        .iter()
        .for_each(|user| assert_eq!(kept.shown(user), "Offline/Offline", "{user}"));
}

#[test]
fn what_a_refused_batch_has_not_set_is_not_cleared() {
    let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
    let in_a_call = SetPresence::new(Availability::Busy, Activity::InACall);
    kept.client.send(Request::set_presence(Target::user("alex"), in_a_call)).unwrap();
    kept.emulator.inject(Fault::answer(413).body("<html>").on("POST", "*/$batch").times(1));
    kept.emulator.inject(Fault::answer(429).on("POST", "*/setPresence").user("alex"));
    ["adele", "alex", "megan"].iter().for_each(|user| kept.hold_available(user));
    kept.settle();
    kept.keep_alive.stop().unwrap();
    kept.advance(MINUTE);
    let shown = ["adele", "alex", "megan"].map(|user| kept.shown(user));
    assert_eq!(shown, ["Offline/Offline", "Busy/InACall", "Offline/Offline"]);
}

#[test]
fn what_was_not_sent_for_want_of_a_token_is_not_cleared() {
    let emulator = Emulator::builder().time_scale(0.0).start().unwrap();
    let (token, is_open) = (emulator.app_token(), Arc::new(AtomicBool::new(false)));
    let another = builder(&emulator).credential(Credential::from_token(&token).unwrap());
    another.build().unwrap().send(busy()).unwrap();
    let opened = Arc::clone(&is_open);
    let credential = Credential::from_fn(None, move || match opened.load(Ordering::SeqCst) {
        true => Ok(AccessToken::new(token.clone(), None)),
        false => Err("the vault is sealed".into()),
    });
    let kept = Kept::with(emulator, credential, KeepAliveOptions::default().clear_on_stop());
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Failing]);
    kept.keep_alive.stop().unwrap();
    is_open.store(true, Ordering::SeqCst);
    kept.advance(MINUTE);
    assert_eq!(kept.shown("adele"), "Busy/InACall");
}

#[test]
fn a_machine_that_slept_sets_everything_again() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
    kept.emulator.advance(60 * MINUTE);
    kept.clock.sleep_machine(60 * MINUTE);
    kept.clock.advance(Duration::from_secs(5)); // the driver looks at the clocks
    kept.settle();
    kept.expect(&[Recovered]);
    assert_eq!(kept.shown("adele"), "Available/Available");
}

#[test]
fn an_unknown_user_is_refused_once_and_the_others_are_held() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("nobody");
    kept.advance(60 * MINUTE);
    let refused = kept.next();
    assert_eq!(refused.event.unwrap().state, Refused);
    assert_eq!(refused.result.unwrap_err().status(), Status::NotFound);
    assert_eq!(kept.sent(), 1);
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
}

#[test]
fn a_presence_that_cannot_be_kept_alive_is_rejected_without_a_request() {
    let kept = Kept::start(KeepAliveOptions::default().interval(10 * MINUTE));
    let set = |availability, activity, expiration: &str| {
        Request::set_presence(
            Target::user("adele"),
            SetPresence {
                expiration_duration: Some(expiration.into()),
                ..SetPresence::new(availability, activity)
            },
        )
    };
    for (request, status, text) in [
        (set(Availability::Busy, Activity::Busy, "PT1H"), Status::InvalidPair, "Busy/Busy"),
        (set(Availability::Busy, Activity::InACall, "PT5H"), Status::InvalidDuration, "PT5H"),
        (
            set(Availability::Available, Activity::Available, "PT1H"),
            Status::Option,
            "Option `interval` is 600 s, but the presence lasts 300 s.",
        ),
        (
            Request::get_presence(Target::user("adele")),
            Status::Operation,
            "A request for get presence cannot be kept alive.",
        ),
    ] {
        let error = kept.keep_alive.hold(request).unwrap_err();
        assert_eq!(error.status(), status);
        assert!(error.to_string().contains(text), "{error}");
    }
    kept.keep_alive.hold(set(Availability::Busy, Activity::InACall, "PT1H")).unwrap();
    kept.settle();
    assert_eq!(kept.sent(), 1);
}

#[test]
fn the_same_request_again_changes_nothing_and_another_one_is_set_at_once() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold_available("adele");
    kept.settle();
    kept.hold_available("Adele");
    kept.settle();
    assert_eq!(kept.sent(), 1);
    kept.hold("ADELE", Availability::Busy, Activity::InACall);
    kept.settle();
    assert_eq!((kept.sent(), kept.shown("adele").as_str()), (2, "Busy/InACall"));
    let status = kept.keep_alive.status().unwrap();
    assert_eq!((status.held, status.pending), (1, 0));
}

#[test]
fn a_preferred_presence_is_renewed_before_it_expires_beside_its_session() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.hold("adele", Availability::Away, Activity::Away);
    let preferred = SetUserPreferredPresence {
        availability: Availability::DoNotDisturb,
        activity: Activity::DoNotDisturb,
        expiration_duration: Some("PT1H".into()),
    };
    let request = Request::set_user_preferred_presence(Target::user("adele"), preferred);
    kept.keep_alive.hold(request).unwrap();
    kept.settle();
    for _ in 0..6 {
        kept.advance(30 * MINUTE);
        assert_eq!(kept.shown("adele"), "DoNotDisturb/DoNotDisturb");
    }
    assert_eq!(kept.keep_alive.status().unwrap().held, 2);
    kept.keep_alive.release(&Target::user("adele")).unwrap();
    kept.settle();
    assert_eq!(kept.keep_alive.status().unwrap().held, 0);
}

#[test]
fn a_user_that_is_released_is_cleared_if_that_was_chosen() {
    for (options, shown, sent) in [
        (KeepAliveOptions::default(), "Available/Available", 1),
        (KeepAliveOptions::default().clear_on_stop(), "Offline/Offline", 2),
    ] {
        let kept = Kept::start(options);
        kept.hold_available("adele");
        kept.settle();
        kept.expect(&[Held]);
        kept.keep_alive.release(&Target::user("ADELE")).unwrap();
        kept.settle();
        kept.expect(&[Stopped]);
        assert_eq!((kept.shown("adele").as_str(), kept.sent()), (shown, sent));
        let error = kept.keep_alive.release(&Target::user("adele")).unwrap_err();
        assert_eq!(error.status(), Status::NotFound);
        kept.advance(20 * MINUTE);
        assert_eq!(kept.sent(), sent);
    }
}

#[test]
fn a_clear_also_clears_what_an_earlier_process_has_set() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.client.send(busy()).unwrap();
    kept.emulator
        .inject(Fault::answer(403).error("Forbidden", "Not now").on("POST", "*/setPresence"));
    kept.hold("adele", Availability::Busy, Activity::InACall);
    kept.expect(&[Refused]);
    kept.keep_alive.clear(&Target::user("adele")).unwrap();
    kept.expect(&[Stopped]);
    assert_eq!(kept.shown("adele"), "Offline/Offline");
}

#[test]
fn a_presence_that_could_not_be_cleared_is_cleared_by_the_next_release() {
    let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
    let refused = Fault::answer(403).error("Forbidden", "Not now.");
    kept.emulator.inject(refused.on("POST", "*/clearPresence").times(1));
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
    kept.keep_alive.release(&Target::user("adele")).unwrap();
    kept.settle();
    assert_eq!(kept.next().result.unwrap_err().status(), Status::Forbidden);

    kept.emulator.inject(Fault::answer(429).on("POST", "*/setPresence").times(1));
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Failing]);
    kept.keep_alive.release(&Target::user("adele")).unwrap();
    kept.settle();
    kept.expect(&[Stopped]);
    assert_eq!(kept.shown("adele"), "Offline/Offline");
}

#[test]
fn the_error_of_a_renewal_advises_no_option_that_does_not_apply_to_it() {
    let kept = Kept::start(KeepAliveOptions::default());
    kept.emulator.inject(Fault::answer(503).on("POST", "*/setPresence").times(1));
    kept.hold_available("adele");
    kept.settle();
    let text = kept.next().result.unwrap_err().to_string();
    assert!(text.ends_with("The keep-alive tries again as soon as possible."), "{text}");
}

#[test]
fn a_sign_in_that_is_refused_with_advice_about_an_option_is_tried_again() {
    let emulator = Emulator::start();
    let builder = Credential::client_secret("nowhere.example", mgpresence_emulator::APP_ID, "x");
    let builder = builder.authority(emulator.url()).allow_loopback_http();
    let client = crate::support::builder(&emulator).credential(builder.build().unwrap());
    let (client, queue) = (client.build().unwrap(), Queue::new());
    let options = KeepAliveOptions::default();
    let keep_alive = client.keep_alive(options, &queue, ()).map_err(|it| it.0).unwrap();
    keep_alive.hold(busy().default_session_id()).unwrap();
    let Completion { result, event, .. } = queue.wait(Some(SOON)).unwrap();
    let error = result.unwrap_err();
    assert_eq!((event.unwrap().state, error.status()), (Failing, Status::SignIn), "{error}");
    assert!(error.to_string().contains("Check `tenant_id`"), "{error}");
}

#[test]
fn ids_are_the_same_in_any_case_of_their_ascii_letters_alone() {
    let kept = Kept::start(KeepAliveOptions::default());
    for (one, other, is_same) in
        [("ADELE", "adele", true), ("ΣΑΣ", "σας", false), ("İ", "i\u{307}", false)]
    {
        kept.hold_available(one);
        assert_eq!(kept.keep_alive.release(&Target::user(other)).is_ok(), is_same, "{one} {other}");
    }
}

#[test]
fn a_presence_is_held_once_whichever_path_leads_to_it() {
    let kept = Kept::start(KeepAliveOptions::default());
    let id = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    let busy = SetPresence::new(Availability::Busy, Activity::InACall);
    for target in [Target::user(id), Target::Communications(id.to_uppercase())] {
        kept.keep_alive.hold(Request::set_presence(target, busy.clone())).unwrap();
    }
    kept.settle();
    assert_eq!(kept.keep_alive.status().unwrap().held, 1);
    let path = kept.emulator.sent().last().unwrap().path.clone();
    assert!(path.starts_with("/v1.0/communications/"), "the same by another path is sent: {path}");
}

#[test]
fn stopping_ends_the_operation_with_one_last_event() {
    let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
    for user in ["adele", "alex", "megan"] {
        kept.hold_available(user);
    }
    kept.settle();
    kept.expect(&[Held; 3]);
    kept.keep_alive.stop().unwrap();
    kept.keep_alive.stop().unwrap();
    let refused = kept.keep_alive.hold(crate::support::busy()).unwrap_err();
    assert_eq!(refused.status(), Status::Closed);
    for expected in [Stopped, Stopped, Stopped, Ended] {
        let Completion { operation, result, event, .. } = kept.next();
        assert_eq!((operation, event.unwrap().state), (kept.keep_alive.operation(), expected));
        assert_eq!(result.unwrap_err().status(), Status::Cancelled);
    }
    for user in ["adele", "alex", "megan"] {
        assert_eq!(kept.shown(user), "Offline/Offline");
    }
    kept.queue.close().unwrap();
    assert_eq!(kept.queue.wait(None).unwrap_err().status(), Status::Closed);
    assert_eq!(kept.client.close(SOON).unwrap(), 0);
}

#[test]
fn dropping_or_cancelling_ends_a_keep_alive_at_once_without_clearing() {
    type End = fn(Kept) -> (Queue<()>, Emulator);
    let ends: [End; 3] = [
        |Kept { queue, emulator, keep_alive, .. }| {
            drop(keep_alive);
            (queue, emulator)
        },
        |kept| {
            kept.client.cancel(kept.keep_alive.operation()).unwrap();
            (kept.queue, kept.emulator)
        },
        |kept| {
            kept.queue.close().unwrap();
            (kept.queue, kept.emulator)
        },
    ];
    for end in ends {
        let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
        kept.hold_available("adele");
        kept.settle();
        kept.expect(&[Held]);
        let (queue, emulator) = end(kept);
        let last = queue.wait(Some(SOON)).unwrap();
        assert_eq!(last.event.unwrap().state, Ended);
        assert_eq!(last.result.unwrap_err().status(), Status::Cancelled);
        assert_eq!(emulator.presence("adele")["activity"], "Available");
    }
}

#[test]
fn closing_the_client_stops_it_and_waits_for_the_clears() {
    let kept = Kept::start(KeepAliveOptions::default().clear_on_stop());
    kept.hold_available("adele");
    kept.settle();
    kept.expect(&[Held]);
    let start = Instant::now();
    assert_eq!(kept.client.close(SOON).unwrap(), 0);
    assert!(start.elapsed() < SOON / 2);
    kept.expect(&[Stopped, Ended]);
    assert_eq!(kept.shown("adele"), "Offline/Offline");
}

const USERS: usize = 100;

fn users() -> impl Iterator<Item = String> {
    (1..=USERS).map(|number| format!("user{number}"))
}

impl Kept {
    /// Lets time pass and looks at every user after each step.
    fn advance_and_watch(&self, time: Duration) {
        let step = Duration::from_secs(10);
        for passed in 1..=time.as_secs() / step.as_secs() {
            self.advance(step);
            for user in users() {
                let shown = self.shown(&user);
                assert_eq!(shown, "Available/Available", "{user} after {} s", 10 * passed);
            }
        }
    }

    /// Stops the emulator, and starts it at the same address with the same presences when the downtime has passed.
    fn restart_emulator(&mut self, downtime: Duration) {
        let (port, state) = (self.emulator.address().port(), self.emulator.state());
        let file = std::env::temp_dir().join(format!("mgpresence-keep-alive-{port}.json"));
        std::fs::write(&file, state.to_string()).unwrap();
        drop(std::mem::replace(&mut self.emulator, Emulator::start()));
        self.advance(downtime);
        let builder = Emulator::builder().port(port).time_scale(0.0).state_file(&file);
        self.emulator = builder.start().unwrap();
        std::fs::remove_file(&file).unwrap();
        self.emulator.advance(downtime);
    }
}

#[test]
fn a_hundred_users_are_held_through_outages_of_the_service() {
    let emulator = Emulator::builder().time_scale(0.0).made_up_users(USERS).start().unwrap();
    let mut kept = Kept::on(emulator, KeepAliveOptions::default());
    users().for_each(|user| kept.hold_available(&user));
    kept.settle();
    let sent = kept.emulator.sent();
    let batches = sent.iter().filter(|request| request.path.ends_with("/$batch")).count();
    assert!((5..20).contains(&batches), "{batches} batches");
    for downtime in [5, 20, 45] {
        kept.advance_and_watch(9 * MINUTE);
        kept.restart_emulator(Duration::from_secs(downtime));
        kept.advance_and_watch(MINUTE);
    }
    let status = kept.keep_alive.status().unwrap();
    assert_eq!((status.held, status.lost, status.failing), (USERS, 0, 0), "{status:?}");
    assert!(status.failures > 0, "the outages were noticed");
    let lost = std::iter::from_fn(|| kept.queue.wait(Some(Duration::ZERO)).ok());
    assert_eq!(lost.filter(|it| it.event.as_ref().unwrap().state == Lost).count(), 0);
}

#[test]
fn a_keep_alive_that_is_freed_while_it_sends_does_not_hold_its_client() {
    let (emulator, gated, queue) = (Emulator::start(), Gated::new(), Queue::new());
    let client = builder(&emulator).credential(gated.credential.clone()).build().unwrap();
    let options = KeepAliveOptions::default();
    let keep_alive = client.keep_alive(options, &queue, ()).map_err(|it| it.0).unwrap();
    keep_alive.hold(busy()).unwrap();
    gated.wait_until_asked();
    drop(keep_alive);
    assert_eq!(queue.wait(Some(SOON)).unwrap().event.unwrap().state, Ended);
    drop((client, queue));
    gated.expect_let_go();
}
