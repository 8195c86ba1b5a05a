#!/usr/bin/env node
// `npx openim-web-server`: the server as a program. The first line of its output is JSON with the addresses.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startServer } from './index.js';

const HELP = `openim-web-server [options]

  --port N         18080; 0 takes a free one
  --host ADDRESS   127.0.0.1; 0.0.0.0 to be reached from other devices
  --seed NAME      demo (alice, bob, carol, dave), empty, or a .json file
  --static DIR     files served beside the API; the demo application if left out`;

const demo = fileURLToPath(new URL('./dist/demo', import.meta.url));

function options(args) {
  const found = { port: 18080, files: existsSync(demo) ? demo : undefined };
  for (let n = 0; n < args.length; n += 2) {
    const [name, value] = [args[n], args[n + 1]];
    if (name === '--help' || name === '-h') return undefined;
    if (value === undefined) throw new Error(`${name} needs a value`);
    if (name === '--port') {
      found.port = Number(value);
      if (!Number.isInteger(found.port) || found.port < 0 || found.port > 65535) throw new Error('--port needs a number up to 65535');
    } else if (name === '--host') found.host = value;
    else if (name === '--seed') found.seed = value.endsWith('.json') ? readFileSync(value, 'utf8').trim() : value;
    else if (name === '--static') found.files = value;
    else throw new Error(`unknown option ${name}`);
  }
  return found;
}

try {
  const given = options(process.argv.slice(2));
  if (!given) {
    console.log(HELP);
  } else {
    const { api, ws } = await startServer(given);
    console.log(JSON.stringify({ api, ws }));
    if (given.files === demo) console.error(`The demo: ${api}/  (ends with Ctrl-C)`);
  }
} catch (error) {
  console.error(`openim-web-server: ${error.message}\n\n${HELP}`);
  process.exitCode = 1;
}
