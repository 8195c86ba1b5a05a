// Runs tests/real/*.test.mjs on a real server, or those whose file name contains one of the arguments; of them, if ONLY
// is set, those whose own name contains it. --api URL --ws URL --secret S [--restart COMMAND]; with --check only whether
// they could be run there.
import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tests } from '../e2e/harness.mjs';
import { finish, runAll } from '../e2e/runner.mjs';
import { ask, settings } from './world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const text = { type: 'string' };
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { api: text, ws: text, secret: text, restart: text, check: { type: 'boolean' } },
});

/** Why the tests cannot be run there; nothing if they can. */
async function objection({ api, ws, secret }) {
  if (!api || !ws || !secret) return '--api URL, --ws URL and --secret S are needed';
  if (!/^https?:\/\//.test(api)) return `${api} is no address of an API: http://… or https://…`;
  if (!/^wss?:\/\//.test(ws)) return `${ws} is no address of a gateway: ws://… or wss://…`;
  let answer;
  try {
    answer = await ask('/auth/get_admin_token', { secret, userID: 'imAdmin' });
  } catch (error) {
    const isThere = error instanceof SyntaxError;
    return isThere ? `${api} is no API of OpenIM` : `nobody answers at ${api}: ${error.cause?.message ?? error.message}`;
  }
  // The gateway answers everything with what it lacks for a connection.
  if (answer.errCode === 1602) return `${api} is the gateway for WebSockets: are the addresses exchanged?`;
  if (!answer.data?.token) return `${api} gives no token of imAdmin: ${answer.errCode} ${answer.errDlt || answer.errMsg}. Is the secret right?`;
  const found = await upgrade(ws);
  return found && `${ws} ${found}`;
}

/** What is wrong with the address of the gateway: with a token that is refused, a WebSocket opens all the same. */
function upgrade(ws) {
  return new Promise((resolve) => {
    const url = new URL(`${ws.replace(/^ws/, 'http')}`);
    url.search = new URLSearchParams({ sendID: 'real', token: 'real', platformID: 5, operationID: 'real', isBackground: false, isMsgResp: true });
    const headers = {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': 13, 'Sec-WebSocket-Key': 'cmVhbCByZWFsIHJlYWwgcg==',
    };
    const asked = (url.protocol === 'https:' ? requestTls : request)(url, { headers });
    asked.on('upgrade', (_, socket) => {
      socket.destroy();
      resolve('');
    });
    asked.on('response', ({ statusCode }) => {
      asked.destroy();
      resolve(`answers with HTTP ${statusCode} and does not become a WebSocket: is it the gateway's address?`);
    });
    asked.on('error', (error) => resolve(`does not answer: ${error.message}`));
    asked.end();
  });
}

for (const name of ['api', 'ws']) settings[name] = (values[name] ?? '').replace(/\/+$/, '');
settings.secret = values.secret ?? '';
settings.restart = values.restart ?? '';
const problem = await objection(settings);
if (problem) {
  console.error(`error: ${problem}`);
  process.exit(2);
}
if (values.check) process.exit(0);

const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const only = process.env.ONLY ?? '';
for (const file of readdirSync(here).filter((name) => name.endsWith('.test.mjs') && isWanted(name)).sort()) {
  tests.length = 0;
  await import(join(here, file));
  await runAll(file, tests.filter(({ name }) => name.includes(only)).map((one) => ({ ...one, host: 'worker' })));
}
finish();
