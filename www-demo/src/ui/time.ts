// Times as people read them, in their own language.

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short' });
const longDay = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const shortDate = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const fullDate = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

const DAY = 24 * 3_600_000;

/** Days between midnight of then and midnight of today, in local time. */
function daysAgo(ms: number): number {
  const then = new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((new Date().setHours(0, 0, 0, 0) - then) / DAY);
}

export const timeOfDay = (ms: number) => clock.format(ms);
export const fullTime = (ms: number) => fullDate.format(ms);

/** For a row of a list: the time today, then the weekday, then the date. */
export function shortTime(ms: number): string {
  const days = daysAgo(ms);
  if (days <= 0) return clock.format(ms);
  return days < 7 ? weekday.format(ms) : shortDate.format(ms);
}

/** For a line between days. */
export function dayName(ms: number): string {
  const days = daysAgo(ms);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : longDay.format(ms);
}

export function isSameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}
