// Everything the official package declares is here under the same name: methods, events, enums with their values,
// types. What is compared with is read from its declarations, as npm installed them for tests/e2e.
// Run after the package is built: node --test tests/parity
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dist = process.env.DIST ?? join(repository, 'pkg-template/dist');
const official = join(repository, 'tests/e2e/node_modules/@openim/wasm-client-sdk/lib');
const tsc = join(repository, 'xtask/npm/node_modules/typescript/bin/tsc');
const folder = join(process.env.OPENIM_WEB_TARGET ?? join(repository, 'target'), 'parity');
const declared = (file) => readFileSync(join(official, `${file}.d.ts`), 'utf8');
const ours = await import(pathToFileURL(join(dist, 'index.js')).href);

const METHODS = [...declared('sdk/index').matchAll(/^ {4}(\w+)(?:: |(?=\())(?:<T>)?\(/gm)]
  .map(([, name]) => name)
  .filter((name) => !['constructor', '_logWrap', '_invoker'].includes(name));
const ENUMS = Object.fromEntries([...`${declared('types/enum')}${declared('constant/index')}`
  .matchAll(/export (?:declare )?enum (\w+) \{([^}]*)\}/g)].map(([, name, body]) =>
  [name, Object.fromEntries([...body.matchAll(/(\w+) = (-?\d+|"[^"]*")/g)].map(([, key, value]) => [key, JSON.parse(value)]))]));
const { CbEvents: EVENTS, ...NUMBERS } = ENUMS;
const types = (file) => [...declared(`types/${file}`).matchAll(/^export (?:declare )?(?:type|interface) (\w+)(<)?/gm)];
const TYPES = ['entity', 'params', 'eventData'].flatMap(types);

let assignments = 0;
after(() => {
  const counts = [`${METHODS.length} methods`, `${Object.keys(EVENTS).length} events`, `${Object.keys(NUMBERS).length} enums`,
    `${TYPES.length} types`, `${assignments} assignments checked by tsc --strict`];
  console.log(`parity with the official package: ${counts.join(', ')}`);
});

/** Compiles files strictly; what tsc says. */
async function compile(name, files, paths = {}) {
  const options = {
    strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', module: 'esnext', moduleResolution: 'bundler',
    lib: ['es2022', 'dom'], types: [], paths,
  };
  const project = join(folder, `${name}.json`);
  writeFileSync(project, JSON.stringify({ compilerOptions: options, files }));
  return promisify(execFile)(process.execPath, [tsc, '-p', project, '--pretty', 'false'])
    .then(() => '', (error) => error.stdout + error.stderr);
}

mkdirSync(folder, { recursive: true });
const from = (file) => JSON.stringify(`./${relative(folder, file).replaceAll('\\', '/')}`);

test('the declarations are read whole', () => {
  assert.equal(METHODS.length, 163);
  assert.equal(Object.keys(EVENTS).length, 73);
  assert.equal(Object.keys(NUMBERS).length, 22);
  assert.deepEqual(['entity', 'params', 'eventData'].map((file) => types(file).length), [64, 92, 2]);
});

test('every method is a function of the SDK', () => {
  const sdk = ours.createClient();
  const missing = METHODS.filter((name) => typeof sdk[name] !== 'function');
  assert.deepEqual(missing, []);
  for (const name of ['on', 'off', 'emit']) assert.equal(typeof sdk[name], 'function');
});

test('every enum has the same members and values', () => {
  for (const [name, members] of Object.entries(ENUMS)) {
    const own = Object.entries(ours[name] ?? {}).filter(([key]) => !/^-?\d+$/.test(key));
    assert.deepEqual(Object.fromEntries(own), members, name);
  }
});

test('every type, enum, event and method is assignable to the official one and back', async () => {
  const lines = [
    `import type * as Theirs from ${from(join(official, 'index'))};`,
    `import type * as Ours from ${from(join(dist, 'index'))};`,
    'type TheirSDK = ReturnType<typeof Theirs.getSDK>;',
    'declare function give<T>(): T;',
    'type IsAny<T> = 0 extends 1 & T ? 1 : 0;',
    'type Anys<T> = T extends object ? { [K in keyof T]: IsAny<T[K]> } : IsAny<T>;',
  ];
  const assignable = (to, value) => {
    lines.push(`give<(value: ${to}) => void>()(give<${value}>());`);
    assignments += 1;
  };
  const both = (left, right) => {
    assignable(left, right);
    assignable(right, left);
    // Whatever is assignable to everything would pass unseen.
    lines.push(`give<(value: Anys<${left}>) => void>()(give<Anys<${right}>>());`);
  };
  const payloads = declared('types/eventData');
  for (const [, name, generic] of TYPES) {
    const arguments_ = name === 'DataOfEvent' ? '<Ours.CbEvents.OnRecvNewMessages>' : generic ? '<string>' : '';
    // Ours has data of more events.
    if (name === 'EventDataMap') assignable('Theirs.EventDataMap', 'Ours.EventDataMap');
    else both(`Theirs.${name}${arguments_}`, `Ours.${name}${arguments_}`);
  }
  for (const name of Object.keys(ENUMS)) both(`Theirs.${name}`, `Ours.${name}`);
  for (const name of Object.keys(EVENTS)) {
    const [left, right] = [`Theirs.DataOfEvent<Theirs.CbEvents.${name}>`, `Ours.DataOfEvent<Ours.CbEvents.${name}>`];
    // Of 20 events the official types know no data, though the core sends it with some.
    if (payloads.includes(`[CbEvents.${name}]`)) both(left, right);
    else assignable(right, left);
  }
  for (const name of METHODS) both(`TheirSDK[${JSON.stringify(name)}]`, `Ours.SDK[${JSON.stringify(name)}]`);
  writeFileSync(join(folder, 'assign.ts'), lines.join('\n'));
  const said = await compile('assign', ['assign.ts']);
  const wrong = said.split('\n').filter((line) => line.includes('assign.ts(')).map((line) => {
    const [, at, why] = /\((\d+),\d+\): (.*)/.exec(line) ?? [];
    return `${lines[at - 1]}\n      ${why}`;
  });
  assert.equal(wrong.join('\n') || said, '');
});

test('an application written for the official package compiles, only its import changed', async () => {
  const app = join(repository, 'tests/parity/app.ts');
  for (const [name, target] of Object.entries({ official, ours: dist })) {
    // The application imports by the package's name; where the name leads is the whole change.
    const paths = {
      '@openim/wasm-client-sdk': [join(target, 'index')],
      '@openim/wasm-client-sdk/lib/*': [join(name === 'ours' ? join(target, 'lib') : target, '*')],
    };
    assert.equal(await compile(`app-${name}`, [app], paths), '', name);
  }
});
