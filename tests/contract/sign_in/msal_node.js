// MSAL for Node signs in, unmodified. <https://learn.microsoft.com/entra/msal/javascript/node/>
"use strict";
const crypto = require("node:crypto");
const msal = require("@azure/msal-node");
const {
    about, Stage, expect, refused, withEnvironment, hosts, openBrowser, sentBack, CERTIFICATE, KEY, GRAPH, REDIRECT, ADELE,
} = require("./stage.js");

const SCOPES = ["Presence.ReadWrite", "Presence.Read.All"];
const [hour, minute] = [about.hour, about.minute].map((about) => new Stage("MSAL for Node", about));

function auth(stage, more) {
    return { clientId: stage.app, authority: stage.authority, knownAuthorities: [new URL(stage.url).host], ...more };
}

const confidential = (stage, more) => new msal.ConfidentialClientApplication({ auth: auth(stage, more) });
const open = (stage, more) => new msal.PublicClientApplication({ auth: auth(stage, more) });

/** What proves an application. */
const CREDENTIALS = {
    "a client secret": (stage) => ({ clientSecret: stage.about.clientSecret }),
    "a client certificate": () => ({
        clientCertificate: {
            thumbprintSha256: new crypto.X509Certificate(CERTIFICATE).fingerprint256.replaceAll(":", ""),
            privateKey: KEY,
            x5c: CERTIFICATE,
        },
    }),
    "a client assertion": (stage) => ({ clientId: "federated-app", clientAssertion: () => stage.assertion() }),
};

async function applications() {
    for (const stage of [hour, minute]) await stage.trustFederated("federated-app");
    for (const [name, credential] of Object.entries(CREDENTIALS)) {
        for (const [stage, number, sentence] of [
            [hour, 1, "signs an application in, once for two calls"], [minute, 2, "asks again for a token that ends soon"]]) {
            await stage.check(`${name} ${sentence}`, async () => {
                const client = confidential(stage, credential(stage));
                await stage.counted("client_credentials", number, async () => {
                    for (let call = 0; call < 2; call++) {
                        await stage.checkToken((await client.acquireTokenByClientCredential({ scopes: [GRAPH] })).accessToken);
                    }
                });
            });
        }
    }
    await hour.check("what is wrong with an application has Entra's number", async () => {
        for (const [more, code] of [[{ clientSecret: "wrong" }, 7000215], [{ clientId: "unknown-app", clientSecret: "s" }, 700016]]) {
            const client = confidential(hour, more);
            await refused(() => client.acquireTokenByClientCredential({ scopes: [GRAPH] }), `AADSTS${code}:`, "Trace ID: ");
        }
    });
    await hour.check("a claims challenge is answered", () => hour.challenged({}, async (claims) => {
        const client = confidential(hour, CREDENTIALS["a client secret"](hour));
        await hour.checkToken((await client.acquireTokenByClientCredential({ scopes: [GRAPH], claims })).accessToken);
    }));
}

/** Each way a user signs in: client and answer. */
const SIGN_INS = {
    "a device code": (stage) => deviceCode(stage, {}),
    "a device code of any organization": (stage) => deviceCode(stage, { authority: `${stage.url}/organizations` }),
    "an authorization code by query": (stage) => authorizationCode(open(stage), "query"),
    "an authorization code by form_post": (stage) => authorizationCode(open(stage), "form_post"),
    "an authorization code by fragment": (stage) => authorizationCode(open(stage), "fragment"),
    "an authorization code of a confidential client": (stage) =>
        authorizationCode(confidential(stage, CREDENTIALS["a client certificate"](stage)), "query"),
    "the system's browser": async (stage) => {
        const client = open(stage);
        return [client, await client.acquireTokenInteractive({ scopes: SCOPES, loginHint: "adele", openBrowser })];
    },
};

async function deviceCode(stage, more) {
    const client = open(stage, more);
    const deviceCodeCallback = ({ userCode }) => stage.approve(userCode);
    return [client, await client.acquireTokenByDeviceCode({ scopes: SCOPES, deviceCodeCallback })];
}

async function authorizationCode(client, responseMode) {
    const { verifier, challenge } = await new msal.CryptoProvider().generatePkceCodes();
    const nonce = crypto.randomUUID();
    const url = await client.getAuthCodeUrl({
        scopes: SCOPES, redirectUri: REDIRECT, responseMode, nonce, loginHint: "adele", codeChallenge: challenge, codeChallengeMethod: "S256",
    });
    const { mode, parameters } = await sentBack(url);
    expect(mode, responseMode);
    const { code, client_info: clientInfo } = parameters;
    return [client, await client.acquireTokenByCode({
        scopes: SCOPES, redirectUri: REDIRECT, code, clientInfo, nonce, codeVerifier: verifier,
    })];
}

async function users() {
    for (const [name, signIn] of Object.entries(SIGN_INS)) {
        await hour.check(`${name} signs a user in, and the cache has the token`, async () => {
            const [client, answer] = await signIn(hour);
            await hour.checkToken(answer.accessToken, ADELE);
            await hour.verify(answer.idToken);
            expect(answer.account.username, ADELE);
            await hour.counted("refresh_token", 0, async () => expect((await silent(client)).accessToken, answer.accessToken));
        });
        await minute.check(`${name} keeps the user signed in by refresh tokens`, async () => {
            const [client, answer] = await signIn(minute);
            await minute.counted("refresh_token", 1, async () => {
                const again = await silent(client);
                await minute.checkToken(again.accessToken, ADELE);
                expect(again.accessToken === answer.accessToken, false);
            });
        });
    }
    await hour.check("a claims challenge that needs the user asks for a sign-in", async () => {
        const [client] = await SIGN_INS["a device code"](hour);
        await hour.challenged({ interactive: true }, async (claims) => {
            const error = await silent(client, { claims }).catch((error) => error);
            expect([error.name, error.subError, error.claims], ["InteractionRequiredAuthError", "basic_action", claims]);
        });
    });
    await minute.check("a refresh token that was revoked asks for a sign-in", async () => {
        const [client] = await SIGN_INS["a device code"](minute);
        await minute.control("DELETE", "signIns");
        await refused(() => silent(client), "AADSTS50173:");
    });
}

async function silent(client, more) {
    const [account] = await client.getTokenCache().getAllAccounts();
    return client.acquireTokenSilent({ scopes: SCOPES, account, ...more });
}

async function managedIdentities() {
    const identity = "00000000-bbbb-3333-cccc-4444dddd5555";
    await hour.register({ appId: identity, isManagedIdentity: true });
    const found = async (variables, managedIdentityIdParams) => {
        const resource = "https://graph.microsoft.com";
        await withEnvironment(variables, () => hour.counted("managed_identity", 1, async () => {
            const client = new msal.ManagedIdentityApplication({ managedIdentityIdParams });
            for (const forceRefresh of [true, false]) {
                await hour.checkToken((await client.acquireToken({ resource, forceRefresh })).accessToken);
            }
        }));
    };
    for (const [name, variables] of Object.entries(hosts(hour.about))) {
        await hour.check(`${name} has a managed identity`, () => found(variables));
    }
    await hour.check("a user-assigned identity is found by its client id", () =>
        found(hosts(hour.about)["App Service"], { userAssignedClientId: identity }));
}

applications().then(users).then(managedIdentities);
