// What the examples in the docs of the core begin with. Each includes this file.

// A client of a new emulator, with an application's token for every user.
pub(crate) fn emulated() -> (mgpresence_emulator::Emulator, mgpresence::Client) {
    let emulator = mgpresence_emulator::Emulator::start();
    let client = client_with(&emulator, &emulator.app_token());
    (emulator, client)
}

// A client of a new emulator, with the token of the signed-in user adele.
pub(crate) fn signed_in() -> (mgpresence_emulator::Emulator, mgpresence::Client) {
    let emulator = mgpresence_emulator::Emulator::start();
    let client = client_with(&emulator, &emulator.user_token("adele"));
    (emulator, client)
}

fn client_with(emulator: &mgpresence_emulator::Emulator, token: &str) -> mgpresence::Client {
    let credential = mgpresence::Credential::from_token(token).unwrap();
    let builder = mgpresence::Client::builder().base_url(emulator.url()).allow_loopback_http();
    builder.credential(credential).build().unwrap()
}
