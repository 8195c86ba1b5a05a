// Every code sample of the package's README: compiled strictly, and run in Chromium against the test server.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from './bundle.mjs';
import { engines, openBrowser, startServer, test, watch } from './harness.mjs';
import { installed, moduleOf, samples, toolPackage, typecheck } from './samples.mjs';

const README = 'pkg-template/README.md';
/** The addresses of the text; the test's take their place. */
const [API, GATEWAY] = ['http://localhost:10002', 'ws://localhost:10001'];
const NAMED = `const { userID, token, apiAddr, wsAddr } = given;`;
const SESSION = `import { getSDK, CbEvents } from 'openim-web';
${NAMED}
const sdk = getSDK();
const synced = new Promise((done) => sdk.on(CbEvents.OnSyncServerFinish, done));
await sdk.login({ userID, token, platformID: 5, apiAddr, wsAddr });
await synced;`;
const UNTIL = `const until = async (what, probe) => {
  for (const end = Date.now() + 30_000; !(await probe()); await new Promise((done) => setTimeout(done, 20))) {
    if (Date.now() > end) throw new Error('waited for ' + what);
  }
};
const check = (what, is) => { if (!is) throw new Error('not as it should be: ' + what); };`;

/** By chapter: what the text takes for granted, and what must hold afterwards. */
const CHAPTERS = {
  'Log in, send, receive': [NAMED, `check('sent', sent.status === 2);`],
  'Conversations and history': [SESSION, `check('the beginning', startClientMsgID.length > 0);
    check('a list', conversations.length === 4);
    await until('no unread', async () => (await sdk.getMultipleConversation([conversationID])).data[0].unreadCount === 0);`],
  'React and Vue': null,
  Errors: [SESSION, ''],
  Options: ['', `check('rejects', await client.getLoginStatus().then(() => false, (error) => error.errCode === 10008));`],
  'If something does not work': [NAMED, `check('whole', ok && text.length > 0 && checks.length > 5);`],
};
const FRAMEWORK = `await sdk.login({ userID, token, platformID: 5, apiAddr, wsAddr });
  const app = document.getElementById('app');
  await until('connected', () => app.textContent.includes('connected'));
  await until('the history', () => app.textContent.includes('See you there.'));
  const count = app.querySelectorAll('p').length;
  [...app.querySelectorAll('button')].find((b) => b.textContent === 'Say hello').click();
  await until('what was sent', () => /Hello from (React|Vue)/.test(app.textContent));
  [...app.querySelectorAll('button')].find((b) => b.textContent === 'Older').click();
  await until('a second page', () => app.querySelectorAll('p').length > count + 10);`;

const chapters = samples(README);
const modules = {};
for (const { heading, samples: list } of chapters) {
  if (list.length === 0) continue;
  const name = heading.toLowerCase().replace(/\W+/g, '-');
  if (heading === 'React and Vue') {
    const session = `import { getSDK as sdkOf } from 'openim-web';\n${NAMED}\nconst sdk = sdkOf();`;
    for (const sample of list) {
      const kind = sample.language === 'jsx' ? 'react.jsx' : 'vue.js';
      modules[`${name}-${kind}`] = [sample, session, FRAMEWORK];
    }
  } else {
    modules[`${name}.js`] = [list, ...(CHAPTERS[heading] ?? [])];
  }
}
const texts = Object.fromEntries(Object.entries(modules).map(([name, [list, before, after]]) => {
  const declared = `/** @type {{ userID: string, token: string, apiAddr: string, wsAddr: string }} */
const given = /** @type {any} */ (window).given;`;
  // An import inside what stands before goes on top as well.
  const all = [{ lines: before?.split('\n').filter((line) => line.startsWith('import ')) ?? [] }, ...[list].flat()];
  const rest = before?.split('\n').filter((line) => !line.startsWith('import ')).join('\n');
  return [name, moduleOf(all, `${declared}\n${UNTIL}\n${rest}`, after)];
}));

test('every chapter with samples is known, and none is left over', () => {
  const runs = chapters.filter(({ samples: list }) => list.length > 0).map(({ heading }) => heading);
  assert.deepEqual(runs.toSorted(), Object.keys(CHAPTERS).toSorted());
  const other = new Set(chapters.flatMap(({ other }) => other));
  assert.deepEqual([...other].toSorted(), ['caddy', 'http', 'nginx', 'sh'], 'samples in other languages');
});

test('the samples compile', async () => {
  const checked = Object.fromEntries(Object.entries(texts).map(([name, text]) => [
    // What the test looks at afterwards is its own business.
    name, text.replace(/const app = [^]*?(?=export \{\};)/, ''),
  ]));
  await typecheck(join(process.env.OPENIM_WEB_TARGET, 'docs'), checked, {
    'openim-web': installed('openim-web'), react: installed('react'), 'react-dom': installed('react-dom'), vue: installed('vue'),
    '@types/react': toolPackage('@types/react'), csstype: toolPackage('csstype'),
  });
});

for (const [name, text] of Object.entries(texts)) {
  test(`the samples run: ${name}`, async (context) => {
    const server = await startServer(context);
    const page = watch(context, await (await openBrowser(context)).newPage(), name);
    // The samples leave the host to the package.
    if (engines.host === 'page') await page.addInitScript(() => delete window.Worker);
    const folder = join(process.env.OPENIM_WEB_TARGET, 'docs-run');
    mkdirSync(folder, { recursive: true });
    const entry = join(folder, name);
    writeFileSync(entry, text.replaceAll(API, server.api).replaceAll(GATEWAY, server.ws));
    const script = await bundle(entry, '/pkg/index.js');
    await page.route(`${server.api}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/sample.js') return route.fulfill({ contentType: 'text/javascript', body: script });
      if (pathname === '/sample.html') return route.fulfill({ contentType: 'text/html', body: PAGE });
      if (pathname.startsWith('/pkg/')) return route.fulfill({ path: installed(`openim-web/dist/${pathname.slice(5)}`) });
      return route.continue();
    });
    await page.goto(`${server.api}/sample.html`);
    const given = { userID: 'alice', token: await server.token('alice'), apiAddr: server.api, wsAddr: server.ws };
    await page.evaluate(async (given) => {
      window.given = given;
      await import('/sample.js');
    }, given);
  });
}

const PAGE = `<!doctype html><title>sample</title><div id="app"></div>`;
