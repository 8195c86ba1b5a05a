// A group's messages and those of a single chat: read, revoked, deleted and emptied, by everybody who may and may not.
import { bytes, chatOf, group as groupText, noticesOf, range, single } from './requests.mjs';

const BOTH = [[false, false], [true, false], [false, true], [true, true]];

/** What everybody sees of both chats. */
function look({ t, chats, connections }, name) {
  return t.answer(`look ${name}`, async () => {
    const all = {};
    for (const [label, connection] of Object.entries(connections)) {
      const { user } = connection;
      const rows = (await t.as(user, '/conversation/get_all_conversations', { ownerUserID: user })).body.data;
      all[label] = {
        one: await connection.ask(1001, { userID: user }),
        six: await connection.ask(1006, { userID: user, conversationIDs: [] }),
        last: await connection.ask(1007, { userID: user, conversationIDs: chats }),
        kept: await connection.ask(1002, { userID: user, seqRanges: chats.map((id) => range(id)) }),
        named: await connection.ask(1005, { userID: user, order: 1, conversations: [{ conversationID: chats[0], seqs: [1, 2, 5, 99] }] }),
        conversations: rows?.conversations?.map(({ conversationID, minSeq, maxSeq }) => ({ conversationID, minSeq, maxSeq })),
      };
    }
    return all;
  });
}

const calls = ({ t }) => ({
  read: (user, conversationID, hasReadSeq, seqs) =>
    t.as(user, '/msg/mark_conversation_as_read', { conversationID, userID: user, hasReadSeq, seqs }),
  readSeqs: (user, conversationID, seqs) => t.as(user, '/msg/mark_msgs_as_read', { conversationID, userID: user, seqs }),
  setRead: (user, conversationID, hasReadSeq) =>
    t.as(user, '/msg/set_conversation_has_read_seq', { conversationID, userID: user, hasReadSeq }),
  revoke: (by, conversationID, seq, userID = by) => (by === 'app' ? t.admin('/msg/revoke_msg', { conversationID, seq, userID })
    : t.as(by, '/msg/revoke_msg', { conversationID, seq, userID })),
  remove: (user, conversationID, seqs, [IsSyncSelf, IsSyncOther] = [true, false]) => t.as(user, '/msg/delete_msgs',
    { conversationID, userID: user, seqs, deleteSyncOpt: { IsSyncSelf, IsSyncOther } }),
  clear: (user, conversationIDs, [IsSyncSelf, IsSyncOther] = [true, false]) => t.as(user, '/msg/clear_conversation_msg',
    { conversationIDs, userID: user, deleteSyncOpt: { IsSyncSelf, IsSyncOther } }),
  clearAll: (user, deleteSyncOpt) => t.as(user, '/msg/user_clear_all_msg', { userID: user, deleteSyncOpt }),
});

async function reading(world) {
  const { t, ann, bob, cid, dan, chat, pair, calls: { read, readSeqs, setRead } } = world;
  await t.step('group: bob reads seqs', () => readSeqs(bob, chat, [2, 3]));
  await t.step('group: bob reads seqs backwards', () => readSeqs(bob, chat, [5, 4]));
  await t.step('group: bob reads one twice', () => readSeqs(bob, chat, [4, 4]));
  await t.step('group: bob reads seqs beyond', () => readSeqs(bob, chat, [4, 99]));
  await t.step('group: cid reads beyond', () => read(cid, chat, 99, []));
  await t.step('group: cid reads after that', () => read(cid, chat, 3, [3]));
  await t.step('group: cid sets back', () => setRead(cid, chat, 2));
  await t.step('group: cid sets the newest', () => setRead(cid, chat, 5));
  await t.step('group: dan, who is no member, sets', () => setRead(dan, chat, 2));
  await t.step('group: dan, who is no member, reads seqs', () => readSeqs(dan, chat, [2]));
  await t.step('single: ann reads all', () => read(ann, pair, 4, [3, 4]));
  await t.step('single: ann reads 1 again', () => read(ann, pair, 1, [1, 1]));
  await t.step('single: ann reads without seqs', () => read(ann, pair, 4, undefined));
  await t.step('single: ann reads null seqs', () => read(ann, pair, 2, null));
  await t.step('single: bob reads seqs backwards', () => readSeqs(bob, pair, [2, 1]));
  await t.step('single: bob sets 1', () => setRead(bob, pair, 1));
  await t.step('single: bob sets 1 with notices', () => setRead(bob, noticesOf(ann, bob), 1));
  await t.step('single: dan sets', () => setRead(dan, pair, 1));
  await t.step('notices: ann reads', () => read(ann, noticesOf(ann, bob), 1, []));
  await t.step('notices: ann reads seqs', () => readSeqs(ann, noticesOf(ann, bob), [1]));
  await look(world, 'read');
}

async function revoking(world) {
  const { t, ann, bob, cid, dan, chat, pair, calls: { revoke, remove } } = world;
  await t.step('group: cid, ordinary, revokes ann', () => revoke(cid, chat, 2));
  await t.step('group: bob, administrator, revokes ann', () => revoke(bob, chat, 2));
  await t.step('group: bob, administrator, revokes cid', () => revoke(bob, chat, 4));
  await t.step('group: cid revokes again', () => revoke(cid, chat, 4));
  await t.step('group: dan, who is no member, revokes', () => revoke(dan, chat, 3));
  await t.step('group: application as ann revokes bob', () => revoke('app', chat, 3, ann));
  await t.step('group: application as an outsider revokes', () => revoke('app', chat, 5, dan));
  await t.step('group: application as itself revokes', () => revoke('app', chat, 6, 'imAdmin'));
  await t.step('group: application as nobody revokes', () => revoke('app', chat, 7, t.id('nobody')));
  await t.step('group: cid deletes 7, ann revokes it', async () => [await remove(cid, chat, [7]), await revoke(ann, chat, 7)]);
  await t.step('group: ann revokes what is gone', async () =>
    [await remove(ann, chat, [8], [true, true]), await revoke(ann, chat, 8)]);
  await t.step('group: beyond', () => revoke(ann, chat, 99));
  await t.step('group: notices', () => revoke(ann, `n_${world.id}`, 1));
  await t.step('single: bob revokes ann', () => revoke(bob, pair, 1));
  await t.step('single: dan revokes', () => revoke(dan, pair, 1));
  await t.step('single: application as dan revokes', () => revoke('app', pair, 1, dan));
  await t.step('single: ann revokes what bob deleted', async () => [await remove(bob, pair, [2]), await revoke(ann, pair, 2)]);
  await t.step('single: bob deletes what is revoked', () => remove(bob, pair, [2]));
  await t.step('single: both delete what is revoked', () => remove(ann, pair, [2], [true, true]));
  await t.step('single: ann revokes it again', () => revoke(ann, pair, 2));
  await look(world, 'revoked');
}

async function deleting(world) {
  const { t, ann, bob, cid, dan, id, chat, pair, calls: { remove, read } } = world;
  for (const sync of BOTH) {
    await t.step(`group: cid deletes ${sync}`, () => remove(cid, chat, [9], sync));
    await t.step(`single: bob deletes ${sync}`, () => remove(bob, pair, [3], sync));
    await t.step(`group: dan, who is no member, deletes ${sync}`, () => remove(dan, chat, [10], sync));
    await t.step(`unknown: ann deletes ${sync}`, () => remove(ann, chatOf(ann, dan), [1], sync));
  }
  await t.step('group: several with one twice', () => remove(cid, chat, [11, 11, 12, 99]));
  await t.step('group: without options', () => t.as(cid, '/msg/delete_msgs', { conversationID: chat, userID: cid, seqs: [1] }));
  await t.step('group: a huge seq', () => remove(cid, chat, [1_000_000]));
  await t.step('group: a huge seq for all', () => remove(cid, chat, [1_000_000], [false, true]));
  await t.step('notices: ann deletes', () => remove(ann, noticesOf(ann, bob), [1]));
  await t.step('single: bob reads what is gone', () => read(bob, pair, 4, [1, 2, 3]));
  for (const [path, body] of [
    ['delete_msg_phsical_by_seq', { conversationID: chat, seqs: [5] }], ['delete_msg_phsical_by_seq', { conversationID: chat, seqs: [] }],
    ['delete_msg_phsical_by_seq', { conversationID: 'nope', seqs: [1] }], ['delete_msg_phsical_by_seq', { conversationID: chat, seqs: [0] }],
    ['delete_msg_phsical_by_seq', {}],
    ['delete_msg_physical', {}], ['delete_msg_physical', { conversationIDs: [], timestamp: 0 }],
    ['delete_msg_physical', { conversationIDs: [chat], timestamp: 0 }],
  ]) {
    await t.step(`ann: ${path} ${JSON.stringify(body)}`, () => t.as(ann, `/msg/${path}`, body));
    await t.step(`application: ${path} ${JSON.stringify(body)}`, () => t.admin(`/msg/${path}`, body));
  }
  await t.step('member deletes after he was kicked', async () => [
    await t.as(ann, '/group/kick_group', { groupID: id, kickedUserIDs: [cid], reason: '' }), await remove(cid, chat, [10]),
  ]);
  await look(world, 'deleted');
}

async function clearing(world) {
  const { t, ann, bob, cid, dan, chat, pair, calls: { clear, clearAll, read, setRead, revoke, remove }, connections } = world;
  const send = (text) => connections.ann.ask(1003, groupText(ann, world.id, text));
  await t.step('kicked cid empties the group', () => clear(cid, [chat]));
  await t.step('dan empties what is not his', () => clear(dan, [chat, pair]));
  for (const sync of BOTH) {
    await t.step(`bob empties the group ${sync}`, () => clear(bob, [chat], sync));
    await t.step(`bob empties the chat ${sync}`, () => clear(bob, [pair, 'nope'], sync));
    await t.step(`text after ${sync}`, () => send('after'));
    await t.step(`answer after ${sync}`, () => connections.ann.ask(1003, single(ann, bob, 'after')));
    await look(world, `emptied ${sync}`);
  }
  await t.step('the same twice', () => clear(bob, [chat, chat]));
  await t.step('without options', () => t.as(bob, '/msg/clear_conversation_msg', { conversationIDs: [pair], userID: bob }));
  await t.step('bob reads what is emptied', () => read(bob, pair, 2, [1, 2]));
  await t.step('bob sets back what is emptied', () => setRead(bob, pair, 1));
  await t.step('ann revokes what bob emptied', () => revoke(ann, pair, 5));
  await t.step('bob deletes what he emptied', () => remove(bob, pair, [5]));
  await t.step('everything without options', () => clearAll(cid, undefined));
  await t.step('everything in silence', () => clearAll(cid, { IsSyncSelf: false, IsSyncOther: false }));
  await t.step('everything of dan', () => clearAll(dan, { IsSyncSelf: true, IsSyncOther: false }));
  await t.step('everything for all', () => clearAll(ann, { IsSyncSelf: true, IsSyncOther: true }));
  await t.step('everything of cid by the application', () =>
    t.admin('/msg/user_clear_all_msg', { userID: cid, deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false } }));
  await t.step('text at last', () => send('last'));
  await look(world, 'emptied at last');
}

export default {
  name: 'erasing',
  async run(t) {
    const [ann, bob, cid, dan] = await t.users('ann', 'bob', 'cid', 'dan');
    const connections = {};
    for (const [label, user] of Object.entries({ ann, bob, cid, dan })) connections[label] = await t.connect(label, user);
    await t.online();
    const id = t.id('era');
    await t.step('group', () => t.as(ann, '/group/create_group', {
      memberUserIDs: [cid], adminUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: id, groupName: 'E', groupType: 2 },
    }));
    const [chat, pair] = [`sg_${id}`, chatOf(ann, bob)];
    const world = { t, ann, bob, cid, dan, id, chat, pair, connections, chats: [chat, pair, noticesOf(ann, bob)] };
    world.calls = calls(world);
    for (let n = 0; n < 12; n += 1) {
      const label = ['ann', 'bob', 'cid'][n % 3];
      await connections[label].ask(1003, groupText(t.id(label), id, `g${n}`, { clientMsgID: t.id(`g${n}`) }));
    }
    for (let n = 0; n < 6; n += 1) {
      await connections.ann.ask(1003, single(ann, bob, `s${n}`, { clientMsgID: t.id(`s${n}`) }));
      await connections.bob.ask(1003, single(bob, ann, `r${n}`, { clientMsgID: t.id(`r${n}`), content: bytes({ content: `r${n}` }) }));
    }
    await t.settle();
    for (const part of [reading, revoking, deleting, clearing]) await part(world);
  },
};
