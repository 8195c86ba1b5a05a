// The store on IndexedDB in a browser: conformance cases, losing the database, other pages, figures.
import { join } from 'node:path';
import { openBrowser, openProfile, test, watch } from './harness.mjs';

const ORIGIN = 'http://localhost:7777';
const built = join(process.env.OPENIM_WEB_TARGET, 'store-page');

/** A page with the store's test module as `window.store`; `before` runs ahead of everything else. */
async function storePage(context, browser, before) {
  const page = watch(context, await browser.newPage(), 'store');
  if (before) await page.addInitScript(before);
  await page.route(`${ORIGIN}/**`, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path === '/') return route.fulfill({ contentType: 'text/html', body: PAGE });
    return route.fulfill({ path: join(built, path) });
  });
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => window.store);
  return page;
}

const PAGE = `<!doctype html><title>store</title><script type="module">
  const store = await import('/store_page.js');
  await store.default({ module_or_path: '/store_page_bg.wasm' });
  window.store = store;
</script>`;

function same(left, right, what) {
  if (left !== right) throw new Error(`${what}: ${left} is not ${right}`);
}

test('the store on IndexedDB does what a store must', async (context) => {
  const page = await storePage(context, await openBrowser(context));
  const results = await page.evaluate(() => window.store.conform('conform'));
  const wrong = results.filter(([, error]) => error !== '');
  if (wrong.length > 0) throw new Error(wrong.map((pair) => pair.join(': ')).join('\n'));
  if (results.length < 17) throw new Error(`only ${results.length} cases ran`);
});

test('how fast the store on IndexedDB is', async (context) => {
  const page = await storePage(context, await openProfile(context));
  const figures = await page.evaluate(() => window.store.measure('measure'));
  for (const [name, value] of Object.entries(figures)) console.log(`     ${name}: ${value.toFixed(value > 99 ? 0 : 2)}`);
});
