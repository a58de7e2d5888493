//! Each operation has the documented effect on the service.

use mgpresence::{
    Activity, ApiVersion, Availability, ClearPresence, GetPresencesByUserId, Operation, Request,
    SetLocation, SetPresence, SetStatusMessage, SetUserPreferredPresence, Status, Target,
    WritePresence,
};
use mgpresence_emulator::{Emulator, Fault};
use serde_json::json;

use crate::support::{APP_ID, Graph, adele, busy, get};

fn delegated() -> Graph {
    let emulator = Emulator::start();
    let token = mgpresence::Credential::from_token(&emulator.user_token("adele")).unwrap();
    Graph::on(emulator, |builder| builder.credential(token))
}

fn away() -> SetPresence {
    SetPresence::new(Availability::Away, Activity::Away)
}

#[test]
fn set_presence_shows_on_each_of_its_paths_and_versions() {
    let graph = delegated();
    let id = graph.emulator.user_id("adele");
    for (target, version, status, path) in [
        (Target::Me, ApiVersion::V1_0, 200, "/v1.0/me/presence/setPresence".to_string()),
        (
            Target::user(&id),
            ApiVersion::V1_0,
            200,
            format!("/v1.0/users/{id}/presence/setPresence"),
        ),
        (
            Target::Communications(id.clone()),
            ApiVersion::Beta,
            204,
            format!("/beta/communications/presences/{id}/setPresence"),
        ),
    ] {
        graph.emulator.reset();
        let request = Request::set_presence(target, away()).api_version(version);
        assert_eq!(graph.send(request).unwrap().http_status(), status, "{path}");
        assert_eq!(graph.shown("adele"), "Away/Away", "{path}");
        assert_eq!(graph.emulator.sent()[0].path, path);
    }
}

#[test]
fn set_presence_sends_json_with_the_tokens_application_as_session() {
    let graph = Graph::start();
    graph.send(busy().header("X-Note", "hello")).unwrap();
    let sent = &graph.emulator.sent()[0];
    assert_eq!(
        sent.body,
        json!({"sessionId": APP_ID, "availability": "Busy", "activity": "InACall"})
    );
    assert_eq!(sent.header("content-type"), Some("application/json"));
    assert_eq!(sent.header("x-note"), Some("hello"));
    assert_eq!(sent.header("client-request-id").map(str::len), Some(36));
    assert!(sent.header("user-agent").unwrap().starts_with("mgpresence/"));
}

#[test]
fn get_presence_accepts_unknown_properties() {
    let graph = Graph::start();
    graph.send(busy()).unwrap();
    let answer = graph.send(get()).unwrap();
    let presence = answer.presence().unwrap();
    assert_eq!(presence.availability, Some(Availability::Busy));
    assert_eq!(presence.activity, Some(Activity::InACall));
    assert_eq!(presence.id.as_deref(), Some(graph.emulator.user_id("adele").as_str()));
    assert!(presence.json.contains("\"id\":") && presence.json.starts_with(r#"{"@odata.context""#));
    assert!(answer.request_id().is_some());
}

#[test]
fn update_and_create_answer_with_the_object_and_show() {
    let graph = Graph::start();
    let updated = graph
        .send(Request::update_presence(
            adele(),
            WritePresence::new(Availability::Away, Activity::Away),
        ))
        .unwrap();
    assert_eq!(updated.http_status(), 200);
    assert!(updated.presence().unwrap().json.contains("#microsoft.graph.presence"));
    assert_eq!(graph.shown("adele"), "Away/Away");

    let mut body = WritePresence::new(Availability::Busy, Activity::InACall);
    body.id = Some(graph.emulator.user_id("alex"));
    let created = graph.send(Request::create_presence(body)).unwrap();
    assert_eq!(created.http_status(), 201);
    assert!(created.presence().unwrap().json.contains("#microsoft.graph.presence"));
    assert_eq!(graph.shown("alex"), "Busy/InACall");
}

#[test]
fn an_update_that_the_live_service_lacks_names_an_alternative() {
    let emulator = Emulator::builder().strict().start().unwrap();
    let graph = Graph::on(emulator, |builder| builder);
    let error = graph.refusal(Request::update_presence(
        adele(),
        WritePresence::new(Availability::Away, Activity::Away),
    ));
    assert_eq!((error.status(), error.graph_code()), (Status::NotFound, Some("NotFound")));
    assert!(error.to_string().contains("Use setPresence, setUserPreferredPresence"), "{error}");
}

#[test]
fn clear_presence_ends_the_session_and_a_second_one_finds_none() {
    let graph = Graph::start();
    graph.send(busy()).unwrap();
    let clear = || Request::clear_presence(adele(), ClearPresence::default());
    assert_eq!(graph.send(clear()).unwrap().http_status(), 200);
    assert_eq!(graph.shown("adele"), "Offline/Offline");
    let error = graph.refusal(clear());
    assert_eq!(error.status(), Status::NotFound);
    assert!(error.to_string().contains("there is nothing to clear"), "{error}");
}

#[test]
fn a_preferred_presence_outranks_the_session_until_it_is_cleared() {
    let graph = Graph::start();
    graph.send(busy()).unwrap();
    let preferred = SetUserPreferredPresence {
        availability: Availability::DoNotDisturb,
        activity: Activity::DoNotDisturb,
        expiration_duration: Some("PT8H".into()),
    };
    graph.send(Request::set_user_preferred_presence(adele(), preferred)).unwrap();
    assert_eq!(graph.shown("adele"), "DoNotDisturb/DoNotDisturb");
    graph.send(Request::clear_user_preferred_presence(adele())).unwrap();
    assert_eq!(graph.shown("adele"), "Busy/InACall");
    assert_eq!(graph.emulator.sent()[2].body, json!({}));
}

#[test]
fn a_status_message_is_set_with_its_end() {
    let graph = Graph::start();
    let message = SetStatusMessage {
        content: "Back at 3".into(),
        expiry: Some(("2027-10-18T17:05:33".into(), "Pacific Standard Time".into())),
    };
    graph.send(Request::set_status_message(adele(), message)).unwrap();
    assert_eq!(
        graph.emulator.sent()[0].body,
        json!({"statusMessage": {
            "message": {"content": "Back at 3", "contentType": "text"},
            "expiryDateTime": {"dateTime": "2027-10-18T17:05:33", "timeZone": "Pacific Standard Time"},
        }})
    );
    let answer = graph.send(get()).unwrap();
    let status = answer.presence().unwrap().status_message.as_ref().unwrap();
    assert_eq!(status.content.as_deref(), Some("Back at 3"));
}

#[test]
fn locations_are_set_and_cleared() {
    let graph = delegated();
    let source = || {
        let answer = graph.send(Request::get_presence(Target::Me)).unwrap();
        answer.presence().unwrap().work_location.clone().and_then(|location| location.source)
    };
    let office = |place: &str| SetLocation {
        work_location_type: "office".into(),
        place_id: Some(place.into()),
    };
    graph.send(Request::set_automatic_location(Target::Me, office("a"))).unwrap();
    assert_eq!(source().as_deref(), Some("automatic"));
    graph.send(Request::set_manual_location(Target::Me, office("b"))).unwrap();
    assert_eq!(source().as_deref(), Some("manual"));
    graph.send(Request::clear_location(Target::Me)).unwrap();
    assert_ne!(source().as_deref(), Some("manual"));
    graph.send(Request::set_automatic_location(Target::Me, office("a"))).unwrap();
    graph.send(Request::clear_automatic_location(Target::Me)).unwrap();
    assert_ne!(source().as_deref(), Some("automatic"));
}

#[test]
fn pages_are_followed_by_their_link_and_counted() {
    let emulator = Emulator::builder().made_up_users(25).start().unwrap();
    let graph = Graph::on(emulator, |builder| builder);
    let mut answer = graph.send(Request::list_presences().query("$top", "10")).unwrap();
    let mut sizes = vec![answer.presences().len()];
    while let Some(link) = answer.next_link() {
        answer = graph.send(Request::next_page(link)).unwrap();
        sizes.push(answer.presences().len());
    }
    let count = graph.send(Request::count_presences()).unwrap().count().unwrap();
    assert_eq!(sizes.iter().sum::<usize>() as u64, count);
    assert!(sizes.len() >= 3 && sizes[0] == 10, "{sizes:?}");
}

#[test]
fn many_presences_come_in_one_answer() {
    let graph = Graph::start();
    let ids = vec![graph.emulator.user_id("alex"), graph.emulator.user_id("adele")];
    let answer = graph
        .send(Request::get_presences_by_user_id(&GetPresencesByUserId { ids: ids.clone() }))
        .unwrap();
    let got: Vec<_> = answer.presences().iter().filter_map(|it| it.id.clone()).collect();
    assert_eq!(got, ids);
}

#[test]
fn more_users_than_graph_takes_at_once_come_in_one_answer_too() {
    let emulator = Emulator::builder().made_up_users(700).start().unwrap();
    let graph = Graph::on(emulator, |builder| builder);
    let list = Request::list_presences().query("$top", "700");
    let mut ids = Vec::new();
    let mut page = graph.send(list).unwrap();
    loop {
        ids.extend(page.presences().iter().filter_map(|it| it.id.clone()));
        let Some(link) = page.next_link() else { break };
        page = graph.send(Request::next_page(link)).unwrap();
    }
    ids.reverse();
    assert!(ids.len() > 650);
    graph.emulator.clear_sent();
    let request = Request::get_presences_by_user_id(&GetPresencesByUserId { ids: ids.clone() });
    let answer = graph.send(request).unwrap();
    let got: Vec<_> = answer.presences().iter().filter_map(|it| it.id.clone()).collect();
    assert_eq!((got, graph.sent(), answer.attempts()), (ids, 2, 2));
    let body: serde_json::Value = serde_json::from_str(answer.body()).unwrap();
    assert_eq!(body["value"][0]["id"], answer.presences()[0].id.as_deref().unwrap());
    assert_eq!(body["value"].as_array().unwrap().len(), answer.presences().len());
}

#[test]
fn the_error_of_a_part_tells_of_the_parts_before_it() {
    let graph = Graph::start();
    let fault = Fault::answer(400).body(json!({"error": {"code": "Odd", "message": "No"}}));
    let path = "/v1.0/communications/getPresencesByUserId";
    graph.emulator.inject(Fault::answer(200).body(json!({"value": []})).on("POST", path).times(1));
    graph.emulator.inject(fault.on("POST", path));
    let ids = (0..651).map(|number| format!("{number:08}-0000-0000-0000-000000000000")).collect();
    let request = Request::get_presences_by_user_id(&GetPresencesByUserId { ids }).trace();
    let error = graph.refusal(request);
    assert_eq!((error.http_status(), error.attempts()), (Some(400), 2));
    assert_eq!(error.trace().matches("> POST").count(), 2, "{}", error.trace());
}

#[test]
fn a_delete_is_sent_with_its_if_match() {
    let graph = Graph::start();
    let request = Request::new(Operation::DeletePresence, adele()).header("If-Match", "W/\"x\"");
    let _ = graph.send(request);
    assert_eq!(graph.emulator.sent()[0].method, "DELETE");
    assert_eq!(graph.emulator.sent()[0].header("if-match"), Some("W/\"x\""));
}

#[test]
fn a_trace_shows_what_went_over_the_wire_but_not_the_token() {
    let graph = Graph::start();
    let answer = graph.send(busy().trace()).unwrap();
    let trace = answer.trace();
    assert!(trace.contains("> POST") && trace.contains("InACall") && trace.contains("< 200"));
    assert!(trace.contains("authorization: Bearer [token]"), "{trace}");
    assert!(!trace.contains(&graph.token));
    assert_eq!(graph.send(busy()).unwrap().trace(), "");
}

#[test]
fn a_trace_shows_no_secret_of_the_callers_headers() {
    let graph = Graph::start();
    let secrets = [
        ("Cookie", "hush"),
        ("X-Api-Key", "hush"),
        ("X-Credential", "hush"),
        ("X-Proof", " bearer hush"),
        ("X-Own-Proof", "Basic hush"),
    ];
    let request =
        secrets.iter().fold(busy().trace(), |request, (name, value)| request.header(*name, *value));
    let answer = graph.send(request.header("X-Own", "mine")).unwrap();
    let trace = answer.trace();
    for (name, _) in secrets {
        assert!(trace.contains(&format!("> {}: [redacted]", name.to_lowercase())), "{trace}");
    }
    assert!(trace.contains("> x-own: mine") && !trace.contains("hush"), "{trace}");
    let busy = secrets.iter().fold(busy(), |it, (name, value)| it.header(*name, *value));
    assert!(!format!("{busy:?}").contains("hush"), "{busy:?}");
}
