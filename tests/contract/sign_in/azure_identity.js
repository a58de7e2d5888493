// @azure/identity for JavaScript signs in, unmodified. <https://learn.microsoft.com/javascript/api/overview/azure/identity-readme>
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const identity = require("@azure/identity");
const {
    about, Stage, refused, expect, withEnvironment, hosts, sentBack, CERTIFICATE_AND_KEY, GRAPH, REDIRECT, ADELE,
} = require("./stage.js");

const SCOPES = ["https://graph.microsoft.com/Presence.ReadWrite", "https://graph.microsoft.com/Presence.Read.All"];
const [hour, minute] = [about.hour, about.minute].map((about) => new Stage("@azure/identity for JavaScript", about));

const options = (stage) => ({ authorityHost: stage.url, disableInstanceDiscovery: true });

const secret = (stage, app = stage.app, text = stage.about.clientSecret) =>
    new identity.ClientSecretCredential(stage.tenant, app, text, options(stage));

/** Each way an application signs in: a function that hands the credential on. */
const APPLICATIONS = {
    "a client secret": (stage, use) => use(secret(stage)),
    "a client certificate": (stage, use) => use(
        new identity.ClientCertificateCredential(stage.tenant, stage.app, { certificate: CERTIFICATE_AND_KEY },
            { sendCertificateChain: true, ...options(stage) })),
    "a client assertion": (stage, use) => use(
        new identity.ClientAssertionCredential(stage.tenant, "federated-app", () => stage.assertion(), options(stage))),
    "a workload's token file": async (stage, use) => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "workload-"));
        const tokenFilePath = path.join(folder, "token");
        fs.writeFileSync(tokenFilePath, await stage.assertion());
        try {
            await use(new identity.WorkloadIdentityCredential(
                { tenantId: stage.tenant, clientId: "federated-app", tokenFilePath, ...options(stage) }));
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    },
    "the environment": (stage, use) => withEnvironment(
        { AZURE_TENANT_ID: stage.tenant, AZURE_CLIENT_ID: stage.app, AZURE_CLIENT_SECRET: stage.about.clientSecret },
        () => use(new identity.EnvironmentCredential(options(stage)))),
};

async function applications() {
    for (const stage of [hour, minute]) await stage.trustFederated("federated-app");
    for (const [name, make] of Object.entries(APPLICATIONS)) {
        for (const [stage, number, sentence] of [
            [hour, 1, "signs an application in, once for two calls"], [minute, 2, "asks again for a token that ends soon"]]) {
            await stage.check(`${name} ${sentence}`, () => make(stage, (credential) =>
                stage.counted("client_credentials", number, async () => {
                    for (let call = 0; call < 2; call++) await stage.checkToken((await credential.getToken(GRAPH)).token);
                })));
        }
    }
    await hour.check("what is wrong with an application has Entra's number", async () => {
        for (const [app, text, code] of [[hour.app, "wrong", 7000215], ["unknown-app", "s", 700016]]) {
            await refused(() => secret(hour, app, text).getToken(GRAPH), `AADSTS${code}:`, "Trace ID: ");
        }
    });
    await hour.check("a claims challenge is answered", () => hour.challenged({}, async (claims) =>
        hour.checkToken((await secret(hour).getToken(GRAPH, { claims })).token)));
    await hour.check("a chain takes the first that has a token", async () => {
        const chain = new identity.ChainedTokenCredential(new identity.EnvironmentCredential(options(hour)), secret(hour));
        await hour.checkToken((await chain.getToken(GRAPH)).token);
    });
}

/** Each way a user signs in. */
const USERS = {
    "a device code": (stage) => new identity.DeviceCodeCredential({
        tenantId: stage.tenant, clientId: stage.app, ...options(stage),
        userPromptCallback: ({ userCode }) => stage.approve(userCode),
    }),
    "the system's browser": (stage) => new identity.InteractiveBrowserCredential({
        tenantId: stage.tenant, clientId: stage.app, loginHint: "adele", ...options(stage),
    }),
    "an authorization code": async (stage) => {
        const scope = [...SCOPES, "openid", "profile", "offline_access"].join(" ");
        const query = new URLSearchParams({
            client_id: stage.app, response_type: "code", redirect_uri: REDIRECT, scope, login_hint: "adele",
        });
        const { parameters } = await sentBack(`${stage.authority}/oauth2/v2.0/authorize?${query}`);
        const { clientSecret } = stage.about;
        return new identity.AuthorizationCodeCredential(
            stage.tenant, stage.app, clientSecret, parameters.code, REDIRECT, options(stage));
    },
};

async function users() {
    for (const [name, make] of Object.entries(USERS)) {
        for (const [stage, number, sentence] of [
            [hour, 0, "signs a user in, and the cache has the token"],
            [minute, 1, "keeps the user signed in by refresh tokens"]]) {
            await stage.check(`${name} ${sentence}`, async () => {
                const credential = await make(stage);
                const { token } = await credential.getToken(SCOPES);
                await stage.checkToken(token, ADELE);
                await stage.counted("refresh_token", number, async () => {
                    const again = (await credential.getToken(SCOPES)).token;
                    await stage.checkToken(again, ADELE);
                    expect(again === token, number === 0);
                });
            });
        }
    }
}

/** The library as a new process would load it: it keeps the tokens of managed identities as long as the process. */
function loadedAnew() {
    for (const file of Object.keys(require.cache).filter((file) => file.includes("node_modules"))) delete require.cache[file];
    return require("@azure/identity");
}

async function managedIdentities() {
    const clientId = "00000000-bbbb-3333-cccc-4444dddd5555";
    await hour.register({ appId: clientId, isManagedIdentity: true });
    const found = (variables, named) => withEnvironment(variables, () => hour.counted("managed_identity", 1, async () => {
        const credential = new (loadedAnew().ManagedIdentityCredential)(named);
        for (let call = 0; call < 2; call++) await hour.checkToken((await credential.getToken(GRAPH)).token);
    }));
    for (const [name, variables] of Object.entries(hosts(hour.about))) {
        await hour.check(`${name} has a managed identity`, () => found(variables));
    }
    await hour.check("the default chain finds the identity of a virtual machine", () =>
        withEnvironment(hosts(hour.about)["a virtual machine"], () => hour.counted("managed_identity", 1, async () => {
            const credential = new (loadedAnew().DefaultAzureCredential)(options(hour));
            await hour.checkToken((await credential.getToken(GRAPH)).token);
        })));
    await hour.check("a user-assigned identity is found by its client id", () => found(hosts(hour.about)["App Service"], { clientId }));
}

applications().then(users).then(managedIdentities);
