//! Checks of the emulator's parsers that must hold for any input. libFuzzer (`tools/fuzz`) runs them, and so does
//! `cargo test` with the corpus in fuzz/corpus. Behind the feature `fuzzing`; not part of the API.

use std::str;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::{Builder, Runtime};

use crate::http::Request;
use crate::odata::Query;
use crate::server::converse;
use crate::service::Service;
use crate::settings::Settings;
use crate::state::State;

/// The name of a parser's folder in fuzz/corpus, and a function that panics if a check fails.
pub type Parser = (&'static str, fn(&[u8]));

/// The parsers that read text from outside.
pub const TARGETS: &[Parser] = &[("http_heads", http_heads), ("odata_options", odata_options)];

fn query(text: String) -> Option<Query> {
    Query::of(&Request { query: Some(text), ..Request::default() }).ok()
}

/// The pages of a query end and contain each matching item once. `not` inverts a filter.
fn odata_options(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let items: Vec<Value> =
        (0..7).map(|number| json!({"id": format!("{number}"), "activity": "Away"})).collect();
    let mut next = query(text.into());
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(options) = next.take() {
        let page = options.page(items.clone(), 3);
        seen.extend(page.items);
        pages += 1;
        assert!(pages <= items.len() + 1, "the pages do not end");
        next = page.next_query.map(|text| query(text).expect("a query of our own is read"));
    }
    assert!(items.ends_with(&seen), "{seen:?}");

    let with_filter =
        |filter: &str| query(format!("$filter={}", utf8_percent_encode(filter, NON_ALPHANUMERIC)));
    if let (Some(filter), Some(not)) = (with_filter(text), with_filter(&format!("not ({text})"))) {
        assert!(items.iter().all(|item| filter.covers(item) != not.covers(item)));
    }
}

/// The emulator soon answers any input on a connection in HTTP, or closes the connection, and stays available.
fn http_heads(data: &[u8]) {
    static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
        Builder::new_current_thread().enable_all().build().expect("a runtime can be made")
    });
    // Leave out the control API: it could inject a fault, whose answer need not be valid HTTP.
    if data.windows(9).any(|window| window == b"_emulator") {
        return;
    }
    let settings = Arc::new(Settings::default());
    let service = Arc::new(Service::new(State::new(settings, "http://127.0.0.1".into()), None));
    let answer = RUNTIME.block_on(async {
        let (mut client, server) = tokio::io::duplex(1 << 20);
        let emulator = tokio::spawn(converse(server, service));
        client.write_all(data).await.expect("the emulator reads");
        client.shutdown().await.expect("a pipe can be closed");
        let mut answer = Vec::new();
        let whole = tokio::time::timeout(Duration::from_secs(5), client.read_to_end(&mut answer));
        whole.await.expect("the emulator hangs up").expect("a pipe can be read");
        emulator.await.expect("the emulator does not panic");
        answer
    });
    assert!(answer.is_empty() || answer.starts_with(b"HTTP/1."), "{}", answer.escape_ascii());
}

#[cfg(test)]
mod tests {
    use super::TARGETS;

    #[test]
    fn every_input_of_the_corpus_passes_the_checks() {
        for (name, target) in TARGETS {
            let folder = format!("{}/../fuzz/corpus/{name}", env!("CARGO_MANIFEST_DIR"));
            let files = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
            let inputs: Vec<_> = files.map(|path| std::fs::read(path).unwrap()).collect();
            assert!(inputs.len() > 3, "{folder} has {} inputs", inputs.len());
            inputs.iter().for_each(|input| target(input));
        }
    }
}
