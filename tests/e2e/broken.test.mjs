// Broken environments: each is named by `diagnose`, with advice, within ten seconds; a login there settles
// in that time too. The whole ones come first: strict policy, isolation, wrong type of the wasm file.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { engines, here, openBrowser, startServer, test, watch } from './harness.mjs';

const LIMIT_MS = 10_000;
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws:";
const WASM = /openim_web_bg\.wasm$/;

/** A page with the package on the test server's address; `headers` are the page's, `init` runs before it. */
async function openPage(context, server, { headers = {}, init, wasm, origin = server.api } = {}) {
  const page = watch(context, await (await openBrowser(context)).newPage(), 'page');
  if (init) await page.addInitScript(init);
  await page.route(`${origin}/pkg/**`, (route) => {
    const path = new URL(route.request().url()).pathname.replace('/pkg/', '');
    const file = { path: join(here, 'node_modules/openim-web/dist', path) };
    if (wasm && WASM.test(path)) return wasm(route, file);
    return route.fulfill(file);
  });
  await page.route(`${origin}/page.html`, (route) =>
    route.fulfill({ contentType: 'text/html', headers, body: '<!doctype html><script type="module" src="/page.js"></script>' }));
  await page.route(`${origin}/page.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: "window.openim = await import('/pkg/index.js');" }));
  await page.goto(`${origin}/page.html`);
  await page.waitForFunction(() => window.openim);
  return page;
}

/** What `diagnose` and a login say; both in time. */
async function examine(page, params) {
  return page.evaluate(async ([host, params]) => {
    const { createClient, diagnose } = window.openim;
    const begin = Date.now();
    const sdk = createClient({ host });
    const login = sdk.login(params).then(() => 'resolved', (error) => ({ errCode: error.errCode, cause: error.cause }));
    const timed = login.then((ended) => ({ ended, ms: Date.now() - begin }));
    const diagnosis = await diagnose(params);
    const ms = Date.now() - begin;
    const result = { diagnosis, ms, login: await timed };
    sdk.close();
    return result;
  }, [engines.host, params]);
}

async function paramsOf(server, change = {}) {
  return {
    userID: 'alice', platformID: 5, apiAddr: server.api, wsAddr: server.ws, ...change,
    token: change.token ?? (await server.token('alice')),
  };
}

/** A whole environment: everything is fine, but for what `warns` says. */
function whole(name, options, warns = {}) {
  test(`whole: ${name}`, async (context) => {
    const server = await startServer(context);
    const page = await openPage(context, server, options);
    const { diagnosis, login } = await examine(page, await paramsOf(server));
    assert.equal(login.ended, 'resolved', JSON.stringify(login));
    assert.ok(diagnosis.ok, diagnosis.text);
    const warned = diagnosis.checks.filter(({ result }) => result !== 'ok');
    assert.deepEqual(warned.map((check) => check.name), Object.keys(warns), diagnosis.text);
    for (const check of warned) {
      assert.match(check.problem, warns[check.name]);
      assert.ok(check.advice.length > 10);
    }
  });
}

/** A broken environment: the check `name` finds `problem`, and nothing takes longer than it may. */
function broken(title, { check, problem, advice, result = 'fail', login, prepare }) {
  test(`broken: ${title}`, async (context) => {
    const server = await startServer(context);
    const { page: options = {}, params = {} } = (await prepare?.(context, server)) ?? {};
    const page = await openPage(context, server, options);
    const given = await paramsOf(server, params);
    if (options.afterToken) await options.afterToken(server);
    const seen = await examine(page, given);
    const found = seen.diagnosis.checks.find(({ name }) => name === check);
    assert.equal(found.result, result, seen.diagnosis.text);
    assert.match(found.problem, problem);
    assert.match(found.advice, advice);
    assert.ok(seen.diagnosis.text.includes(found.problem));
    assert.ok(seen.ms < LIMIT_MS, `diagnose took ${seen.ms} ms`);
    assert.ok(seen.login.ms < LIMIT_MS, `login took ${seen.login.ms} ms`);
    if (login) assert.match(JSON.stringify(seen.login.ended), login);
  });
}

/** An HTTP server that answers everything alike; its address. */
async function httpServer(context, answer) {
  const server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${server.address().port}`;
}

/** The gateway without its API, as a real one is: no page reads what it answers. Its address. */
async function gatewayOnly(context, server) {
  const gateway = createServer((_, response) => response.end('{}'));
  gateway.on('upgrade', ({ url, headers }, socket) => {
    const onward = connect(server.port, '127.0.0.1');
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    onward.write([`GET /ws${new URL(url, 'http://gateway').search} HTTP/1.1`, ...lines, '', ''].join('\r\n'));
    for (const [from, to] of [[socket, onward], [onward, socket]]) {
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    gateway.closeAllConnections();
    gateway.close();
  });
  return `127.0.0.1:${gateway.address().port}`;
}

const CORS = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
/** A port where nobody listens: it was free a moment ago. */
async function closedPort() {
  const server = createTcpServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

whole('strict Content-Security-Policy', { headers: { 'content-security-policy': STRICT } });
whole('cross-origin isolation', {
  headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
});
whole('the wasm file as plain text', { wasm: (route, file) => route.fulfill({ ...file, contentType: 'text/plain' }) });
whole('no wasm file', { wasm: (route) => route.fulfill({ status: 404 }) }, { wasm: /HTTP 404/ });
whole('a fallback page in place of the wasm file', {
  wasm: (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }),
}, { wasm: /not a wasm file.*text\/html/ });
whole('a damaged wasm file', {
  wasm: (route) => route.fulfill({ contentType: 'application/wasm', body: Buffer.from('\0asm\x01\0\0\0xxxx') }),
}, { wasm: /cannot be compiled/ });
whole('a wasm file that never comes', { wasm: () => {} }, { wasm: /no answer within 6 s/ });

broken('policy without wasm-unsafe-eval', {
  check: 'wasm', problem: /content security policy/i, advice: /wasm-unsafe-eval/, login: /10004.*wasm-unsafe-eval/,
  prepare: () => ({ page: { headers: { 'content-security-policy': STRICT.replace(" 'wasm-unsafe-eval'", '') } } }),
});
broken('policy without the gateway', {
  check: 'websocket', problem: /Content-Security-Policy forbids ws:/, advice: /add ws:.* to connect-src/,
  prepare: async (context) => ({
    page: { headers: { 'content-security-policy': STRICT.replace(' ws:', '') } },
    params: { wsAddr: (await startServer(context)).ws },
  }),
});
broken('policy without the API', {
  check: 'api', problem: /Content-Security-Policy forbids http:/, advice: /add http:.* to connect-src/,
  prepare: async (context) => ({
    page: { headers: { 'content-security-policy': STRICT } },
    params: { apiAddr: `http://${await httpServer(context, (_, response) => response.end())}` },
  }),
});
broken('API without CORS', {
  check: 'api', problem: /does not allow this page \(CORS\)/, advice: /Access-Control-Allow-Origin/,
  prepare: async (context, server) => ({
    params: {
      apiAddr: `http://${await httpServer(context, (_, response) => response.end('{}'))}`,
      wsAddr: `ws://${await gatewayOnly(context, server)}`,
    },
  }),
});
broken('nobody at the address of the API', {
  check: 'api', problem: /nobody answers/, advice: /openim-api running.*10002/,
  prepare: async () => ({ params: { apiAddr: `http://127.0.0.1:${await closedPort()}` } }),
});
broken('a page where the API should be', {
  check: 'api', problem: /HTTP 200 and a page/, advice: /address of openim-api/,
  prepare: async (context) => {
    const host = await httpServer(context, (_, response) => response.writeHead(200, CORS).end('<!doctype html>'));
    return { params: { apiAddr: `http://${host}` } };
  },
});
broken('a failing proxy before the API', {
  check: 'api', problem: /HTTP 502/, advice: /proxy.*log/,
  prepare: async (context) => {
    const host = await httpServer(context, (_, response) => response.writeHead(502, CORS).end('<html>'));
    return { params: { apiAddr: `http://${host}` } };
  },
});
broken('an API that never answers', {
  check: 'api', problem: /no answer within/, advice: /does not answer: see its log/,
  prepare: async (context) => ({ params: { apiAddr: `http://${await httpServer(context, () => {})}` } }),
});
broken('nobody at the address of the gateway', {
  check: 'websocket', problem: /nobody answers/, advice: /openim-msggateway running.*10001/,
  prepare: async () => ({ params: { wsAddr: `ws://127.0.0.1:${await closedPort()}` } }),
});
broken('a proxy that does not upgrade', {
  check: 'websocket', problem: /does not become a WebSocket/, advice: /proxy_set_header Upgrade/,
  prepare: async (context) => ({ params: { wsAddr: `ws://${await httpServer(context, (_, response) => response.end())}` } }),
});
broken('the addresses exchanged', {
  check: 'api', problem: /addresses are exchanged: at ws:.* is the API/, advice: /apiAddr is http:.*, wsAddr is ws:/,
  // The gateway of a real server lets no page read what it answers.
  prepare: async (context, server) => ({
    params: {
      apiAddr: `http://${await httpServer(context, (_, response) => response.end('{}'))}`,
      wsAddr: server.api.replace('http', 'ws'),
    },
  }),
});
broken('the gateway in place of the API', {
  check: 'api', problem: /is the message gateway$/, advice: /openim-api \(port 10002\)/,
  prepare: async (context, server) => {
    const host = await gatewayOnly(context, server);
    return { params: { apiAddr: `http://${host}`, wsAddr: `ws://${host}` } };
  },
});
broken('the API in place of the gateway', {
  check: 'websocket', problem: /is the API$/, advice: /openim-msggateway \(port 10001\)/,
  prepare: async (context) => {
    const answer = JSON.stringify({ errCode: 0, errMsg: '', errDlt: '', data: { serverTime: Date.now() } });
    const host = await httpServer(context, (_, response) => response.writeHead(200, CORS).end(answer));
    return { params: { wsAddr: `ws://${host}` } };
  },
});
broken('a user who is not registered', {
  check: 'user', problem: /no user "ghost"/, advice: /user_register/,
  // A token outlives its user.
  prepare: async (_, server) => ({ params: { userID: 'ghost', token: await server.token('ghost') } }),
});
broken('no object storage', {
  check: 'files', result: 'warn', problem: /no object storage/, advice: /object\.enable/, login: /resolved/,
  prepare: async (_, server) => {
    await server.control('storage', { off: true });
    return {};
  },
});
broken('a gateway that never answers', {
  check: 'websocket', problem: /no answer within/, advice: /does not answer: see its log/,
  prepare: async (context) => {
    const server = createTcpServer(() => {});
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.defer(() => server.close());
    return { params: { wsAddr: `ws://127.0.0.1:${server.address().port}` } };
  },
});
broken('an expired token', {
  check: 'api', problem: /1501 TokenExpiredError/, advice: /too old: fetch a new one/,
  prepare: () => ({ page: { afterToken: (server) => server.control('expire', { userID: 'alice' }) } }),
});
broken('a token for another platform', {
  check: 'token', problem: /for platform 1, the login says platform 5/, advice: /with platformID 5/,
  prepare: async (_, server) => ({ params: { token: await server.token('alice', 1) } }),
});
broken('a token of another user', {
  check: 'token', problem: /of user "bob", the login says "alice"/, advice: /for that user/,
  prepare: async (_, server) => ({ params: { token: await server.token('bob') } }),
});
broken('a token of another server', {
  check: 'api', problem: /1507 TokenNotExistError/, advice: /of another server/,
  prepare: async (context) => ({ params: { token: await (await startServer(context)).token('alice') } }),
});
broken('no token at all', {
  check: 'token', problem: /not a token of OpenIM/, advice: /get_user_token/, prepare: () => ({ params: { token: 'secret' } }),
});
broken('an old server', {
  check: 'server', problem: /older than v3\.8/, advice: /update open-im-server/,
  prepare: () => ({
    page: {
      init: () => {
        const { fetch } = window;
        window.fetch = (input, options) =>
          String(input).includes('/get_full_') ? Promise.resolve(new Response('404 page not found', { status: 404 })) : fetch(input, options);
      },
    },
  }),
});
broken('no IndexedDB', {
  check: 'storage', result: 'warn', problem: /no IndexedDB here/, advice: /in memory/, login: /resolved/,
  prepare: () => ({ page: { init: () => Object.defineProperty(window, 'indexedDB', { value: undefined }) } }),
});
broken('a database that cannot be opened', {
  check: 'storage', result: 'warn', problem: /SecurityError/, advice: /in memory/, login: /resolved/,
  prepare: () => ({
    page: {
      init: () => {
        IDBFactory.prototype.open = () => {
          throw new DOMException('denied', 'SecurityError');
        };
      },
    },
  }),
});
broken('no room', {
  check: 'storage', result: 'warn', problem: /only 0 more bytes/, advice: /free disk space/,
  prepare: () => ({ page: { init: () => { StorageManager.prototype.estimate = async () => ({ quota: 0, usage: 0 }); } } }),
});
broken('a page with TLS, a server without', {
  check: 'addresses', problem: /mixed content/, advice: /wss:\/\//,
  prepare: () => ({ page: { origin: 'https://app.test' }, params: { apiAddr: 'http://im.test:10002', wsAddr: 'ws://im.test:10001' } }),
});
broken('addresses without a scheme', {
  check: 'addresses', problem: /apiAddr is "127\.0\.0\.1:10002"/, advice: /begins with http/, login: /10002/,
  prepare: () => ({ params: { apiAddr: '127.0.0.1:10002' } }),
});
broken('a clock that is wrong', {
  check: 'clock', result: 'warn', problem: /36\d\d s ahead of the server/, advice: /set the clock/,
  prepare: () => ({
    page: {
      init: () => {
        const { now } = Date;
        Date.now = () => now.call(Date) + 3_600_000;
      },
    },
  }),
});
