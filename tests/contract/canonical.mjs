// What a step was, without what differs from run to run: times, numbers given by the server, the users' suffix.
import { orText } from './connection.mjs';

/** Numbers that count Unix milliseconds, or seconds. */
const time = (value) =>
  value > 1.5e12 && value < 2.5e12 ? '<ms>' : value > 1.5e9 && value < 2.5e9 ? '<s>' : value;

/** Such numbers in a text. */
const TIMES = /\b[12]\d{12}\b/g;

const TEXTS = [
  [/^[0-9a-f]{24}$/, '<vid>'],
  [/^[0-9a-f]{32}$/, '<id>'],
  [/^eyJ.*$/, '<token>'],
  [/^m\d+_[0-9a-f]{8}$/, '<mid>'],
  [/^(sg_|n_)?\d{6,}$/, '$1<num>'],
];

/** Structure that a text is the JSON of, or nothing. */
function structure(text) {
  const value = /^[{[]/.test(text) ? orText(text) : text;
  return typeof value === 'object' ? value : undefined;
}

/** Keys in one order, also in texts that are JSON. */
function inOrder(value) {
  if (typeof value === 'string') return structure(value) ? JSON.stringify(inOrder(structure(value))) : value;
  if (Array.isArray(value)) return value.map(inOrder);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])]));
}

function text(value, key) {
  if (value === '') return value;
  if (structure(value)) return inOrder(value).replace(TIMES, '<ms>');
  if (key === 'serverMsgID') return '<id>';
  if (key === 'uuid') return '<uuid>';
  const [pattern, name] = TEXTS.find(([pattern]) => pattern.test(value)) ?? [];
  return pattern ? value.replace(pattern, name) : value;
}

/**
 * REST: `{ok: data}` (`{ok: "nothing"}` without data) or `{refused: code, name}`. Explanations of refusals are not
 * compared, and what stands in their place for lack of a name neither. The gateway: an answer has the operationID
 * of its request, a push has one.
 */
function shortened(value) {
  const body = value.body ?? value;
  const { errCode, errMsg, errDlt, data, ...more } = body;
  if (errCode !== undefined && Object.keys(more).length === 0 && (value === body || value.status === 200)) {
    if (errCode === 0) return { ok: data === undefined ? 'nothing' : data };
    return errCode !== 500 && /^\w+$/.test(errMsg) ? { refused: errCode, name: errMsg } : { refused: errCode };
  }
  const { opSame, op, ...rest } = value;
  return { ...rest, ...(opSame === false && { opSame }), ...(op === '' && { op }) };
}

/** The channels a push is about. */
const channels = ({ data }) =>
  Object.keys({ ...data?.msgs, ...data?.notificationMsgs }).sort().join();

/** What a conversation was emptied by comes from two services, so in any order: 1703 last here. */
const CLEARED = 1703;
const isCleared = ({ data }) =>
  Object.values({ ...data?.notificationMsgs }).some(({ Msgs }) => Msgs[0].contentType === CLEARED);
const place = (frame) => `${channels(frame)} ${isCleared(frame)}`;

/** The server promises no order among channels: pushes that follow each other, by channel. */
export function ordered(frames) {
  const sorted = [];
  for (let at = 0; at < frames.length;) {
    let end = at + 1;
    while (end < frames.length && frames[at].id === 2001 && frames[end].id === 2001) end += 1;
    const together = frames.slice(at, end);
    sorted.push(...together.sort((one, other) => place(one).localeCompare(place(other), 'en')));
    at = end;
  }
  return sorted;
}

/** What a phone shows of a push is configured at the server: whether it is there counts. */
const shown = (texts) => Object.fromEntries(Object.entries(texts).map(([key, value]) =>
  [key, typeof value === 'string' ? '<text>' : value]));

/** Lists that the server answers in any order, of rows or IDs. */
const UNORDERED = new Set([
  'members', 'insert', 'update', 'delete', 'conversations', 'groups', 'groupInfos', 'userIDs', 'conversationIDs',
  'groupIDs', 'usersInfo', 'statusList', 'platformIDs', 'onlinePlatformIDs', 'invitedUserList', 'kickedUserList',
]);
const idOf = (row) => row?.userID || row?.groupID || row?.conversationID || JSON.stringify(row);
const byID = (one, other) => (idOf(one) < idOf(other) ? -1 : 1);

function plain(value, suffix, key = '') {
  if (key === 'offlinePushInfo' && value) return shown(value);
  if (typeof value === 'number') return time(value) === value && key === 'expireTimeSeconds' ? '<n>' : time(value);
  if (typeof value === 'string') return text(value.replaceAll(suffix, '~'), key);
  if (Array.isArray(value)) {
    const list = value.map((inner) => plain(inner, suffix, key));
    return UNORDERED.has(key) ? list.sort(byID) : list;
  }
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(shortened(value)).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(entries.map(([inner, found]) =>
    [plain(inner, suffix), plain(found, suffix, inner)]).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** A step `{step, result, frames}` as it is compared and recorded; parties that got nothing are left out. */
export function canonical({ step, result, frames }, suffix) {
  const same = { step: step.replaceAll(suffix, '~'), result: plain(result, suffix) };
  if (!frames) return same;
  const got = Object.entries(frames).filter(([, list]) => list.length > 0);
  const party = ([label, list]) => [label, ordered(plain(list, suffix))];
  return { ...same, frames: Object.fromEntries(got.map(party).sort(([one], [other]) => (one < other ? -1 : 1))) };
}
