// What a client of Node.js signs in to. The emulators run already: run.py starts them, since Node reads NODE_EXTRA_CA_CERTS,
// the authorities that it trusts, only once.
"use strict";
const { execFile } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { isDeepStrictEqual, promisify } = require("node:util");

const DATA = path.join(__dirname, "../../../emulator/tests/data");
const CERTIFICATE = fs.readFileSync(path.join(DATA, "client-certificate.pem"), "utf8");
const KEY = fs.readFileSync(path.join(DATA, "client-key.pem"), "utf8");
const CERTIFICATE_AND_KEY = CERTIFICATE + KEY;
const GRAPH = "https://graph.microsoft.com/.default";
const REDIRECT = "http://localhost:8400/done";
const ADELE = "AdeleV@contoso.example";
const { about, python, hasArc } = JSON.parse(process.env.MGP_STAGE);

class Stage {
    constructor(library, about) {
        Object.assign(this, { library, about, app: about.appId, tenant: about.tenantId, url: about.url });
        this.authority = `${this.url}/${this.tenant}`;
    }

    async call(method, url, body, token) {
        const headers = { "Content-Type": "application/json", ...(token && { Authorization: `Bearer ${token}` }) };
        const answer = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
        const text = await answer.text();
        if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
        return text ? JSON.parse(text) : null;
    }

    control(method, name, body) {
        return this.call(method, `${this.about.control}/${name}`, body);
    }

    register(registration) {
        return this.control("POST", "applications", registration);
    }

    trustFederated(appId) {
        return this.register({ appId, federatedCredentials: [{ issuer: "https://ci.example", subject: "repo:contoso/presence" }] });
    }

    /** What an identity provider elsewhere says; see `trustFederated`. */
    async assertion() {
        return (await this.control("POST", "assertions", { issuer: "https://ci.example", subject: "repo:contoso/presence" })).assertion;
    }

    approve(userCode) {
        return this.control("POST", `signIns/${userCode}`, { user: "adele" });
    }

    async check(sentence, problem) {
        try {
            await problem();
            console.log("ok      %s: %s", this.library, sentence);
        } catch (error) {
            console.log("FAILED  %s: %s\n  %s", this.library, sentence, error.message);
        }
    }

    /** How many requests for tokens succeeded. */
    async requests(grantType) {
        const counts = await this.control("GET", "tokenRequests");
        return counts.filter((count) => count.grantType === grantType).reduce((sum, count) => sum + count.issued, 0);
    }

    /** What `act` does sends so many successful requests for a token. */
    async counted(grantType, number, act) {
        const before = await this.requests(grantType);
        await act();
        expect((await this.requests(grantType)) - before, number);
    }

    /** The published key signed it, and Graph lets it write and read a presence. */
    async checkToken(token, user) {
        const claims = await this.verify(token);
        expect([claims.aud, claims.iss, claims.upn], ["https://graph.microsoft.com", `https://sts.windows.net/${this.tenant}/`, user]);
        const presence = `${this.url}/v1.0/${user ? "me" : "users/adele"}/presence`;
        const session = { sessionId: claims.appid, availability: "Busy", activity: "InACall" };
        await this.call("POST", `${presence}/setPresence`, session, token);
        expect((await this.call("GET", presence, undefined, token)).activity, "InACall");
    }

    async verify(token) {
        const { jwks_uri: place } = await this.call("GET", `${this.authority}/v2.0/.well-known/openid-configuration`);
        const { keys } = await this.call("GET", place);
        const [header, claims, signature] = token.split(".");
        const { kid } = JSON.parse(Buffer.from(header, "base64url"));
        const key = crypto.createPublicKey({ key: keys.find((key) => key.kid === kid), format: "jwk" });
        expect(crypto.verify("sha256", Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, "base64url")), true);
        return JSON.parse(Buffer.from(claims, "base64url"));
    }

    /** Graph demands the claims with which `act` is called. */
    async challenged(options, act) {
        await this.control("PUT", "claimsChallenge", options);
        try {
            await act(JSON.stringify((await this.control("GET", "claimsChallenge")).claims));
        } finally {
            await this.control("DELETE", "claimsChallenge");
        }
    }
}

function expect(found, expected) {
    if (!isDeepStrictEqual(found, expected)) throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
}

async function refused(act, ...words) {
    const error = await act().then(() => new Error("it was accepted"), (error) => error);
    expect([error.message, words.filter((word) => !error.message.includes(word))], [error.message, []]);
}

/** Runs `act` with only these of the variables that hosts of managed identities set. */
async function withEnvironment(variables, act) {
    const before = { ...process.env };
    for (const name of ["IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IMDS_ENDPOINT", "AZURE_POD_IDENTITY_AUTHORITY_HOST"]) delete process.env[name];
    Object.assign(process.env, variables);
    try {
        return await act();
    } finally {
        for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
        Object.assign(process.env, before);
    }
}

/** Each host of managed identities, with the variables by which a library finds it. */
function hosts({ url, identityEndpoint, identityHeader, arcEndpoint }) {
    const hosts = {
        "App Service": { IDENTITY_ENDPOINT: identityEndpoint, IDENTITY_HEADER: identityHeader },
        "a virtual machine": { AZURE_POD_IDENTITY_AUTHORITY_HOST: url },
    };
    if (hasArc) hosts["Azure Arc"] = { IDENTITY_ENDPOINT: arcEndpoint, IMDS_ENDPOINT: url };
    return hosts;
}

async function browse(...options) {
    const { stdout } = await promisify(execFile)(python, [path.join(__dirname, "browser.py"), ...options]);
    return stdout;
}

/** Goes where the sign-in page leads, to the application's own listener. */
const openBrowser = async (url) => void (await browse(url));

/** How the application would get what: mode and parameters. */
const sentBack = async (url) => JSON.parse(await browse("--show", url));

module.exports = {
    about, Stage, expect, refused, withEnvironment, hosts, openBrowser, sentBack,
    CERTIFICATE, KEY, CERTIFICATE_AND_KEY, GRAPH, REDIRECT, ADELE,
};
