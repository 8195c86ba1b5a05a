// From what was noted to what is compared: what differs from run to run is replaced, what may come in any order is
// brought into one.

/** Events whose order among themselves is promised (events.md §1: one worker, or one syncer, tells them). */
const LANES = {
  connection: ['OnConnecting', 'OnConnectFailed', 'OnConnectSuccess', 'OnKickedOffline', 'OnUserTokenExpired', 'OnUserTokenInvalid'],
  sync: ['OnSyncServerStart', 'OnSyncServerProgress', 'OnSyncServerFinish', 'OnSyncServerFailed'],
  conversation: ['OnNewConversation', 'OnConversationChanged'],
  total: ['OnTotalUnreadMessageCountChanged'],
  typing: ['OnConversationUserInputStatusChanged'],
  message: [
    'OnRecvNewMessage', 'OnRecvNewMessages', 'OnRecvOnlineOnlyMessage', 'OnRecvOnlineOnlyMessages',
    'onRecvOfflineNewMessage', 'onRecvOfflineNewMessages', 'OnRecvOfflineNewMessages', 'OnMsgDeleted',
    'OnNewRecvMessageRevoked', 'OnRecvC2CReadReceipt',
  ],
  upload: ['OnProgress', 'UploadComplete'],
  business: ['OnRecvCustomBusinessMessage'],
  presence: ['OnUserStatusChanged'],
  self: ['OnSelfInfoUpdated'],
  friend: ['OnFriendAdded', 'OnFriendDeleted', 'OnFriendInfoChanged'],
  black: ['OnBlackAdded', 'OnBlackDeleted'],
  application: [
    'OnFriendApplicationAdded', 'OnFriendApplicationAccepted', 'OnFriendApplicationRejected', 'OnGroupApplicationAdded',
    'OnGroupApplicationAccepted', 'OnGroupApplicationRejected',
  ],
  group: ['OnJoinedGroupAdded', 'OnJoinedGroupDeleted', 'OnGroupDismissed', 'OnGroupInfoChanged'],
  // The list of groups and the lists of members are asked for side by side.
  member: ['OnGroupMemberAdded', 'OnGroupMemberDeleted', 'OnGroupMemberInfoChanged'],
};
const LANE_OF = new Map(Object.entries(LANES).flatMap(([lane, names]) => names.map((name) => [name, lane])));

/** Keys that the types do not declare, of what has the first key: columns of the core's tables. */
const UNDECLARED = [
  ['latestMsg', ['maxSeq', 'minSeq', 'updateUnreadCountTime']],
  ['handleResult', ['attachedInfo', 'inviterUserID']],
];

function drop(row, gone) {
  for (const key of gone) delete row[key];
}

/**
 * Values that differ from run to run become words; JSON in texts is opened. Whose message it is matters: how far an
 * own message in a preview is, is a race between acknowledgement, echo and the queue of events (events.md §4.5).
 */
function normaliser(world) {
  const known = new Map(world.names);
  const count = {};
  // A message is named by the call that made it.
  for (const { device, method, data } of world.steps.flatMap(({ results }) => results)) {
    const call = `${device}.${method}`;
    const name = `${call} ${(count[call] = (count[call] ?? 0) + 1)}`;
    if (/^[0-9a-f]{32}$/.test(data?.clientMsgID) && !known.has(data.clientMsgID)) known.set(data.clientMsgID, name);
  }
  const text = (key, value, me) => {
    if (/^[[{]/.test(value)) {
      try {
        return { json: plain(JSON.parse(value), key, me) };
      } catch {
        return value;
      }
    }
    if (known.has(value)) return `<${known.get(value)}>`;
    if (/^[0-9a-f]{32}$/.test(value)) return '<clientMsgID>';
    if (key === 'serverMsgID' && value) return '<serverMsgID>';
    // Names of stored files contain the message's ID.
    const named = value.replace(/[0-9a-f]{32}/g, (id) => (known.has(id) ? `<${known.get(id)}>` : id));
    return named.replaceAll(world.server.api, '<server>').replace(/^blob:.*/, '<blob>');
  };
  const plain = (value, key, me, isMessage = false) => {
    if (typeof value === 'string') return text(key, value, me);
    if (typeof value === 'number') return value > 1e12 ? '<ms>' : value > 1.5e9 && value < 3e9 ? '<s>' : value;
    if (key === 'msgIDList') return value.map((id) => text(key, id)).sort();
    if (Array.isArray(value)) return value.map((item) => plain(item, key, me, isMessage));
    if (value === null || typeof value !== 'object') return value;
    // In a message what is empty may be left out (api.md §1.2): Go does, and not everywhere.
    const inside = isMessage || 'clientMsgID' in value;
    const keys = Object.keys(value).sort().filter((name) => !inside || !isEmpty(value[name]));
    const row = Object.fromEntries(keys.map((name) => [name, plain(value[name], name, me, inside)]));
    if (inside) drop(row, ['attachedInfo']);
    for (const [mark, gone] of UNDECLARED) if (mark in value) drop(row, gone);
    if (key === 'latestMsg' && value.sendID === me && value.status < 3) {
      row.status = 'under way, or sent';
      drop(row, ['seq', 'serverMsgID', 'attachedInfoElem', 'content']);
    }
    return row;
  };
  return (me) => (value) => plain(value, '', me);
}

/** Lists that applications add to what they have: how they are grouped is not promised. */
const LISTS = new Set(['OnNewConversation', 'OnConversationChanged', 'OnRecvNewMessages', 'onRecvOfflineNewMessages', 'OnRecvOfflineNewMessages']);

/** Events of one step and device as lanes: events of one lane have an order, lanes among themselves have none. */
function lanes(list, plain, onlyLast, known) {
  const lanes = {};
  for (const { event, data } of list) {
    if (!event) continue;
    const kind = LANE_OF.get(event) ?? 'other';
    for (const item of LISTS.has(event) ? (data ?? []) : [data]) {
      const lane = kind === 'conversation' ? plain(item.conversationID) : kind === 'message' ? `${kind}${channel(item)}` : kind;
      (lanes[lane] ??= []).push({ event, data: plain(item) });
    }
  }
  // While everything is loaded for the first time it may be told or not; applications read the lists at the end.
  if (list.some(({ event, data }) => event === 'OnSyncServerStart' && data === true)) {
    for (const lane of Object.keys(lanes)) if (isState(lanes[lane])) delete lanes[lane];
  }
  if (lanes.upload) lanes.upload = withoutParts(lanes.upload);
  if (lanes.member) byMember(lanes.member);
  if (lanes.connection) lanes.connection = withoutRetries(lanes.connection);
  if (lanes.sync) lanes.sync = withoutSteps(lanes.sync);
  for (const [lane, told] of Object.entries(lanes)) {
    // The same state told twice says nothing new. How many states there are on the way to the last one depends on
    // how pushes fall together.
    if (isState(told)) {
      const news = told.filter(({ data }) => {
        const before = known.get(lane);
        known.set(lane, JSON.stringify(data));
        return before !== known.get(lane);
      });
      lanes[lane] = onlyLast ? news.slice(-1).map(({ data }) => ({ event: 'last', data })) : news;
    }
  }
  return lanes;
}

/** Conversations and the total: states that follow each other. */
const isState = ([first]) => /NewConversation|ConversationChanged|TotalUnread|SelfInfo/.test(first.event);

/** Messages of different conversations have no order among themselves. */
const channel = (item) => (item?.groupID ? ` ${item.groupID}` : item?.recvID ? ` ${[item.sendID, item.recvID].sort().join(' ')}` : '');

/** How an upload is told: how often is not promised, that it grows to the end is. */
function withoutParts(told) {
  const all = new Map();
  for (const { event, data } of told) {
    const key = `${event} ${data.uuid ?? data.clientMsgID}`;
    const values = all.get(key)?.values ?? [];
    all.set(key, { event, data, values: [...values, data.streamSize ?? data.progress] });
  }
  return [...all.values()].map(({ event, data: { streamSize, storageSize, progress, ...rest }, values }) => {
    const grows = values.every((value, n) => n === 0 || value >= values[n - 1]);
    return { event, data: { ...rest, told: grows ? `grows to ${values.at(-1)}` : values } };
  });
}

/** What happens to several members at once is told in any order. */
function byMember(told) {
  for (let from = 0, to; from < told.length; from = to) {
    for (to = from; to < told.length && told[to].event === told[from].event; ) to += 1;
    const run = told.slice(from, to).sort((a, b) => String(a.data.userID).localeCompare(String(b.data.userID)));
    told.splice(from, run.length, ...run);
  }
}

/** How often a connect was tried is a matter of time. */
function withoutRetries(told) {
  const failed = (n) => told[n]?.event === 'OnConnectFailed';
  return told.filter((_, n) => !(failed(n) && failed(n - 2)) && !(failed(n - 1) && failed(n + 1)));
}

/** Progress is promised to grow up to 100. */
function withoutSteps(told) {
  const values = told.filter(({ event }) => event === 'OnSyncServerProgress').map(({ data }) => data);
  const grows = values.every((value, n) => n === 0 || value >= values[n - 1]);
  return told.flatMap(({ event, data }, n) => {
    if (event !== 'OnSyncServerProgress') return [{ event, data }];
    return told[n + 1]?.event === event ? [] : [{ event, data: grows ? `grows to ${data}` : values }];
  });
}

/** Lists whose order is that of a table's rows, or of Go's maps: nothing says which. */
const WITHOUT_ORDER = { getJoinedGroupList: 'groupID', subscribeUsersStatus: 'userID', getSubscribeUsersStatus: 'userID' };

function inOrder(method, result) {
  const key = WITHOUT_ORDER[method];
  if (!key || !Array.isArray(result.data)) return result;
  return { ...result, data: [...result.data].sort((a, b) => a[key].localeCompare(b[key])) };
}

/** What is compared of a run: for each step the results of calls and, device by device, lanes of events. */
export function canonical(world) {
  const normalise = normaliser(world);
  const user = new Map(world.devices.map((device) => [device.name, device.user]));
  const known = new Map(world.devices.map((device) => [device.name, new Map()]));
  const steps = {};
  for (const { label, results, events, onlyLast } of world.steps) {
    const step = {};
    for (const { device, method, ...result } of results) {
      const all = ((step[device] ??= {}).calls ??= []);
      all.push({ event: method, data: normalise(user.get(device))(inOrder(method, result)) });
    }
    for (const [device, list] of Object.entries(events)) {
      step[device] = { ...step[device], ...lanes(list, normalise(user.get(device)), onlyLast, known.get(device)) };
    }
    steps[label] = step;
  }
  return steps;
}

/** What differs between two records: `[path, theirs, ours]`. */
export function differences(theirs, ours) {
  const found = [];
  for (const label of keys(theirs, ours)) {
    for (const device of keys(theirs[label], ours[label])) {
      const [left, right] = [theirs[label]?.[device] ?? {}, ours[label]?.[device] ?? {}];
      for (const lane of keys(left, right)) {
        align(left[lane] ?? [], right[lane] ?? [], `${label}/${device}/${lane}`, found);
      }
    }
  }
  return found;
}

const keys = (...objects) => new Set(objects.flatMap((object) => Object.keys(object ?? {})));

/** Pairs two sequences by what is told (longest common subsequence), compares pairs, reports the rest. */
function align(left, right, path, found) {
  const same = (l, r) => left[l].event === right[r].event && about(left[l].data) === about(right[r].data);
  const length = Array.from({ length: left.length + 1 }, () => new Array(right.length + 1).fill(0));
  for (let l = left.length - 1; l >= 0; l -= 1) {
    for (let r = right.length - 1; r >= 0; r -= 1) {
      length[l][r] = same(l, r) ? 1 + length[l + 1][r + 1] : Math.max(length[l + 1][r], length[l][r + 1]);
    }
  }
  const count = {};
  const at = (event) => `${path}/${event}#${(count[event] = (count[event] ?? -1) + 1)}`;
  for (let l = 0, r = 0; l < left.length || r < right.length; ) {
    if (l < left.length && r < right.length && same(l, r)) {
      compare(left[l].data, right[r].data, at(left[l].event), found);
      l += 1;
      r += 1;
    } else if (l < left.length && (r >= right.length || length[l + 1][r] >= length[l][r + 1])) {
      found.push([`${at(left[l].event)}`, left[l].data ?? null, undefined]);
      l += 1;
    } else {
      found.push([`${at(right[r].event)}`, undefined, right[r].data ?? null]);
      r += 1;
    }
  }
}

/** What an event is about: the same thing told with another detail is a pair. */
function about(data) {
  if (data === null || typeof data !== 'object') return typeof data;
  const { clientMsgID, userID, groupID, latestMsg, conversationID } = data;
  if (conversationID !== undefined) {
    const { clientMsgID, status, seq } = latestMsg?.json ?? {};
    return JSON.stringify([clientMsgID, status, seq > 0]);
  }
  return JSON.stringify([clientMsgID, userID, groupID]);
}

/** Leaves of two values that differ. */
function compare(theirs, ours, path, found) {
  if (isTree(theirs) && isTree(ours)) {
    for (const key of keys(theirs, ours)) compare(theirs[key], ours[key], `${path}/${key}`, found);
  } else if (theirs !== ours) {
    found.push([path, theirs, ours]);
  }
}

const isEmpty = (value) => value === '' || value === null || (Array.isArray(value) && value.length === 0);
const isTree = (value) => value !== null && typeof value === 'object';

/** How many values there are to compare. */
export function leaves(value) {
  return isTree(value) ? Object.values(value).reduce((sum, item) => sum + leaves(item), 0) : 1;
}
