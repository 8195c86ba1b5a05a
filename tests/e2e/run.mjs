// Runs tests/e2e/*.test.mjs, or those whose file name contains one of the arguments; of them, if ONLY is
// set, those whose own name contains it. ENGINE_HOST=page runs all that depend on it with the engine in the page,
// ENGINE_HOST=worker all with the engine in a worker; otherwise some run in both.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { here, tests } from './harness.mjs';
import { finish, runAll } from './runner.mjs';

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const files = readdirSync(here).filter((name) => name.endsWith('.test.mjs') && isWanted(name)).sort();

const only = process.env.ONLY ?? '';
const asked = process.env.ENGINE_HOST;
/** These say themselves where the engine runs, or have none. */
const NO_HOST = /^(browsers|host|server|store)\./;
/** These run once with the engine in a worker and once in the page, if nothing is asked for. */
const BOTH_HOSTS = /^(chat|demo-tabs|interop|tabs|upload)\./;

/** Another server is no other host. */
const isServerOnly = (process.env.OPENIM_SERVER ?? '').endsWith('.js');

/** A test in the hosts in which it runs now. */
function inHosts(file, one) {
  const hosts = [{ ...one, host: 'worker' }];
  const inPage = { ...one, name: `${one.name}, in the page`, host: 'page' };
  if (NO_HOST.test(file) || asked === 'worker') return hosts;
  if (asked === 'page') return one.inPage ? [inPage] : [];
  return BOTH_HOSTS.test(file) && !isServerOnly && one.inPage === true ? [...hosts, inPage] : hosts;
}

for (const file of files) {
  tests.length = 0;
  await import(join(here, file));
  await runAll(file, tests.filter((one) => one.name.includes(only)).flatMap((one) => inHosts(file, one)));
}
finish();
