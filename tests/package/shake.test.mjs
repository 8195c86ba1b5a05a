// What an application does not use is not in its bundle: single constants come alone, without client and engine.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { build } = createRequire(join(repository, 'xtask/npm/package.json'))('esbuild');

/** Bytes of a bundle of a script. */
async function bundled(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: repository }, alias: { 'openim-web': join(repository, 'pkg-template/dist/index.js') },
    bundle: true, minify: true, format: 'esm', write: false, logLevel: 'silent',
  });
  return outputFiles[0].contents.length;
}

test('constants are tree-shakeable', async () => {
  const status = await bundled("import { MessageStatus } from 'openim-web'; console.log(MessageStatus.Failed);");
  assert.ok(status < 300, `${status} bytes for one small enum`);
  const types = await bundled("import { MessageType } from 'openim-web'; console.log(MessageType.TextMessage);");
  assert.ok(types < 2_500, `${types} bytes for the message types`);
  assert.ok((await bundled("import 'openim-web';")) < 50, 'an import alone leaves nothing behind');
});
