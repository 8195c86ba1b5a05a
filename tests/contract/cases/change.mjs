// What happens to messages of a single chat after they were sent: read, revoked, deleted, cleared.
import { sleep } from '../connection.mjs';
import { ANEW, bytes, chatOf, noticesOf, range, single } from './requests.mjs';

/** What was marked as read is not read from the server's cache for so long, messages to come neither. */
const UNCACHED_MS = 11_000;

/** Everything both sides can see. */
function stateOf(t, { ann, bob, chat, A, B }) {
  const rows = async (user) =>
    (await t.as(user, '/conversation/get_all_conversations', { ownerUserID: user })).body;
  const messages = (connection, userID, ...channels) =>
    connection.ask(1002, { userID, seqRanges: channels.map((id) => range(id)) });
  return async () => ({
    a6: await A.ask(1006, { userID: ann, conversationIDs: [] }),
    b6: await B.ask(1006, { userID: bob, conversationIDs: [] }),
    a1: await A.ask(1001, { userID: ann }),
    b1: await B.ask(1001, { userID: bob }),
    aMsgs: await messages(A, ann, chat, noticesOf(ann, bob), noticesOf(ann, ann)),
    bMsgs: await messages(B, bob, chat, noticesOf(bob, bob)),
    aRow: await rows(ann),
    bRow: await rows(bob),
  });
}

async function reading(t, world) {
  const { ann, bob, chat, B, state } = world;
  const mark = (hasReadSeq, seqs = []) =>
    t.as(bob, '/msg/mark_conversation_as_read', { conversationID: chat, userID: bob, hasReadSeq, seqs });
  await t.step('b reads to 1 before any answer', () => mark(1, [1]));
  await t.step('b reads to 2, seqs empty', () => mark(2));
  for (const text of ['t7', 't8']) await B.ask(1003, single(bob, ann, text, { clientMsgID: t.id(text) }));
  await t.settle({ ann: Array(2), annPhone: Array(2), bob: Array(2) });
  await state('before');
  await t.step('b reads to 3', () => mark(3));
  await t.step('b reads to 3 again', () => mark(3));
  await t.step('b reads to 2 (back)', () => mark(2));
  await t.step('b reads to 3 with seqs 1,2', () => mark(3, [1, 2]));
  await t.step('b reads seqs 5 with hasRead 4', () => mark(4, [5]));
  await t.step('b reads own seqs', () => mark(8, [7, 8]));
  await t.step('b reads beyond max', () => mark(50));
  world.marked = Date.now();
  await state('after reading');
  await t.step('a mark_msgs_as_read 7', () =>
    t.as(ann, '/msg/mark_msgs_as_read', { conversationID: chat, userID: ann, seqs: [7] }));
  const set = (hasReadSeq, more) =>
    t.as(ann, '/msg/set_conversation_has_read_seq', { conversationID: chat, userID: ann, hasReadSeq, ...more });
  await t.step('a set has read 8', () => set(8, { noNotification: false }));
  await t.step('a set has read 3', () => set(3));
}

async function revoking(t, { ann, bob, chat, B, state }) {
  const body = (userID, seq) => ({ conversationID: chat, seq, userID });
  const revoke = (user, seq) => t.as(user, '/msg/revoke_msg', body(user, seq));
  const quoted = {
    clientMsgID: t.id('t3'), seq: 3, contentType: 101, sendID: ann, content: '{"content":"t3"}',
    textElem: { content: 't3' },
  };
  await t.step('b revokes a message of a', () => revoke(bob, 2));
  await t.step('a revokes 2', () => revoke(ann, 2));
  await t.step('a revokes 2 again', () => revoke(ann, 2));
  await t.step('b quotes and revoked', () => B.ask(1003,
    single(bob, ann, '', { contentType: 114, content: bytes({ text: 'q', quoteMessage: quoted }) })));
  await t.step('a revokes quoted 3', () => revoke(ann, 3));
  await t.step('admin revokes 4', () => t.admin('/msg/revoke_msg', body(ann, 4)));
  await t.step('admin revokes 5 as admin', () => t.admin('/msg/revoke_msg', body('imAdmin', 5)));
  await state('after revoking');
}

const remove = (t, chat, user, seqs, IsSyncSelf, IsSyncOther) => t.as(user, '/msg/delete_msgs', {
  conversationID: chat, seqs, userID: user, deleteSyncOpt: { IsSyncSelf, IsSyncOther },
});

async function deleting(t, { ann, bob, chat, A, B, state }) {
  await t.step('a deletes 1 silently', () => remove(t, chat, ann, [1], false, false));
  await t.step('a deletes 1 again', () => remove(t, chat, ann, [1], false, false));
  await t.step('a deletes 6 sync self', () => remove(t, chat, ann, [6], true, false));
  await t.step('a deletes 7 (of b) for all', () => remove(t, chat, ann, [7], true, true));
  await t.step('a deletes 99', () => remove(t, chat, ann, [99], true, false));
  await t.step('revoke a deleted one', () =>
    t.as(ann, '/msg/revoke_msg', { conversationID: chat, seq: 6, userID: ann }));
  await state('after deleting');
  await t.step('1005 of deleted', () =>
    A.ask(1005, { userID: ann, conversations: [{ conversationID: chat, seqs: [1, 6, 7, 8] }] }));
  await t.step('1007 after', () => A.ask(1007, { userID: ann, conversationIDs: [chat] }));
  await t.step('b deletes newest 9 self', () => remove(t, chat, bob, [9], true, false));
  await t.step('1007 bob newest deleted', () => B.ask(1007, { userID: bob, conversationIDs: [chat] }));
}

async function clearing(t, { ann, bob, chat, A, B, state, marked }) {
  const clear = (user, IsSyncSelf, IsSyncOther) => t.as(user, '/msg/clear_conversation_msg', {
    conversationIDs: [chat], userID: user, deleteSyncOpt: { IsSyncSelf, IsSyncOther },
  });
  const text = async (words) => {
    await B.ask(1003, single(bob, ann, words));
    await t.settle({ ann: Array(1), annPhone: Array(1), bob: Array(1) });
  };
  await t.step('a clears sync self', () => clear(ann, true, false));
  await state('after clearing');
  await sleep(marked + UNCACHED_MS - Date.now());
  await t.step('text after clearing', () => B.ask(1003, single(bob, ann, 'after')));
  await state('text after clearing');
  await t.step('1002 desc after clearing', () =>
    A.ask(1002, { userID: ann, order: 1, seqRanges: [range(chat, 1, 99, 5)] }));
  await t.step('1005 after clearing desc', () =>
    A.ask(1005, { userID: ann, order: 1, conversations: [{ conversationID: chat, seqs: [8, 9] }] }));
  await t.step('a deletes 99 for all', () => remove(t, chat, ann, [99], true, true));
  await t.step('1007 after clearing', () => A.ask(1007, { userID: ann, conversationIDs: [chat] }));
  await t.step('a clears silently', () => clear(ann, false, false));
  await t.step('b clears for all', () => clear(bob, true, true));
  await state('after clearing for all');
  await text('z1');
  await t.step('b clears for all without self', () => clear(bob, false, true));
  await text('z2');
  await t.step('a clears everything', () =>
    t.as(ann, '/msg/user_clear_all_msg', { userID: ann, deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false } }));
  await state('end');
  await t.answer('incr after all', () =>
    t.as(ann, '/conversation/get_incremental_conversations', { userID: ann, ...ANEW }));
}

export default {
  name: 'change',
  async run(t) {
    const [ann, bob] = await t.users('ann', 'bob');
    const A = await t.connect('ann', ann);
    await t.phone('annPhone', ann);
    const B = await t.connect('bob', bob);
    await t.online();
    const world = { ann, bob, chat: chatOf(ann, bob), A, B };
    const look = stateOf(t, world);
    world.state = (name) => t.answer(`state ${name}`, look);
    for (let n = 1; n <= 6; n += 1) await A.ask(1003, single(ann, bob, `t${n}`, { clientMsgID: t.id(`t${n}`) }));
    await t.settle({ ann: Array(6), annPhone: Array(6), bob: Array(6) });
    await reading(t, world);
    await revoking(t, world);
    await deleting(t, world);
    await clearing(t, world);
  },
};
