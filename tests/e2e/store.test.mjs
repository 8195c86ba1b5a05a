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

test('without IndexedDB the store cannot be opened, and says so', async (context) => {
  const browser = await openBrowser(context);
  const gone = () => Object.defineProperty(window, 'indexedDB', { value: undefined });
  let page = await storePage(context, browser, gone);
  same(await page.evaluate(() => window.store.open_error('x')), 'Unavailable("there is no IndexedDB here")', 'open');
  const forbidden = () => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('not here', 'SecurityError');
    };
  };
  page = await storePage(context, browser, forbidden);
  const error = await page.evaluate(() => window.store.open_error('x'));
  if (!error.startsWith('Unavailable(')) throw new Error(error);
});

test('a page that holds the database up is not waited for without end', async (context) => {
  const browser = await openProfile(context);
  const other = await storePage(context, browser);
  // A deletion that waits for a connection which does not give way: what is opened now waits behind it.
  await other.evaluate(async () => {
    const opened = await new Promise((resolve) => {
      indexedDB.open('held up', 1).onsuccess = (event) => resolve(event.target.result);
    });
    window.giveWay = () => opened.close();
    window.deleted = new Promise((resolve) => {
      const request = indexedDB.deleteDatabase('held up');
      request.onsuccess = () => resolve('deleted');
    });
  });
  const page = await storePage(context, browser);
  const error = await page.evaluate(() => window.store.open_error('held up'));
  if (!error.startsWith('Unavailable("opening took too long')) throw new Error(error);
  await other.evaluate(() => window.giveWay());
  same(await other.evaluate(() => window.deleted), 'deleted', 'first deletion');
  // The open that came too late must not hold the database either.
  const again = () => new Promise((resolve) => {
    indexedDB.deleteDatabase('held up').onsuccess = () => resolve('deleted');
  });
  same(await other.evaluate(again), 'deleted', 'second deletion');
});

test('a newer page gets the database, the older one reads and writes no more', async (context) => {
  const browser = await openProfile(context);
  const old = await storePage(context, browser);
  await old.evaluate(async () => {
    window.held = await window.store.Held.open('upgraded');
  });
  same(await old.evaluate(() => window.held.put('k', 'v')), 'ok', 'before');
  const newer = await storePage(context, browser);
  const upgraded = () => new Promise((resolve) => {
    indexedDB.open('upgraded', 99).onsuccess = () => resolve('open');
  });
  same(await newer.evaluate(upgraded), 'open', 'upgrade');
  same(await old.evaluate(() => window.held.put('k', 'w')), 'Closed', 'put');
  same(await old.evaluate(() => window.held.get('k')), 'Closed', 'get');
  const error = await old.evaluate(() => window.store.open_error('upgraded'));
  if (!error.startsWith('Unavailable(')) throw new Error(error);
});

test('who opens the database last writes, the one before only reads', async (context) => {
  const browser = await openProfile(context);
  const old = await storePage(context, browser);
  const hold = () => window.store.Held.open('fenced').then((held) => (window.held = held)).then(() => {});
  await old.evaluate(hold);
  same(await old.evaluate(() => window.held.put('k', 'v')), 'ok', 'before');
  const newer = await storePage(context, browser);
  await newer.evaluate(hold);
  const both = () => Promise.all([window.held.put('k', 'w'), window.held.put('l', 'w')]);
  same((await old.evaluate(both)).join(), 'Fenced,Fenced', 'put by the old one');
  same(await newer.evaluate(() => window.held.put('k', 'x')), 'ok', 'put by the new one');
  same(await old.evaluate(() => window.held.put('k', 'y')), 'Fenced', 'put by the old one again');
  for (const page of [old, newer]) same(await page.evaluate(() => window.held.get('k')), 'x', 'get');
});

test('a database of the first version is taken on with all it holds', async (context) => {
  const page = await storePage(context, await openProfile(context));
  await page.evaluate(() => new Promise((resolve, reject) => {
    const request = indexedDB.open('first', 1);
    request.onupgradeneeded = () => {
      const db = request.result;
      db.createObjectStore('rows').put(new TextEncoder().encode('kept'), [10, 'k']);
      db.createObjectStore('blocks').createIndex('ids', 'ids', { unique: true, multiEntry: true });
      db.createObjectStore('loose').createIndex('id', 'id');
    };
    request.onsuccess = () => resolve(request.result.close());
    request.onerror = () => reject(request.error);
  }));
  await page.evaluate(async () => {
    window.held = await window.store.Held.open('first');
  });
  same(await page.evaluate(() => window.held.get('k')), 'kept', 'get');
  same(await page.evaluate(() => window.held.put('k', 'new')), 'ok', 'put');
});

test('a connection that the browser drops is opened anew', async (context) => {
  const page = await storePage(context, await openProfile(context), () => {
    const { transaction } = IDBDatabase.prototype;
    IDBDatabase.prototype.transaction = function (...args) {
      window.database = this;
      return transaction.apply(this, args);
    };
  });
  await page.evaluate(async () => {
    window.held = await window.store.Held.open('dropped');
  });
  same(await page.evaluate(() => window.held.put('k', '1')), 'ok', 'put');
  const all = () => {
    window.database.close();
    return Promise.all([window.held.get('k'), window.held.put('k', '2'), window.held.get('none'), window.held.put('l', '3')]);
  };
  same(JSON.stringify(await page.evaluate(all)), '["1","ok","","ok"]', 'after the loss');
  // Lost within a transaction: it is aborted without an error.
  await page.evaluate(() => {
    const { commit } = IDBTransaction.prototype;
    IDBTransaction.prototype.commit = function () {
      IDBTransaction.prototype.commit = commit;
      this.abort();
    };
  });
  same(await page.evaluate(() => window.held.put('k', '4')), 'ok', 'put in an aborted transaction');
  same(await page.evaluate(() => window.held.get('k')), '4', 'get');
  same(await page.evaluate(() => window.held.get('l')), '3', 'get');
});

test('a full disk is told as one, and nothing is written', async (context) => {
  const page = await storePage(context, await openProfile(context));
  const devtools = await page.context().newCDPSession(page);
  // Before anything is stored: Chromium remembers for half a minute how much room there was.
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN, quotaSize: 1_000_000 });
  await page.evaluate(async () => {
    window.held = await window.store.Held.open('full');
  });
  same(await page.evaluate(() => window.held.put('k', 'small')), 'ok', 'put');
  const big = () => window.held.put('k', 'x'.repeat(40_000_000));
  const error = await page.evaluate(big);
  if (!error.startsWith('Quota(')) throw new Error(error);
  same(await page.evaluate(() => window.held.get('k')), 'small', 'get');
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: ORIGIN });
  same(await page.evaluate(big), 'ok', 'put with room');
});

test('how fast the store on IndexedDB is', async (context) => {
  const page = await storePage(context, await openProfile(context));
  const figures = await page.evaluate(() => window.store.measure('measure'));
  for (const [name, value] of Object.entries(figures)) console.log(`     ${name}: ${value.toFixed(value > 99 ? 0 : 2)}`);
});
