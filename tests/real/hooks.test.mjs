// The React hooks and the Vue composables: two people in one page, driven by what the page shows.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { bundle } from '../e2e/bundle.mjs';
import { repository, test, until, watch } from '../e2e/harness.mjs';
import { register, say, settings, storage, world } from './world.mjs';

const PAGE = '<!doctype html><title>hooks</title><div id="app"></div><script type="module" src="/hooks.js"></script>';
const matrix = join(repository, 'tests/matrix');

for (const framework of ['react', 'vue']) {
  test(`two people in one page with ${framework}`, async (context) => {
    const server = await world(context);
    const [alice, bob] = await register('Alice', 'Bob');
    for (let n = 0; n < 12; n += 1) await say(n % 2 ? alice : bob, n % 2 ? bob : alice, `earlier ${n}`);
    const packageAt = '/node_modules/openim-web/dist/index.js';
    const elsewhere = { './script.js': join(matrix, 'shared/script.js') };
    const script = await bundle(join(matrix, framework, 'main.js'), packageAt, elsewhere);
    const page = watch(context, await (await storage(server)).newPage(), framework);
    await page.route(`${server.site}/hooks.*`, (route) => {
      const isScript = new URL(route.request().url()).pathname === '/hooks.js';
      return route.fulfill(isScript ? { contentType: 'text/javascript', body: script } : { contentType: 'text/html', body: PAGE });
    });
    const query = new URLSearchParams({
      api: settings.api, ws: settings.ws, alice: alice.token, aliceID: alice.id, bob: bob.token, bobID: bob.id,
    });
    await page.goto(`${server.site}/hooks.html?${query}`);
    const result = await until('the end', () => page.evaluate(() => document.documentElement.dataset.result), { seconds: 60 });
    assert.equal(result, 'ok');
    const shown = await page.evaluate(() => document.getElementById('app').textContent);
    assert.match(shown, /earlier/);
  });
}
