//! The structs of the ABI as Rust lays them out. tests/abi/*.layout is what a C compiler made of the header.

use std::collections::BTreeMap;
use std::fs;
use std::mem::offset_of;
use std::path::Path;

use ::mgpresence::ffi::{
    mgp_client_options, mgp_client_statistics, mgp_completion, mgp_credential_options, mgp_field,
    mgp_keep_alive_counts, mgp_keep_alive_event, mgp_keep_alive_options, mgp_prompt, mgp_request,
};

/// The size of a struct and the offsets of its fields, by the names of the stored files.
macro_rules! layout {
    ($($type:ident { $($field:ident),* })*) => {
        BTreeMap::from([$(
            (stringify!($type).to_owned(), size_of::<$type>()),
            $((concat!(stringify!($type), ".", stringify!($field)).to_owned(), offset_of!($type, $field)),)*
        )*])
    };
}

#[test]
#[cfg(target_pointer_width = "64")]
fn the_structs_are_laid_out_as_in_the_header() {
    let ours = layout! {
        mgp_field { name, value }
        mgp_client_options {
            struct_size, flags, cloud, base_url, credential, user_agent, proxy_url, ca_file, timeout_ms,
            connect_timeout_ms, retry_budget_ms, max_attempts, max_in_flight, log_level, log, log_user, log_drop,
            throttle_start, throttle_ceiling, retry_delay_ms, environment_count, environment
        }
        mgp_client_statistics {
            struct_size, outstanding, waiting, in_flight, throttle_limit, throttle_used, requests, batches, batched,
            retries, throttled, throttle_waits, succeeded, failed, tokens
        }
        mgp_credential_options {
            struct_size, kind, flags, timeout_ms, cloud, authority, tenant_id, client_id, scopes, client_secret,
            certificate_file, certificate, certificate_password, sign, assertion, assertion_file, client_assertion, prompt,
            login_hint, refresh_token, refresh_token_changed, proxy_url, ca_file, environment, chain, user, drop,
            certificate_size, environment_count, chain_count, redirect_port
        }
        mgp_prompt { struct_size, kind, message, url, user_code, expires_unix_s }
        mgp_request {
            struct_size, operation, api_version, target, target_id, body_json, query, headers, query_count,
            header_count, access_token, timeout_ms, flags, next_link
        }
        mgp_completion { struct_size, status, operation, user, response, error, event }
        mgp_keep_alive_options { struct_size, flags, interval_ms }
        mgp_keep_alive_event { struct_size, state, operation, target, user_id, at, next, lapses }
        mgp_keep_alive_counts {
            struct_size, pending, held, failing, lost, refused, waiting, in_flight, renewals, failures, next, outage,
            reserved
        }
    };
    let version = env!("CARGO_PKG_VERSION");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/abi/{version}.layout"));
    let stored = fs::read_to_string(path).unwrap();
    let stored = stored.lines().map(|line| {
        let (name, number) = line.split_once(' ').unwrap();
        (name.to_owned(), number.parse().unwrap())
    });
    assert_eq!(ours, stored.collect());
}
