// Runs tests/e2e/*.test.mjs, or those whose file name contains one of the arguments; of them, if ONLY is
// set, those whose own name contains it. ENGINE_HOST=page runs all that depend on it with the engine in the page,
// ENGINE_HOST=worker all with the engine in a worker; otherwise some run in both.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterwards, engines, here, tests } from './harness.mjs';

const wanted = process.argv.slice(2);
const isWanted = (name) => wanted.length === 0 || wanted.some((part) => name.includes(part));
const files = readdirSync(here).filter((name) => name.endsWith('.test.mjs') && isWanted(name)).sort();
/** Undoes what was done, the last first; none keeps the others from it. */
const undone = async (undo) => {
  for (const f of undo.reverse()) await new Promise((resolve) => resolve(f())).catch(() => {});
};

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

let passed = 0;
let failed = 0;

for (const file of files) {
  tests.length = 0;
  await import(join(here, file));
  const chosen = tests.filter((one) => one.name.includes(only)).flatMap((one) => inHosts(file, one));
  for (const { name, run, seconds, host } of chosen) {
    engines.host = host;
    const begin = Date.now();
    const undo = [];
    const context = { log: [], errors: [], defer: (f) => undo.push(f) };
    let timer;
    try {
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took more than ${seconds} s`)), seconds * 1000);
      });
      await Promise.race([run(context), late]);
      if (context.errors.length > 0) throw new Error(`errors nobody caught:\n${context.errors.join('\n')}`);
      passed += 1;
      console.log(`ok   ${file}: ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${file}: ${name}\n${error.stack}\n${context.errors.join('\n')}\n${context.log.slice(-60).join('\n')}`);
    } finally {
      clearTimeout(timer);
      await undone(undo);
    }
  }
  await undone(afterwards.splice(0));
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
