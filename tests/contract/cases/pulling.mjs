// Pulls by range and by seq, positions and newest seqs: in groups, notification channels, after joining, leaving, emptying.
import { chatOf, group as groupText, noticesOf, range, single } from './requests.mjs';

const RANGES = [
  [1, 5, 5], [1, 5, 4], [1, 5, 1], [2, 4, 99], [5, 5, 1], [6, 6, 1], [1, 99, 2], [3, 99, 99], [99, 1, 5], [0, 0, 5], [-9, 2, 5],
  [-9, -1, 5], [1, 5, 0], [1, 5, -3], [4, 2, 0], [1, 2000, 3], [2000, 4000, 3],
];
const SEQS = [[1], [5, 1], [3, 3, 3], [0], [-1], [99], [1, 99], [-1, 0, 2], []];

async function ranges({ t, ann, chats, A }) {
  for (const order of [0, 1]) {
    for (const [begin, end, num] of RANGES) {
      await t.answer(`range ${begin}..${end} of ${num}, order ${order}`, () =>
        A.ask(1002, { userID: ann, order, seqRanges: chats.map((id) => range(id, begin, end, num)) }));
    }
    for (const seqs of SEQS) {
      await t.answer(`seqs ${seqs}, order ${order}`, () =>
        A.ask(1005, { userID: ann, order, conversations: chats.map((conversationID) => ({ conversationID, seqs })) }));
    }
  }
  const [chat, , notices] = chats;
  await t.answer('one chat in several ranges', () => A.ask(1002, {
    userID: ann, seqRanges: [range(chat, 1, 2, 9), range(notices, 1, 1, 1), range(chat, 4, 9, 9), range(notices, 2, 2, 9), range(chat, 99, 99, 9)],
  }));
  await t.answer('one chat in several lists', () => A.ask(1005, {
    userID: ann, order: 1,
    conversations: [{ conversationID: chat, seqs: [1, 2] }, { conversationID: notices, seqs: [1] }, { conversationID: chat, seqs: [0, 99] }],
  }));
  await t.answer('odd IDs', () => A.ask(1002, { userID: ann, seqRanges: ['n_', 'n_x', 'x', ' ', 'sg_', 'si_'].map((id) => range(id)) }));
  await t.answer('seqs of odd IDs', () => A.ask(1005,
    { userID: ann, conversations: ['n_', 'n_x', 'x', ' ', 'sg_', 'si_', ''].map((conversationID) => ({ conversationID, seqs: [1] })) }));
  await t.answer('positions of odd IDs', () => A.ask(1006, { userID: ann, conversationIDs: [chat, notices, chats[3], chats[4]] }));
  await t.answer('last ones of odd IDs', () => A.ask(1007, { userID: ann, conversationIDs: [...chats, 'n_', ''] }));
}

/** What somebody sees of the group. */
function seen(world, name, label) {
  const { t, chats: [chat, , notices], connections } = world;
  const connection = connections[label];
  const { user } = connection;
  return t.answer(`${label} sees, ${name}`, async () => ({
    one: await connection.ask(1001, { userID: user }),
    six: await connection.ask(1006, { userID: user, conversationIDs: [chat, notices], returnPinned: true }),
    last: await connection.ask(1007, { userID: user, conversationIDs: [chat, notices] }),
    up: await connection.ask(1002, { userID: user, seqRanges: [range(chat), range(notices), range(chat, 3, 6, 9)] }),
    down: await connection.ask(1002, { userID: user, order: 1, seqRanges: [range(chat, 1, 99, 3), range(notices, 1, 99, 3)] }),
    seqs: await connection.ask(1005, { userID: user, order: 0, conversations: [{ conversationID: chat, seqs: [1, 5, 7, 9, 99] }] }),
    old: await connection.ask(1005, { userID: user, order: 1, conversations: [{ conversationID: chat, seqs: [1, 5, 7, 9, 99] }] }),
  }));
}

async function members(world) {
  const { t, ann, bob, dan, id, chats: [chat], A } = world;
  const say = (text) => A.ask(1003, groupText(ann, id, text));
  const both = async (name) => {
    for (const label of ['bob', 'dan']) await seen(world, name, label);
  };
  await both('before');
  await t.step('dan is invited', () => t.as(ann, '/group/invite_user_to_group', { groupID: id, invitedUserIDs: [dan], reason: '' }));
  await t.step('text to dan', () => say('hello dan'));
  await both('joined');
  await t.step('bob quits', () => t.as(bob, '/group/quit_group', { groupID: id, userID: bob }));
  await t.step('text without bob', () => say('bye bob'));
  await both('bob quit');
  await t.step('bob empties what he left', () => t.as(bob, '/msg/clear_conversation_msg',
    { conversationIDs: [chat], userID: bob, deleteSyncOpt: { IsSyncSelf: false, IsSyncOther: false } }));
  await both('bob emptied');
  await t.step('bob is back', () => t.as(ann, '/group/invite_user_to_group', { groupID: id, invitedUserIDs: [bob], reason: '' }));
  await t.step('text to bob', () => say('hello bob'));
  await both('bob is back');
  const set = (patch) => t.as(dan, '/conversation/set_conversations',
    { userIDs: [dan], conversation: { conversationID: chat, conversationType: 3, userID: '', groupID: id, ...patch } });
  await t.step('dan sets his minimum', () => set({ minSeq: 8 }));
  await t.step('dan sets his maximum', () => set({ maxSeq: 9 }));
  await seen(world, 'bounds set', 'dan');
  await t.step('dan sets an odd maximum', () => set({ minSeq: 0, maxSeq: 3 }));
  await seen(world, 'bounds crossed', 'dan');
}

async function paths({ t, ann, bob, chats }) {
  const [chat, pair, notices] = chats;
  const calls = {
    '/msg/newest_seq': [{ userID: ann }, { userID: '' }, {}, { userID: 5 }],
    '/msg/get_conversations_has_read_and_max_seq': [
      { userID: ann }, { userID: ann, conversationIDs: [pair, pair] }, { userID: ann, conversationIDs: [notices], returnPinned: true },
      { userID: ann, conversationIDs: 'x' }, { userID: ann, conversationIDs: [5] }, {}, { userID: ann, returnPinned: 'x' },
    ],
    '/msg/pull_msg_by_seq': [
      { userID: ann, seqRanges: [{ conversationID: pair, begin: 1, end: 2, num: 9 }] },
      { userID: ann, seqRanges: [{ conversationID: notices, begin: 1, end: 1, num: 9 }], order: 1 },
      { userID: ann, seqRanges: [] }, { userID: ann }, { userID: bob, seqRanges: [] }, {}, { userID: ann, seqRanges: [{ begin: '1' }] },
      { userID: ann, seqRanges: [{ conversationID: chat, begin: 9, end: 1, num: 9 }] },
    ],
    '/msg/get_server_time': [undefined, null, ''],
  };
  for (const [path, bodies] of Object.entries(calls)) {
    for (const [n, body] of bodies.entries()) {
      await t.answer(`${path} #${n} ${JSON.stringify(body)}`, () => t.as(ann, path, body));
    }
  }
}

async function identifiers({ t, ann, bob, A }) {
  for (const identifier of [1000, 1004, 1008, 1009, 2001, 2002, 2100, 3001, 0, -1, 9999]) {
    await t.answer(`identifier ${identifier}`, () => A.ask(identifier, Buffer.alloc(0), { wait: 1_500 }));
  }
  for (const identifier of [1001, 1002, 1005, 1006, 1007, 2004, 2005]) {
    await t.answer(`${identifier} without data`, () => A.ask(identifier, null, { wait: 1_500 }));
    await t.answer(`${identifier} with garbage`, () => A.ask(identifier, Buffer.from([0xff, 0xff]), { wait: 1_500 }));
  }
  await t.answer('1001 of bob', () => A.ask(1001, { userID: bob }));
  await t.answer('1006 of bob', () => A.ask(1006, { userID: bob }));
  await t.answer('1007 of bob', () => A.ask(1007, { userID: bob, conversationIDs: [chatOf(ann, bob)] }));
  await t.answer('2004 of bob', () => A.ask(2004, { userID: bob, isBackground: true }));
}

export default {
  name: 'pulling',
  async run(t) {
    const [ann, bob, cid, dan] = await t.users('ann', 'bob', 'cid', 'dan');
    const connections = {};
    for (const [label, user] of Object.entries({ ann, bob, dan })) connections[label] = await t.connect(label, user);
    const A = connections.ann;
    await t.online();
    const id = t.id('pul');
    await t.step('group', () => t.as(ann, '/group/create_group',
      { memberUserIDs: [bob, cid], ownerUserID: ann, groupInfo: { groupID: id, groupName: 'P', groupType: 2 } }));
    for (let n = 0; n < 4; n += 1) await A.ask(1003, groupText(ann, id, `g${n}`));
    for (let n = 0; n < 5; n += 1) await A.ask(1003, single(ann, bob, `s${n}`));
    await t.as(ann, '/group/set_group_info_ex', { groupID: id, groupName: 'P2' });
    await t.settle();
    const chats = [`sg_${id}`, chatOf(ann, bob), `n_${id}`, noticesOf(ann, bob), noticesOf(ann, ann)];
    const world = { t, ann, bob, cid, dan, id, chats, connections, A };
    for (const part of [ranges, members, paths, identifiers]) await part(world);
  },
};
