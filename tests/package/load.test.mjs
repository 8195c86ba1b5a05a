// Where the engine's module comes from, with servers that do it right and wrong. The module here is eight
// bytes, its copy too. Run: node --test tests/package (after the package is built).

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';

const modules = join(process.env.OPENIM_WEB_TARGET ?? fileURLToPath(new URL('../../target', import.meta.url)), 'modules');
const folder = mkdtempSync(join(tmpdir(), 'openim-web-load-'));
after(() => rmSync(folder, { recursive: true }));
cpSync(modules, folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
const EMPTY = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
const { loadModule } = await import(pathToFileURL(join(folder, 'load.js')).href);
const { unpack } = await import(pathToFileURL(join(folder, 'inflate.js')).href);

const answers = {
  '/right': [200, 'application/wasm', EMPTY],
  '/octets': [200, 'application/octet-stream', EMPTY],
  '/page': [200, 'text/html', '<!doctype html>'],
  '/lying': [200, 'application/wasm', '<!doctype html>'],
  '/absent': [404, 'text/plain', 'no'],
};
const server = createServer(({ url }, response) => {
  const [status, type, body] = answers[url];
  response.writeHead(status, { 'content-type': type }).end(body);
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const at = (path) => `http://127.0.0.1:${server.address().port}${path}`;
const advice = (path) => loadModule(path).then(() => assert.fail('loaded'), (error) => error.message);

test('a file, an answer, a promise, bytes and a module all load', async () => {
  const module = new WebAssembly.Module(EMPTY);
  for (const given of [at('/right'), new URL(at('/octets')), fetch(at('/right')), EMPTY, EMPTY.buffer, module]) {
    assert.ok((await loadModule(given)) instanceof WebAssembly.Module);
  }
});

test('what goes wrong is named, with advice', async () => {
  assert.match(await advice(at('/absent')), /absent.*HTTP 404.*openim-web\/inline/);
  assert.match(await advice(at('/page')), /not a wasm file.*text\/html.*fallback page/);
  assert.match(await advice(at('/lying')), /cannot be compiled/);
  assert.match(await advice('http://127.0.0.1:1/x'), /could not be fetched.*connect-src/);
});

test('where the file cannot be had the copy inside the script takes its place, and says so', async (t) => {
  const warn = t.mock.method(console, 'warn', () => {});
  // Node does not fetch file: addresses, so the package's own file cannot be had here.
  const module = await loadModule();
  assert.ok(WebAssembly.Module.exports(module).length > 5);
  assert.match(warn.mock.calls[0].arguments[0], /could not be fetched.*copy inside the script is used/);
});

test('the copy is unpacked to the very module, without the help of the browser', () => {
  const wasm = readFileSync(fileURLToPath(new URL('../../pkg-template/dist/wasm/openim_web_bg.wasm', import.meta.url)));
  for (const level of [0, 1, 6, 9]) {
    assert.ok(wasm.equals(unpack(gzipSync(wasm, { level }).toString('base64'))), `level ${level}`);
  }
  for (const text of ['', 'a', 'abc'.repeat(500)]) {
    assert.equal(Buffer.from(unpack(gzipSync(text).toString('base64'))).toString(), text);
  }
  const damaged = gzipSync(wasm);
  assert.throws(() => unpack(damaged.subarray(0, 5000).toString('base64')), /damaged|Invalid/);
});
