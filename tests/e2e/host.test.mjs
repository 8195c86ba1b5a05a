// Where the engine runs: a worker by default, the page by choice or where no worker can be had.
import assert from 'node:assert/strict';
import { heard, loadSdk, openBrowser, send, startServer, test, until, watch } from './harness.mjs';

/** Name, options of the client, what is taken away from the page, the host, a part of the reason. */
const CASES = [
  ['by default', {}, '', 'worker', /^$/],
  ['by choice', { host: 'page' }, '', 'page', /^$/],
  ['without Worker', {}, 'noWorker', 'page', /no Worker/],
  ['where the script of the worker is missing', {}, 'noScript', 'page', /./],
];

for (const [name, options, fault, kind, reason] of CASES) {
  test(`the engine's host ${name}`, async (context) => {
    const server = await startServer(context);
    const browser = await openBrowser(context);
    const page = watch(context, await browser.newPage(), 'alice');
    if (fault === 'noWorker') await page.addInitScript(() => delete window.Worker);
    await loadSdk(page, server);
    if (fault === 'noScript') {
      await page.route('**/pkg/worker.js', (route) => route.fulfill({ status: 404, body: '' }));
    }
    const token = await server.token('alice');
    const params = { userID: 'alice', token, platformID: 5, apiAddr: server.api, wsAddr: server.ws };
    await page.evaluate(([options, params]) => window.begin(options).login(params), [options, params]);
    await heard(page, 'OnSyncServerFinish');
    const sent = await send(page, 'bob', 'createTextMessage', name);
    // The acknowledgement comes before the message has its place.
    await until('it at the server', async () => (await server.log('si_alice_bob')).at(-1).clientMsgID === sent.clientMsgID);
    const host = await page.evaluate(() => window.sdk.host);
    assert.equal(host.kind, kind);
    assert.match(host.reason, reason);
    assert.equal(page.workers().length, kind === 'worker' ? 1 : 0);
    const warned = context.log.some((line) => line.includes('the engine runs in the page'));
    assert.equal(warned, fault !== '', 'a warning says why');
  });
}
