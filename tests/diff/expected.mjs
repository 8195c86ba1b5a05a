// Reads expected.md: the differences that are there because the official behaviour is a defect.
import { readFileSync } from 'node:fs';

/** `*` stands for anything but a slash, `**` for anything. */
const pattern = (text) =>
  new RegExp(`^${text.split('**').map((part) => part.split('*').map((p) => p.replace(/[.[\]{}()+?^$|\\]/g, '\\$&')).join('[^/]*')).join('.*')}$`);

export function expectations(ids) {
  const rows = [];
  for (const line of readFileSync(new URL('expected.md', import.meta.url), 'utf8').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    const [, scenario, where, why] = cells;
    if (!/^(S\d\d|all)$/.test(scenario ?? '')) continue;
    if (!where?.startsWith('`') || !why) throw new Error(`expected.md: ${line}`);
    rows.push({ scenario, patterns: where.split(' ').map((w) => pattern(w.replaceAll('`', ''))), line, used: 0 });
  }
  const own = rows.filter(({ scenario }) => scenario === 'all' || ids.includes(scenario));
  return {
    /** Entries that concern these scenarios. */
    count: own.length,
    /** The entry that explains a difference. */
    find(scenario, path) {
      const row = own.find((row) => (row.scenario === 'all' || row.scenario === scenario) && row.patterns.some((p) => p.test(path)));
      if (row) row.used += 1;
      return row;
    },
    /** Entries of a scenario, or of all of them, that explained nothing. */
    vanished: (scenario) => own.filter((row) => row.scenario === scenario && !row.used).map(({ line }) => line),
  };
}
