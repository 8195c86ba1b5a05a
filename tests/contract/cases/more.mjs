// Bursts, phones in the background, large frames, stale versions, what somebody sees who was put out of a group.
import { sleep } from '../connection.mjs';
import { ANEW, chatOf, PAGE, range, single } from './requests.mjs';

const ONLINE_MS = 1_500;
const STORED_MS = 800;
const CHANGES = 230;

/** Pushes in short: a line a frame, `conversation:seqs` and `N channel:type/seq`. */
const inShort = (frames) => frames.filter(({ id }) => id === 2001).map(({ data }) => [
  ...Object.entries(data.msgs ?? {}).map(([id, { Msgs }]) => `${id}:${Msgs.map(({ seq }) => seq)}`),
  ...Object.entries(data.notificationMsgs ?? {})
    .map(([id, { Msgs }]) => `N ${id}:${Msgs.map(({ contentType, seq }) => `${contentType}/${seq ?? 0}`)}`),
].join(' '));

async function bursts(t, { ann, bob, A, B }) {
  await t.step('burst of 12 at once', async () => {
    const sent = await Promise.all(Array.from({ length: 12 }, (_, n) => A.ask(1003, single(ann, bob, `x${n}`))));
    await t.settle({ bob: Array(12) });
    return {
      codes: sent.map(({ code }) => code ?? 0),
      times: new Set(sent.map(({ data }) => data?.serverMsgID)).size,
      bob: inShort(B.take()),
      ann: inShort(A.take()),
    };
  });
  await t.answer('two sides at once', async () => {
    await Promise.all(Array.from({ length: 5 }, (_, n) =>
      Promise.all([A.ask(1003, single(ann, bob, `y${n}`)), B.ask(1003, single(bob, ann, `z${n}`))])));
    await t.settle({ bob: Array(10) });
    const frames = inShort(B.take());
    const seqs = frames.map((frame) => parseInt(frame.split(':')[1], 10));
    return { n: frames.length, sorted: seqs.every((seq, at) => at === 0 || seqs[at - 1] <= seq) };
  });
}

async function background(t, { ann, bob, A, B, ios }) {
  const set = (connection, isBackground) => connection.ask(2004, { userID: bob, isBackground });
  await t.step('iOS in background', () => set(ios, true));
  await t.step('text while iOS is in background', () => A.ask(1003, single(ann, bob, 'bg')));
  await t.step('web in background', () => set(B, true));
  await t.step('text while web is in background', () => A.ask(1003, single(ann, bob, 'bg2')));
  await t.step('iOS in foreground', () => set(ios, false));
}

/** Ends bob's connections; the one that he has in their place. */
async function comingBack(t, world) {
  const { ann, bob, A, B, ios } = world;
  await t.answer('b goes away, ann sends, b comes back', async () => {
    [B, ios].forEach((connection) => t.leave(connection));
    await sleep(ONLINE_MS);
    await A.ask(1003, single(ann, bob, 'offline'));
    await sleep(STORED_MS);
    world.B = await t.connect('bob2', bob);
    await t.online();
    return { frames: inShort(world.B.take()), one: await world.B.ask(1001, { userID: bob }) };
  });
}

async function large(t, { ann, bob, cid, chat, A }) {
  for (let burst = 0; burst < 10; burst += 1) {
    await Promise.all(Array.from({ length: 15 }, (_, n) => A.ask(1003, single(ann, bob, `many${burst}_${n}`))));
    await sleep(120);
  }
  await sleep(STORED_MS);
  const count = async (order, begin, end, num) => {
    const { data, code } = await A.ask(1002, { userID: ann, order, seqRanges: [range(chat, begin, end, num)] });
    const { Msgs, isEnd, endSeq } = data?.msgs?.[chat] ?? {};
    return { n: Msgs?.length, first: Msgs?.[0]?.seq, last: Msgs?.at(-1)?.seq, isEnd, endSeq, code };
  };
  await t.answer('1002 large', async () => ({
    a: await count(0, 1, 150, 1000), b: await count(1, 1, 150, 1000), c: await count(0, 1, 150, 100),
    d: await count(1, 50, 120, 20),
  }));
  const send = async (label, letters, compression, wait) => {
    const connection = await t.connect(label, cid, { compression });
    await sleep(200);
    connection.take();
    const answer = await connection.ask(1003, single(cid, ann, 'q'.repeat(letters)), { wait });
    await sleep(200);
    return { answer, closed: connection.closed };
  };
  await t.answer('frame over 51200 is closed', async () => {
    const { answer, closed } = await send('big', 51_000, null, 1_500);
    return { r: answer, closed: closed?.code };
  });
  await t.answer('30000 characters', async () => {
    const { answer } = await send('big2', 30_000, null, 2_500);
    return { code: answer.code ?? 0 };
  });
  await t.answer('gzip: 200000 characters', async () => {
    const { answer, closed } = await send('big3', 200_000, 'gzip', 4_000);
    return { code: answer.code ?? 0, closed: closed?.code ?? null };
  });
}

const ids = (list, key) => list?.map((row) => row[key]) ?? null;

async function newGroup(t, { ann, bob, cid, chat, group }) {
  const list = async (held) =>
    (await t.as(ann, '/conversation/get_incremental_conversations', { userID: ann, ...held })).body.data;
  await t.answer('incremental conversations after a new group', async () => {
    const before = await list(ANEW);
    await t.as(ann, '/group/create_group', {
      memberUserIDs: [bob, cid], groupInfo: { groupName: 'G', groupType: 2, groupID: group }, ownerUserID: ann,
    });
    await t.settle();
    await sleep(STORED_MS);
    const after = await list(before);
    const all = (await t.as(ann, '/conversation/get_all_conversations', { ownerUserID: ann })).body.data.conversations;
    await t.as(ann, '/conversation/set_conversations', {
      userIDs: [ann],
      conversation: { conversationID: chat, conversationType: 1, userID: bob, groupID: '', ex: 'touch' },
    });
    const { insert, update } = await list(before);
    return {
      inserted: ids(after.insert, 'conversationID'),
      moved: after.version - before.version,
      inAll: ids(all, 'conversationID').includes(`sg_${group}`),
      afterTouch: { ins: ids(insert, 'conversationID'), upd: ids(update, 'conversationID') },
    };
  });
}

async function friends(t, { ann, bob }) {
  const befriend = () => t.admin('/friend/import_friend', { ownerUserID: ann, friendUserIDs: [bob] });
  const list = async (held) =>
    (await t.as(ann, '/friend/get_incremental_friends', { userID: ann, ...held })).body.data;
  await t.answer('stale by 230 friend changes', async () => {
    await befriend();
    const before = await list(ANEW);
    for (let n = 0; n < CHANGES; n += 1) {
      await t.as(ann, '/friend/update_friends', { ownerUserID: ann, friendUserIDs: [bob], remark: `r${n}` });
    }
    const { full, update, version } = await list(before);
    return { full, upd: update?.length ?? null, moved: version - before.version };
  });
  await t.answer('friend removed and added again', async () => {
    const before = await list(ANEW);
    await t.as(ann, '/friend/delete_friend', { ownerUserID: ann, friendUserID: bob });
    await befriend();
    const { delete: gone, insert, update } = await list(before);
    return { del: gone, ins: insert?.length ?? null, upd: update?.length ?? null };
  });
}

async function members(t, { ann, cid, group }) {
  const list = async (held) => (await t.as(ann, '/group/get_incremental_group_members_batch',
    { userID: ann, reqList: [{ groupID: group, ...held }] })).body.data.respList[group];
  const invite = () => t.as(ann, '/group/invite_user_to_group', { groupID: group, invitedUserIDs: [cid], reason: '' });
  const kick = () => t.as(ann, '/group/kick_group', { groupID: group, kickedUserIDs: [cid], reason: '' });
  const users = ({ delete: gone, insert, update }) =>
    ({ del: gone, ins: ids(insert, 'userID'), upd: ids(update, 'userID') });
  await t.answer('member kicked and back', async () => {
    const before = await list(ANEW);
    await kick();
    await invite();
    const back = await list(before);
    await kick();
    const { delete: del, insert: ins, update: upd } = await list(back);
    return { first: users(back), second: { del, ins, upd } };
  });
  await t.answer('invited and kicked within one delta', async () => {
    const before = await list(ANEW);
    await invite();
    await kick();
    return users(await list(before));
  });
}

async function putOut(t, { cid, group }) {
  const batch = (...groups) => t.as(cid, '/group/get_incremental_group_members_batch',
    { userID: cid, reqList: groups.map((groupID) => ({ groupID, ...ANEW })) });
  const info = () => t.as(cid, '/group/get_groups_info', { groupIDs: [group] });
  await t.answer('kicked user: joined groups, batch, 1001, 1006', async () => {
    const connection = await t.connect('cidx', cid);
    await sleep(300);
    const list = { groupID: group, pagination: PAGE, filter: 0, keyword: '' };
    return {
      joined: (await t.as(cid, '/group/get_joined_group_list', { fromUserID: cid, pagination: PAGE })).body,
      batch: (await batch(group)).body,
      members: (await t.as(cid, '/group/get_group_member_list', list)).body.errCode,
      info: (await info()).body.errCode,
      six: await connection.ask(1006, { userID: cid, conversationIDs: [] }),
    };
  });
  await t.answer('batch with one foreign group', () => batch(group, t.id('zz')));
  await t.answer('c (never member of it) group info', info);
}

async function nobody(t) {
  await t.answer('joined groups of nobody in a group', async () => {
    const [lone] = await t.users('lone');
    const ask = (path, body) => t.as(lone, path, body);
    const page = { pagination: PAGE };
    const filters = { ...page, groupIDs: [], handleResults: [] };
    return {
      list: await ask('/group/get_joined_group_list', { fromUserID: lone, ...page }),
      incr: await ask('/group/get_incremental_join_groups', { userID: lone, ...ANEW }),
      ids: await ask('/group/get_full_join_group_ids', { userID: lone, idHash: 0 }),
      convs: await ask('/conversation/get_all_conversations', { ownerUserID: lone }),
      blacks: await ask('/friend/get_black_list', { userID: lone, ...page }),
      friends: await ask('/friend/get_friend_list', { userID: lone, ...page }),
      recv: await ask('/group/get_recv_group_applicationList', { fromUserID: lone, ...filters }),
      req: await ask('/group/get_user_req_group_applicationList', { userID: lone, ...filters }),
    };
  });
}

/** Seqs and positions are told by how far they are from the newest. */
async function receipt(t, { ann, bob, chat, A, B }) {
  await t.answer('answer of the reader who replied first', async () => {
    await A.ask(1003, single(ann, bob, 'q1'));
    await t.settle();
    await B.ask(1003, single(bob, ann, 'reply'));
    await t.settle();
    const { maxSeq, hasReadSeq } =
      (await B.ask(1006, { userID: bob, conversationIDs: [chat] })).data.seqs[chat];
    A.take();
    const { body } = await t.as(bob, '/msg/mark_conversation_as_read',
      { userID: bob, conversationID: chat, hasReadSeq: maxSeq, seqs: [maxSeq - 1] });
    await t.settle();
    const channels = A.take().flatMap(({ data }) => Object.values(data?.notificationMsgs ?? {}));
    const tips = channels.flatMap(({ Msgs }) => Msgs).map(({ content }) => content.$json.detail.$json);
    const { data } = await A.ask(1005, { userID: ann, conversations: [{ conversationID: chat, seqs: [maxSeq - 1] }] });
    return {
      six: hasReadSeq === maxSeq,
      code: body.errCode,
      seqs: tips.map(({ seqs }) => seqs?.map((seq) => seq - maxSeq) ?? null),
      has: tips.map((tip) => tip.hasReadSeq - maxSeq),
      isRead: data.msgs[chat].Msgs[0].isRead ?? null,
    };
  });
}

export default {
  name: 'more',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const A = await t.connect('ann', ann);
    const B = await t.connect('bob', bob);
    const ios = await t.phone('bobIOS', bob, 1);
    await t.online();
    const world = { ann, bob, cid, A, B, ios, chat: chatOf(ann, bob), group: t.id('mg') };
    await bursts(t, world);
    await background(t, world);
    await comingBack(t, world);
    await large(t, world);
    await newGroup(t, world);
    await friends(t, world);
    await members(t, world);
    await putOut(t, world);
    await nobody(t);
    await receipt(t, world);
  },
};
