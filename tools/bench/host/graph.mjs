// setPresence through @microsoft/microsoft-graph-client: `node graph.mjs URL TOKEN CALLS IN_FLIGHT`.
// Prints the seconds that the calls took, without the start of node.
import { Client } from '@microsoft/microsoft-graph-client';

const [url, token, calls, inFlight] = process.argv.slice(2);
const body = {
    sessionId: '22553876-f5ab-4529-bffb-cfe50aa89f87',
    availability: 'Busy',
    activity: 'InACall',
    expirationDuration: 'PT1H',
};
const client = Client.init({
    baseUrl: url,
    defaultVersion: 'v1.0',
    customHosts: new Set(['127.0.0.1']),
    authProvider: (done) => done(null, token),
});
let left = Number(calls);

// Sends one request after the other while some are left. The client throws on any answer but 2xx.
async function lane() {
    while (left-- > 0) {
        await client.api('/users/adele/presence/setPresence').post(body);
    }
}

const start = performance.now();
await Promise.all(Array.from({ length: Number(inFlight) }, lane));
console.log((performance.now() - start) / 1000);
