// Reads expected.md: the differences that are there because the official behaviour is a defect.
import { readFileSync } from 'node:fs';

/** Who has something at a path: `+` only ours, `-` only the official, `~` both, and different. */
const side = (official, ours) => (official === undefined ? '+' : ours === undefined ? '-' : '~');

/** `*` stands for anything but a slash, `**` for anything. */
const pattern = (text) =>
  new RegExp(`^${text.split('**').map((part) => part.split('*').map((p) => p.replace(/[.[\]{}()+?^$|\\]/g, '\\$&')).join('[^/]*')).join('.*')}$`);

export function expectations(ids) {
  const rows = [];
  for (const line of readFileSync(new URL('expected.md', import.meta.url), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, scenarios, where, why] = cells;
    const [, scenario, real] = /^(S\d\d|all)( real)?$/.exec(scenarios ?? '') ?? [];
    if (!scenario) continue;
    const places = [...where.matchAll(/`([+~-]+)(.+?)(?:=(.+?))?`/g)].map(([, sides, path, value]) =>
      ({ sides, path: pattern(path), value }));
    if (places.length === 0 || !why) throw new Error(`expected.md: ${line}`);
    rows.push({ scenario, isReal: Boolean(real), places, line, used: 0 });
  }
  const own = rows.filter(({ scenario }) => scenario === 'all' || ids.includes(scenario));
  return {
    /** Entries that concern these scenarios. */
    count: own.length,
    /** The entry that explains a difference. */
    find(scenario, path, official, ours) {
      const fits = (place) => place.sides.includes(side(official, ours)) && place.path.test(path) &&
        (place.value === undefined || place.value === JSON.stringify(official === undefined ? ours : official));
      const row = own.find((row) => (row.scenario === 'all' || row.scenario === scenario) && row.places.some(fits));
      if (row) row.used += 1;
      return row;
    },
    /** Entries of a scenario, or of all of them, that explained nothing; what is seen on a real server only is not asked for. */
    vanished: (scenario) => own.filter((row) => row.scenario === scenario && !row.isReal && !row.used).map(({ line }) => line),
  };
}
