// openid-client, a certified OpenID Connect client, signs in by what discovery says alone, and checks every ID token.
// <https://github.com/panva/openid-client>
"use strict";
const { createPrivateKey } = require("node:crypto");
const { pathToFileURL } = require("node:url");
const { about, Stage, expect, refused, sentBack, KEY, GRAPH, REDIRECT, ADELE } = require("./stage.js");

const SCOPE = "openid profile offline_access Presence.ReadWrite Presence.Read.All";
const stage = new Stage("openid-client", about.hour);

async function main() {
    const oidc = await import(pathToFileURL(require.resolve("openid-client")));
    const configured = (authentication) => oidc.discovery(
        new URL(`${stage.authority}/v2.0`), stage.app, undefined, authentication, { execute: [oidc.enableNonRepudiationChecks] });

    for (const [name, authentication] of Object.entries(await authentications(oidc))) {
        await stage.check(`an application proves itself by ${name}`, async () => {
            const answer = await oidc.clientCredentialsGrant(await configured(authentication), { scope: GRAPH });
            await stage.checkToken(answer.access_token);
        });
    }
    await stage.check("a wrong secret is refused", async () => {
        const config = await configured(oidc.ClientSecretPost("wrong"));
        await refused(() => oidc.clientCredentialsGrant(config, { scope: GRAPH }).catch((error) => {
            throw new Error(error.error_description);
        }), "AADSTS7000215:");
    });
    for (const mode of ["query", "form_post"]) {
        await stage.check(`an authorization code by ${mode} signs a user in, and a refresh token again`, async () => {
            const config = await configured(oidc.None());
            const answer = await authorizationCode(oidc, config, mode);
            await checkUser(answer);
            await checkUser(await oidc.refreshTokenGrant(config, answer.refresh_token));
        });
    }
    await stage.check("a device code signs a user in", async () => {
        const config = await configured(oidc.None());
        const opened = await oidc.initiateDeviceAuthorization(config, { scope: SCOPE });
        await stage.approve(opened.user_code);
        await checkUser(await oidc.pollDeviceAuthorizationGrant(config, opened));
    });
}

async function authentications(oidc) {
    const secret = stage.about.clientSecret;
    const pkcs8 = createPrivateKey(KEY).export({ type: "pkcs8", format: "der" });
    const key = (name) => crypto.subtle.importKey("pkcs8", pkcs8, { name, hash: "SHA-256" }, false, ["sign"]);
    return {
        "client_secret_post": oidc.ClientSecretPost(secret),
        "client_secret_basic": oidc.ClientSecretBasic(secret),
        "private_key_jwt with RS256": oidc.PrivateKeyJwt(await key("RSASSA-PKCS1-v1_5")),
        "private_key_jwt with PS256": oidc.PrivateKeyJwt(await key("RSA-PSS")),
    };
}

async function authorizationCode(oidc, config, mode) {
    const [pkceCodeVerifier, expectedNonce, expectedState] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce(), oidc.randomState()];
    const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: REDIRECT, scope: SCOPE, response_mode: mode, login_hint: "adele", state: expectedState, nonce: expectedNonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier), code_challenge_method: "S256",
    });
    const { parameters } = await sentBack(url.href);
    const body = new URLSearchParams(parameters);
    const arrived = mode === "query" ? new URL(`${REDIRECT}?${body}`) : new Request(REDIRECT, { method: "POST", body });
    return oidc.authorizationCodeGrant(config, arrived, { pkceCodeVerifier, expectedNonce, expectedState, idTokenExpected: true });
}

async function checkUser(answer) {
    await stage.checkToken(answer.access_token, ADELE);
    expect(answer.claims().preferred_username, ADELE);
}

main();
