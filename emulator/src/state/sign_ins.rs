//! Pending device codes, authorization codes and refresh tokens. Their number is limited; the oldest are removed first.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::random::Random;
use crate::time::calendar::later;
use crate::token::Scopes;

/// The maximum number of entries of each kind.
const MOST: usize = 10_000;
pub(crate) const DEVICE_CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(15);
const CODE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);
const REFRESH_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The user's decision about a device code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Decision {
    Pending,
    /// The client is told that it polls too often.
    SlowDown,
    /// Approved by the user with this id.
    Approved(String),
    Declined,
}

#[derive(Clone, Debug)]
pub(crate) struct DeviceCode {
    pub(crate) code: String,
    pub(crate) user_code: String,
    pub(crate) app: String,
    pub(crate) scope: String,
    pub(crate) expires: Timestamp,
    pub(crate) decision: Decision,
}

/// An authorization code.
#[derive(Clone, Debug)]
pub(crate) struct Code {
    pub(crate) code: String,
    pub(crate) app: String,
    pub(crate) user: String,
    pub(crate) scope: String,
    pub(crate) redirect_uri: String,
    /// The PKCE challenge and its method.
    pub(crate) challenge: Option<(String, String)>,
    pub(crate) nonce: Option<String>,
    pub(crate) expires: Timestamp,
    pub(crate) is_redeemed: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct RefreshToken {
    pub(crate) token: String,
    pub(crate) app: String,
    pub(crate) user: String,
    pub(crate) scopes: Scopes,
    pub(crate) expires: Timestamp,
    pub(crate) is_revoked: bool,
}

/// All pending sign-ins and refresh tokens.
#[derive(Debug, Default)]
pub(crate) struct SignIns {
    device_codes: VecDeque<DeviceCode>,
    codes: VecDeque<Code>,
    refresh_tokens: VecDeque<RefreshToken>,
    /// The user's decision at the next sign-in in a browser.
    next: Option<Decision>,
}

impl SignIns {
    /// Opens a device sign-in and returns it.
    pub(crate) fn open_device(
        &mut self,
        app: &str,
        scope: &str,
        decision: Decision,
        now: Timestamp,
        random: &mut Random,
    ) -> DeviceCode {
        const LETTERS: [char; 20] = [
            'B', 'C', 'D', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V',
            'W', 'X', 'Z',
        ];
        let opened = DeviceCode {
            code: secret('D', random),
            user_code: (0..9).map(|_| *random.pick(&LETTERS)).collect(),
            app: app.into(),
            scope: scope.into(),
            expires: later(now, DEVICE_CODE_LIFETIME),
            decision,
        };
        push(&mut self.device_codes, opened.clone());
        opened
    }

    pub(crate) fn device(&self, code: &str) -> Option<&DeviceCode> {
        self.device_codes.iter().find(|known| known.code == code)
    }

    /// Removes a device code, which is valid for one token.
    pub(crate) fn close_device(&mut self, code: &str) {
        self.device_codes.retain(|known| known.code != code);
    }

    /// Stores the user's decision about a code. Returns false if the code is unknown.
    pub(crate) fn decide(&mut self, user_code: &str, decision: Decision) -> bool {
        let found = self
            .device_codes
            .iter_mut()
            .find(|known| known.user_code.eq_ignore_ascii_case(user_code));
        found.map(|known| known.decision = decision).is_some()
    }

    pub(crate) fn decide_next(&mut self, decision: Decision) {
        self.next = Some(decision);
    }

    /// The decision for this sign-in in a browser, if a test has made one.
    pub(crate) fn take_next(&mut self) -> Option<Decision> {
        self.next.take()
    }

    /// Adds an authorization code. This method sets its text and its end.
    pub(crate) fn open_code(&mut self, code: Code, now: Timestamp, random: &mut Random) -> String {
        let text = secret('C', random);
        let expires = later(now, CODE_LIFETIME);
        push(&mut self.codes, Code { code: text.clone(), expires, ..code });
        text
    }

    pub(crate) fn code(&mut self, code: &str) -> Option<&mut Code> {
        self.codes.iter_mut().find(|known| known.code == code)
    }

    pub(crate) fn open_refresh_token(
        &mut self,
        app: &str,
        user: &str,
        scopes: &Scopes,
        now: Timestamp,
        random: &mut Random,
    ) -> String {
        let token = secret('R', random);
        let opened = RefreshToken {
            token: token.clone(),
            app: app.into(),
            user: user.into(),
            scopes: scopes.clone(),
            expires: later(now, REFRESH_TOKEN_LIFETIME),
            is_revoked: false,
        };
        push(&mut self.refresh_tokens, opened);
        token
    }

    pub(crate) fn refresh_token(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh_tokens.iter().find(|known| known.token == token)
    }

    /// Ends every sign-in: codes are removed, and refresh tokens are marked as revoked.
    pub(crate) fn revoke(&mut self) {
        self.device_codes.clear();
        self.codes.clear();
        self.refresh_tokens.iter_mut().for_each(|token| token.is_revoked = true);
    }

    /// The device sign-ins that are still pending.
    pub(crate) fn to_json(&self, now: Timestamp) -> Value {
        let open = self.device_codes.iter().filter(|known| known.expires > now);
        let shown = open.map(|known| {
            let (state, user) = match &known.decision {
                Decision::Pending => ("pending", None),
                Decision::SlowDown => ("slowDown", None),
                Decision::Approved(user) => ("approved", Some(user)),
                Decision::Declined => ("declined", None),
            };
            json!({"userCode": known.user_code, "appId": known.app, "scope": known.scope, "state": state, "userId": user})
        });
        shown.collect()
    }
}

fn push<T>(known: &mut VecDeque<T>, new: T) {
    known.push_back(new);
    if known.len() > MOST {
        known.pop_front();
    }
}

/// A new code or token, opaque to clients. Its first letter shows its kind to a reader of a log.
fn secret(kind: char, random: &mut Random) -> String {
    format!("0.{kind}{}{}", random.guid(), random.guid()).replace('-', "")
}
