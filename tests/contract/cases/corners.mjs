// Reading, revoking, deleting and emptying where it is rare: notes to oneself, a service's chat.
import { bytes, chatOf, noticesOf, range, serviceOf, single } from './requests.mjs';

const SYNCS = [[true, false], [false, true]];

function callsOf(t) {
  const call = (user, path, body) => t.as(user, `/msg/${path}`, { userID: user, ...body });
  return {
    read: (user, conversationID, hasReadSeq, seqs) => call(user, 'mark_conversation_as_read', { conversationID, hasReadSeq, seqs }),
    readSeqs: (user, conversationID, seqs) => call(user, 'mark_msgs_as_read', { conversationID, seqs }),
    setRead: (user, conversationID, hasReadSeq) => call(user, 'set_conversation_has_read_seq', { conversationID, hasReadSeq }),
    revoke: (user, conversationID, seq) => call(user, 'revoke_msg', { conversationID, seq }),
    remove: (user, conversationID, seqs, [IsSyncSelf, IsSyncOther]) =>
      call(user, 'delete_msgs', { conversationID, seqs, deleteSyncOpt: { IsSyncSelf, IsSyncOther } }),
    clear: (user, conversationIDs, [IsSyncSelf, IsSyncOther]) =>
      call(user, 'clear_conversation_msg', { conversationIDs, deleteSyncOpt: { IsSyncSelf, IsSyncOther } }),
  };
}

/** What a user sees of some channels. */
const look = (t, name, connection, ids, begin = 1, end = 20) => t.answer(`look ${name}`, async () => {
  const { user } = connection;
  return {
    one: await connection.ask(1001, { userID: user }),
    six: await connection.ask(1006, { userID: user, conversationIDs: ids }),
    last: await connection.ask(1007, { userID: user, conversationIDs: ids }),
    kept: await connection.ask(1002, { userID: user, seqRanges: ids.map((id) => range(id, begin, end, 99)) }),
  };
});

async function notes({ t, ann, A, calls: { read, readSeqs, setRead, revoke, remove, clear } }) {
  const self = chatOf(ann, ann);
  const see = (name) => look(t, `notes ${name}`, A, [self, noticesOf(ann, ann)]);
  const note = (n, over) => t.step(`note ${n}`, () => A.ask(1003, single(ann, ann, `n${n}`, { clientMsgID: t.id(`n${n}`), ...over })));
  for (let n = 1; n <= 6; n += 1) await note(n);
  await see('written');
  await t.step('notes: read', () => read(ann, self, 2, [1, 2]));
  await t.step('notes: read by seqs', () => readSeqs(ann, self, [3]));
  await t.step('notes: read back', () => setRead(ann, self, 1));
  await t.step('notes: read beyond', () => read(ann, self, 50, []));
  await t.step('notes: revoke', () => revoke(ann, self, 1));
  await t.step('notes: revoke again', () => revoke(ann, self, 1));
  for (const [n, sync] of SYNCS.entries()) await t.step(`notes: delete ${sync}`, () => remove(ann, self, [2 + n], sync));
  await t.step('notes: quote what is gone', () => A.ask(1003, single(ann, ann, '', {
    contentType: 114, content: bytes({ text: 'q', quoteMessage: { seq: 3, contentType: 101, content: '{}' } }),
  })));
  await t.step('notes: quote what is revoked', () => A.ask(1003, single(ann, ann, '', {
    contentType: 114, content: bytes({ text: 'q', quoteMessage: { seq: 1, contentType: 101, content: '{}' } }),
  })));
  await see('changed');
  for (const [n, sync] of SYNCS.entries()) {
    await t.step(`notes: empty ${sync}`, () => clear(ann, [self], sync));
    await note(9 + n);
    await see(`emptied ${sync}`);
  }
}

async function service({ t, ann, bob, A, B, calls: { read, readSeqs, setRead, revoke, remove, clear } }) {
  const chat = serviceOf(ann, bob);
  const see = async (name) => {
    await look(t, `service ${name}, bob`, B, [chat, noticesOf(ann, bob)]);
    await look(t, `service ${name}, ann`, A, [chat, noticesOf(ann, bob)]);
  };
  const send = (n) => t.step(`service ${n}`, () =>
    A.ask(1003, single(ann, bob, `s${n}`, { sessionType: 4, contentType: 1400 })));
  for (let n = 1; n <= 4; n += 1) await send(n);
  await see('sent');
  await t.step('service: read', () => read(bob, chat, 2, [1, 2]));
  await t.step('service: read back', () => read(bob, chat, 1, [1]));
  await t.step('service: read by seqs', () => readSeqs(bob, chat, [3]));
  await t.step('service: read back by seqs', () => readSeqs(bob, chat, [1]));
  await t.step('service: set back', () => setRead(bob, chat, 1));
  await t.step('service: read by the sender', () => read(ann, chat, 2, [1]));
  await t.step('service: revoked by the sender', () => revoke(ann, chat, 1));
  await t.step('service: revoked by the receiver', () => revoke(bob, chat, 1));
  await t.step('service: revoked by the application', () => t.admin('/msg/revoke_msg', { userID: ann, conversationID: chat, seq: 1 }));
  for (const [n, sync] of SYNCS.entries()) {
    await t.step(`service: deleted by the receiver ${sync}`, () => remove(bob, chat, [2 + n], sync));
    await t.step(`service: deleted by the sender ${sync}`, () => remove(ann, chat, [4], sync));
  }
  await see('changed');
  for (const sync of SYNCS) {
    await t.step(`service: emptied by the receiver ${sync}`, () => clear(bob, [chat], sync));
    await t.step(`service: emptied by the sender ${sync}`, () => clear(ann, [chat], sync));
    await send(`after ${sync}`);
    await see(`emptied ${sync}`);
  }
}

export default {
  name: 'corners',
  async run(t) {
    const [ann, bob] = await t.users('ann', 'bob');
    const [A, B] = [await t.connect('ann', ann), await t.connect('bob', bob)];
    await t.online();
    const world = { t, ann, bob, A, B, calls: callsOf(t) };
    for (const part of [notes, service]) await part(world);
  },
};
