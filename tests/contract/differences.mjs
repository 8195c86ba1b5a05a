// Differences between a recorded step and one that was just made, and which of them are expected.
import { readFileSync } from 'node:fs';
import { ordered } from './canonical.mjs';

const kind = (value) => (value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value);

/** `[path, recorded, found]` of each; paths like `frames/bob/0/data`, undefined where one has nothing. */
export function differences(recorded, found, path = '') {
  if (kind(recorded) !== kind(found)) return [[path, recorded, found]];
  if (kind(recorded) !== 'list' && kind(recorded) !== 'object') {
    return recorded === found ? [] : [[path, recorded, found]];
  }
  const keys = new Set([...Object.keys(recorded), ...Object.keys(found)]);
  return [...keys].flatMap((key) => differences(recorded[key], found[key], path ? `${path}/${key}` : key));
}

/** Of a whole step; a party that is not named got nothing. */
export function ofStep(recorded, found) {
  const parties = Object.keys({ ...recorded.frames, ...found.frames });
  const filled = (frames) => Object.fromEntries(parties.map((label) => [label, ordered(frames?.[label] ?? [])]));
  return differences(
    { result: recorded.result, frames: filled(recorded.frames) },
    { result: found.result, frames: filled(found.frames) },
  );
}

/** `*` stands for anything but a slash, `**` for anything. */
const pattern = (text) =>
  new RegExp(`^${text.split('**').map((part) => part.split('*')
    .map((plain) => plain.replace(/[.[\]{}()+?^$|\\]/g, '\\$&')).join('[^/]*')).join('.*')}$`, 's');

/** Who has something: `+` only what was found, `-` only the record, `~` both, and different. */
const side = (recorded, found) => (recorded === undefined ? '+' : found === undefined ? '-' : '~');

/** The rows of expected.md: `| scenario | steps | paths | why |`. */
export function expectations() {
  const rows = [];
  for (const line of readFileSync(new URL('expected.md', import.meta.url), 'utf8').split('\n')) {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
    const [, scenario, steps, where, why] = cells;
    if (cells.length < 6 || scenario === 'scenario' || scenario.startsWith('-')) continue;
    const places = [...where.matchAll(/`([+~-]+)(.+?)`/g)].map(([, sides, path]) => ({ sides, path: pattern(path) }));
    const named = [...steps.matchAll(/`(.+?)`/g)].map(([, name]) => pattern(name));
    if (places.length === 0 || named.length === 0 || !why) throw new Error(`expected.md: ${line}`);
    rows.push({ scenario, named, places, line, used: 0 });
  }
  return {
    count: rows.length,
    /** Whether a row explains this difference. */
    explain(scenario, step, [path, recorded, found]) {
      const row = rows.find(({ scenario: of, named, places }) => (of === 'all' || of === scenario) &&
        named.some((name) => name.test(step)) &&
        places.some(({ sides, path: where }) => sides.includes(side(recorded, found)) && where.test(path)));
      if (row) row.used += 1;
      return row !== undefined;
    },
    /** Rows that concern these scenarios and explained nothing. */
    vanished: (scenarios, all) =>
      rows.filter(({ scenario, used }) => !used && (scenario === 'all' ? all : scenarios.includes(scenario)))
        .map(({ line }) => line),
  };
}
