//! Reading, and what stands beside setPresence: preference, status message, location, permissions, errors, headers.

use mgpresence_emulator::{APP_ID, Emulator};
use serde_json::json;

use crate::assertion::sign;
use crate::client::{Client, session};

#[test]
fn a_presence_has_its_properties_on_every_binding() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    for path in [
        "/v1.0/me/presence",
        "/beta/users/adele/presence",
        "/v1.0/communications/presences/fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
    ] {
        let answer = adele.get(path);
        assert_eq!(answer.status, 200);
        let presence = answer.json();
        assert_eq!(presence["id"], "fa8bf3dc-eca7-46b7-bad1-db199b62afc3");
        assert_eq!(
            presence["outOfOfficeSettings"],
            json!({"message": null, "isOutOfOffice": false})
        );
        for name in [
            "@odata.context",
            "availability",
            "activity",
            "statusMessage",
            "workLocation",
            "sequenceNumber",
        ] {
            assert!(presence.get(name).is_some(), "{name} in {presence}");
        }
    }
}

#[test]
fn every_answer_has_the_ids_the_date_and_the_diagnostic() {
    let emulator = Emulator::builder()
        .start_time("2026-08-18T10:00:00Z".parse().unwrap())
        .time_scale(0.0)
        .start()
        .unwrap();
    let app = Client::of_application(&emulator);
    for path in ["/v1.0/users/adele/presence", "/v1.0/users/nobody/presence"] {
        let answer = app.call("GET", path, None, &[("client-request-id", "mine")]);
        assert_eq!(answer.header("client-request-id"), "mine");
        assert_eq!(answer.header("date"), "Tue, 18 Aug 2026 10:00:00 GMT");
        assert_eq!(answer.header("request-id").len(), 36);
        assert!(answer.header("x-ms-ags-diagnostic").contains("ServerInfo"));
    }
    let answer = app.get("/v1.0/users/nobody/presence");
    let inner = &answer.json()["error"]["innerError"];
    assert_eq!(inner["date"], "2026-08-18T10:00:00");
    assert_eq!(inner["request-id"], answer.header("request-id"));
    assert_eq!(inner["client-request-id"], answer.header("client-request-id"));
}

#[test]
fn without_a_good_token_there_is_a_challenge() {
    let emulator = Emulator::start();
    for (token, message) in [("", "Access token is empty."), ("garbled", "IDX14100")] {
        let answer = Client::new(&emulator, token.into()).get("/v1.0/me/presence");
        assert!(
            answer.error().starts_with(&format!("401 InvalidAuthenticationToken: {message}")),
            "{}",
            answer.error()
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer "));
    }
}

#[test]
fn a_token_expires_on_the_emulators_clock() {
    let emulator = Emulator::start();
    let token = emulator.token(APP_ID).expires_in(std::time::Duration::from_secs(3600)).mint();
    let app = Client::new(&emulator, token);
    assert_eq!(app.get("/v1.0/users/adele/presence").status, 200);
    emulator.advance("PT1H");
    assert_eq!(
        app.get("/v1.0/users/adele/presence").error(),
        "401 InvalidAuthenticationToken: Lifetime validation failed, the token is expired."
    );
}

#[test]
fn foreign_tokens_are_refused_on_request() {
    let other = Emulator::start();
    let lenient = Emulator::start();
    let careful = Emulator::builder().verify_tokens().start().unwrap();
    assert_eq!(
        Client::new(&lenient, other.app_token()).get("/v1.0/users/adele/presence").status,
        200
    );
    assert_eq!(
        Client::new(&careful, other.app_token()).get("/v1.0/users/adele/presence").status,
        401
    );
    assert_eq!(Client::of_application(&careful).get("/v1.0/users/adele/presence").status, 200);
}

#[test]
fn a_signed_in_user_is_the_same_by_every_name_in_the_token() {
    let emulator = Emulator::start();
    for (claim, name) in [
        ("oid", "FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3"),
        ("upn", "AdeleV@contoso.example"),
        ("upn", "adelev@contoso.example"),
    ] {
        let claims = json!({"appid": APP_ID, "scp": "Presence.ReadWrite", claim: name});
        let adele = Client::new(&emulator, sign(&json!({}), &claims));
        for path in [
            "/v1.0/me/presence",
            "/v1.0/users/fa8bf3dc-eca7-46b7-bad1-db199b62afc3/presence",
            "/v1.0/users/AdeleV@contoso.example/presence",
            "/v1.0/communications/presences/fa8bf3dc-eca7-46b7-bad1-db199b62afc3",
        ] {
            let written = adele.post(&format!("{path}/setPresence"), session("Away", "Away"));
            let read = adele.get(path);
            assert_eq!((written.status, read.status), (200, 200), "{claim} {name} {path}");
        }
    }
}

#[test]
fn the_own_presence_needs_less_than_another_users() {
    let emulator = Emulator::start();
    let adele = Client::new(
        &emulator,
        emulator.token(APP_ID).user("adele").permissions(&["Presence.Read"]).mint(),
    );
    assert_eq!(adele.get("/v1.0/me/presence").status, 200);
    assert_eq!(adele.get("/v1.0/users/alex/presence").error(), "403 Forbidden: ");
}

#[test]
fn the_six_preferred_pairs_outrank_a_session_and_no_other_is_accepted() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    let prefer = |availability: &str, activity: &str| {
        let body = json!({"availability": availability, "activity": activity});
        adele.post("/v1.0/me/presence/setUserPreferredPresence", body)
    };
    adele.post("/v1.0/me/presence/setPresence", session("DoNotDisturb", "Presenting"));
    for (availability, activity) in [
        ("Available", "Available"),
        ("Busy", "Busy"),
        ("DoNotDisturb", "DoNotDisturb"),
        ("BeRightBack", "BeRightBack"),
        ("Away", "Away"),
        ("Offline", "OffWork"),
    ] {
        assert_eq!(prefer(availability, activity).status, 200);
        assert_eq!(adele.shown("adele"), format!("{availability}/{activity}"));
    }
    assert_eq!(prefer("Busy", "InACall").status, 400);
    assert_eq!(adele.post("/v1.0/me/presence/clearUserPreferredPresence", json!({})).status, 200);
    assert_eq!(adele.shown("adele"), "DoNotDisturb/Presenting");
}

#[test]
fn appear_offline_silently_defeats_set_presence() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    adele.post(
        "/v1.0/me/presence/setUserPreferredPresence",
        json!({"availability": "Offline", "activity": "OffWork"}),
    );
    assert_eq!(
        adele.post("/v1.0/me/presence/setPresence", session("Available", "Available")).status,
        200
    );
    assert_eq!(adele.shown("adele"), "Offline/OffWork");
}

#[test]
fn a_preference_without_a_session_shows_offline() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    adele.post(
        "/v1.0/me/presence/setUserPreferredPresence",
        json!({"availability": "Busy", "activity": "Busy"}),
    );
    assert_eq!(adele.shown("adele"), "Offline/Offline");
    emulator.sign_in("adele", "web", "Available", "Available");
    assert_eq!(adele.shown("adele"), "Busy/Busy");
}

#[test]
fn a_teams_client_outranks_a_lower_session_until_it_signs_out() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    emulator.sign_in("adele", "desktop", "Busy", "InAMeeting");
    app.post("/v1.0/users/adele/presence/setPresence", session("Away", "Away"));
    assert_eq!(app.shown("adele"), "Busy/InAMeeting");
    emulator.sign_out("adele", "desktop");
    assert_eq!(app.shown("adele"), "Away/Away");
}

#[test]
fn a_status_message_expires_and_hides_its_times_from_others() {
    let emulator = Emulator::builder()
        .start_time("2026-08-18T10:00:00Z".parse().unwrap())
        .time_scale(0.0)
        .start()
        .unwrap();
    let (adele, alex) = (Client::of_user(&emulator, "adele"), Client::of_user(&emulator, "alex"));
    let expiry = json!({"dateTime": "2026-08-18T14:00:00", "timeZone": "W. Europe Standard Time"});
    let message = json!({"content": "in the lab", "contentType": "text"});
    let body = json!({"statusMessage": {"message": message, "expiryDateTime": expiry}});
    assert_eq!(adele.post("/v1.0/me/presence/setStatusMessage", body).status, 200);

    let own = adele.get("/v1.0/me/presence").json();
    assert_eq!(own["statusMessage"]["expiryDateTime"], expiry);
    assert_eq!(own["statusMessage"]["publishedDateTime"], "2026-08-18T10:00:00.0000000Z");
    let others = alex.get("/v1.0/users/adele/presence").json();
    assert_eq!(others["statusMessage"], json!({"message": message}));

    emulator.advance("PT2H");
    assert!(adele.get("/v1.0/me/presence").json()["statusMessage"].is_null());
}

#[test]
fn only_text_and_a_known_zone_make_a_status_message() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    for message in [
        json!({"message": {"content": "x", "contentType": "html"}}),
        json!({"message": {"content": "x"}, "expiryDateTime": {"dateTime": "2026-08-18T14:00:00", "timeZone": "Mordor"}}),
    ] {
        let answer =
            adele.post("/v1.0/me/presence/setStatusMessage", json!({"statusMessage": message}));
        assert!(answer.error().starts_with("400 InvalidArgument"), "{}", answer.error());
    }
}

#[test]
fn a_null_status_message_clears_it() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    let path = "/v1.0/me/presence/setStatusMessage";
    adele.post(path, json!({"statusMessage": {"message": {"content": "here"}}}));
    assert_eq!(emulator.presence("adele")["statusMessage"]["message"]["content"], "here");
    adele.post(path, json!({"statusMessage": null}));
    assert!(emulator.presence("adele")["statusMessage"].is_null());
}

#[test]
fn locations_follow_their_layers() {
    let emulator = Emulator::start();
    let adele = Client::of_user(&emulator, "adele");
    let set = |action: &str, kind: &str| {
        adele
            .post(
                &format!("/v1.0/me/presence/{action}"),
                json!({"workLocationType": kind, "placeId": "p1"}),
            )
            .status
    };
    let location = || adele.get("/v1.0/me/presence").json()["workLocation"].clone();
    assert_eq!(set("setAutomaticLocation", "office"), 200);
    assert_eq!(set("setManualLocation", "remote"), 200);
    assert_eq!(
        location(),
        json!({"placeId": "p1", "source": "manual", "workLocationType": "remote"})
    );
    assert_eq!(
        adele.call("POST", "/v1.0/me/presence/clearAutomaticLocation", None, &[]).status,
        200
    );
    assert_eq!(location()["source"], "manual");
    assert_eq!(set("setAutomaticLocation", "office"), 200);
    assert_eq!(adele.call("POST", "/v1.0/me/presence/clearLocation", None, &[]).status, 200);
    assert_eq!(
        location(),
        json!({"placeId": null, "source": "none", "workLocationType": "unspecified"})
    );
    assert_eq!(set("setManualLocation", "moon"), 400);
}

#[test]
fn no_application_permission_sets_a_location() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    let answer = app.post(
        "/v1.0/users/adele/presence/setManualLocation",
        json!({"workLocationType": "office"}),
    );
    assert_eq!(answer.error(), "403 Forbidden: ");
}

#[test]
fn presences_are_read_in_bulk_up_to_650() {
    let emulator = Emulator::builder().made_up_users(700).start().unwrap();
    let app = Client::of_application(&emulator);
    let ids: Vec<String> =
        (1..=651).map(|number| emulator.user_id(&format!("user{number}"))).collect();
    let path = "/v1.0/communications/getPresencesByUserId";
    let answer = app.post(path, json!({"ids": ids[..650]})).json();
    let read: Vec<&str> = answer["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap())
        .collect();
    assert_eq!(read, ids[..650]);
    assert!(app.post(path, json!({"ids": ids})).error().starts_with("400 InvalidArgument"));
    assert!(app.post(path, json!({})).error().starts_with("400 InvalidArgument: [Ids]"));
}

#[test]
fn the_collection_is_paged_over_links_of_the_same_origin() {
    let emulator = Emulator::builder().made_up_users(5).start().unwrap();
    let app = Client::of_application(&emulator);
    let mut path = "/v1.0/communications/presences?$top=2&$count=true&$select=id".to_owned();
    let mut ids = Vec::new();
    loop {
        let page = app.get(&path).json();
        assert_eq!(page["@odata.count"], 5);
        ids.extend(page["value"].as_array().unwrap().clone());
        let Some(next) = page["@odata.nextLink"].as_str() else { break };
        path = next.strip_prefix(emulator.url()).expect("the link stays on the origin").to_owned();
    }
    assert_eq!(ids.len(), 5);
    assert_eq!(app.get("/v1.0/communications/presences/$count").text, "5");
    let filtered = app
        .get(&format!(
            "/v1.0/communications/presences?$filter=id%20eq%20'{}'",
            emulator.user_id("user3")
        ))
        .json();
    assert_eq!(filtered["value"].as_array().unwrap().len(), 1);
}

#[test]
fn an_unknown_path_is_400_and_an_unknown_method_405() {
    let emulator = Emulator::start();
    let app = Client::of_application(&emulator);
    assert_eq!(
        app.get("/v1.0/me/colour").error(),
        "400 BadRequest: Resource not found for the segment 'colour'."
    );
    assert_eq!(
        app.call("PUT", "/v1.0/users/adele/presence", None, &[]).error(),
        "405 Request_BadRequest: Specified HTTP method is not allowed for the request target."
    );
}

#[test]
fn where_documents_contradict_each_other_the_reader_chooses() {
    let path = "/v1.0/communications/presences/adele";
    let emulator = Emulator::builder()
        .presence_in_array()
        .camel_case()
        .presence_read_reads_others()
        .start()
        .unwrap();
    emulator.sign_in("adele", "web", "DoNotDisturb", "Presenting");
    let body = Client::of_application(&emulator).get(path).json();
    assert_eq!(
        (&body["value"][0]["availability"], &body["value"][0]["activity"]),
        (&json!("doNotDisturb"), &json!("presenting"))
    );
    let alex = Client::new(
        &emulator,
        emulator.token(APP_ID).user("alex").permissions(&["Presence.Read"]).mint(),
    );
    assert_eq!(alex.get(path).status, 200);
}

#[test]
fn the_statuses_that_pages_contradict_are_options() {
    let emulator =
        Emulator::builder().beta_set_presence_status(200).location_status(204).start().unwrap();
    let adele = Client::of_user(&emulator, "adele");
    assert_eq!(adele.post("/beta/me/presence/setPresence", session("Away", "Away")).status, 200);
    assert_eq!(adele.call("POST", "/v1.0/me/presence/clearLocation", None, &[]).status, 204);
}

#[test]
fn one_presence_can_be_selected_from() {
    let emulator = Emulator::start();
    let body = Client::of_user(&emulator, "adele").get("/v1.0/me/presence?$select=activity").json();
    assert_eq!((&body["activity"], body.get("availability")), (&json!("Offline"), None));
}
