// The engine's module: who is told of a trap, and what it asks of a browser: WebAssembly 1.0 and mutable globals, which Chrome has since
// 74 and Safari since 12. The optimiser refuses a module that uses more than it is told exists.
// Run: node --test tests/package (after the package is built).

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'openim-web-wasm-'));
after(() => rmSync(folder, { recursive: true }));

function fits(file) {
  const tool = path('xtask/npm/node_modules/binaryen/bin/wasm-opt');
  const output = ['-o', join(folder, 'out.wasm')];
  return spawnSync('node', [tool, '--mvp-features', '--enable-mutable-globals', file, ...output], { encoding: 'utf8' });
}

test('the module needs nothing newer than WebAssembly 1.0 with mutable globals', () => {
  const { status, stderr } = fits(path('pkg-template/dist/wasm/openim_web_bg.wasm'));
  assert.equal(status, 0, stderr);
});

test('the check notices what is newer', () => {
  // (module (func (param i32) (result i32) local.get 0 i32.extend8_s))
  const bytes = [
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0,
    10, 7, 1, 5, 0, 0x20, 0, 0xc0, 11,
  ];
  assert.ok(WebAssembly.validate(new Uint8Array(bytes)));
  writeFileSync(join(folder, 'new.wasm'), new Uint8Array(bytes));
  assert.notEqual(fits(join(folder, 'new.wasm')).status, 0);
});

test('a trap is told once, and the module is not entered again', async () => {
  const { Engine, initSync, watch } = await import(join(process.env.OPENIM_WEB_TARGET ?? path('target'), 'modules/wasm/openim_web.js'));
  const exports = initSync({ module: readFileSync(path('pkg-template/dist/wasm/openim_web_bg.wasm')) });
  const told = [];
  watch((cause) => told.push(cause));
  const engine = new Engine(() => {});
  engine.wake();
  assert.deepEqual(told, []);
  // Memory that is not there.
  assert.throws(() => exports.engine_wake(0xffff_fff0), WebAssembly.RuntimeError);
  assert.ok(told.length === 1 && told[0] instanceof WebAssembly.RuntimeError);
  assert.throws(() => engine.wake(), told[0]);
  assert.equal(told.length, 1);
});
