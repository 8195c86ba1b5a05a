// What is sent with which options, kinds of content and odd fields, in a group and to users; who may send; what is left.
import { bytes, chatOf, group as groupText, noticesOf, range, serviceOf, single } from './requests.mjs';

const OPTIONS = [
  { history: false }, { persistent: false }, { senderSync: false }, { unreadCount: false }, { conversationUpdate: false },
  { senderConversationUpdate: false }, { offlinePush: true }, { notPrivate: true }, { isNotNotification: false },
  { isSendMsg: true }, { isNotNotification: false, history: false }, { isNotNotification: false, isSendMsg: true },
  { isNotNotification: false, isSendMsg: true, history: false, unreadCount: false, offlinePush: false },
  { history: false, persistent: false, senderSync: false, unreadCount: false }, { history: true, persistent: false },
  { reactionFromCache: true }, {},
];
const KINDS = [
  100, 102, 104, 105, 107, 108, 109, 110, 114, 115, 116, 117, 118, 119, 120, 121, 122, 125, 140, 150, 200, 201, 1000, 1300,
  1519, 2001, 2101, 2102, 2200, 5000, 5001, -1,
];
const TYPING = { contentType: 113, content: bytes({ msgTips: 'yes' }) };

/** Everything that is left of what was sent. */
async function leavings({ t, chats, connections }) {
  const all = {};
  for (const [label, connection] of Object.entries(connections)) {
    const { user } = connection;
    all[label] = {
      one: await connection.ask(1001, { userID: user }),
      six: await connection.ask(1006, { userID: user, conversationIDs: [] }),
      seqs: await t.as(user, '/msg/get_conversations_has_read_and_max_seq', { userID: user, conversationIDs: chats }),
      last: await connection.ask(1007, { userID: user, conversationIDs: chats }),
      kept: await connection.ask(1002, { userID: user, seqRanges: chats.map((id) => range(id)) }),
    };
  }
  return all;
}

async function options({ t, ann, bob, id, connections: { ann: A } }) {
  for (const given of OPTIONS) {
    await t.step(`group ${JSON.stringify(given)}`, () => A.ask(1003, groupText(ann, id, 'o', { options: given })));
    await t.step(`single ${JSON.stringify(given)}`, () => A.ask(1003, single(ann, bob, 'o', { options: given })));
  }
}

async function kinds({ t, ann, id, connections: { ann: A } }) {
  for (const contentType of KINDS) {
    await t.step(`group ${contentType}`, () => A.ask(1003, groupText(ann, id, 'k', { contentType })));
  }
  for (const given of [undefined, {}, { history: true }, { senderSync: true }]) {
    await t.step(`group typing ${JSON.stringify(given)}`, () =>
      A.ask(1003, groupText(ann, id, '', { ...TYPING, options: given })));
  }
  for (const contentType of [2101, 2200]) {
    await t.step(`group ${contentType} with options`, () => A.ask(1003, groupText(ann, id, 'k',
      { contentType, options: { unreadCount: true, offlinePush: true, conversationUpdate: true } })));
  }
  const at = (atUserIDList, over) => A.ask(1003, groupText(ann, id, '',
    { contentType: 106, atUserIDList, content: bytes({ text: '@', atUserList: atUserIDList }), ...over }));
  await t.step('names nobody', () => at([]));
  await t.step('names himself', () => at([ann]));
  await t.step('names twice', () => at([ann, ann, 'AtAllTag', 'AtAllTag']));
  await t.step('names in a text', () => at([ann], { contentType: 101 }));
}

async function fields({ t, ann, bob, cid, id, connections: { ann: A, bob: B } }) {
  const ask = (name, value, over) => t.step(name, () => A.ask(1003, value, { wait: 2_000, ...over }));
  await ask('nothing but the sender', { sendID: ann });
  await ask('no content type', single(ann, bob, 'x', { contentType: undefined }));
  await ask('no session type', single(ann, bob, 'x', { sessionType: undefined }));
  await ask('no clientMsgID', groupText(ann, id, 'x', { clientMsgID: undefined }));
  await ask('no times', groupText(ann, id, 'x', { createTime: undefined, sendTime: undefined }));
  for (const sessionType of [-1, 2, 5, 99]) await ask(`session type ${sessionType}`, single(ann, bob, 'x', { sessionType }));
  await ask('session type 2 of a group', groupText(ann, id, 'x', { sessionType: 2 }));
  await ask('session type 4 to oneself', single(ann, ann, 'x', { sessionType: 4, contentType: 1400 }));
  await ask('session type 4 to an unknown user', single(ann, t.id('nobody'), 'x', { sessionType: 4, contentType: 1400 }));
  await ask('session type 4 to nobody', single(ann, '', 'x', { sessionType: 4, contentType: 1400 }));
  await ask('session type 4 of a group', groupText(ann, id, 'x', { sessionType: 4, contentType: 1400 }));
  await ask('session type 4 with 1401', single(ann, bob, 'x', { sessionType: 4, contentType: 1401 }));
  await ask('1400 in a group', groupText(ann, id, 'x', { contentType: 1400 }));
  await ask('service as a notification',
    single(ann, bob, 'x', { sessionType: 4, contentType: 1400, options: { isNotNotification: false } }));
  await ask('service without history',
    single(ann, bob, 'x', { sessionType: 4, contentType: 1400, options: { history: false } }));
  await ask('notification to an unknown user', single(ann, t.id('nobody'), 'x', { options: { isNotNotification: false } }));
  await ask('notification to oneself', single(ann, ann, 'x', { options: { isNotNotification: false } }));
  await ask('to oneself without sync', single(ann, ann, 'x', { options: { senderSync: false } }));
  await ask('to oneself with all', single(ann, ann, 'x', { options: { senderSync: true, history: true, unreadCount: true } }));
  await ask('typing to oneself', single(ann, ann, '', { ...TYPING, options: {} }));
  await ask('typing to an unknown user', single(ann, t.id('nobody'), '', TYPING));
  await ask('to one who is offline', single(ann, cid, 'x'));
  await ask('seq, serverMsgID and isRead of the client',
    groupText(ann, id, 'x', { seq: 99, serverMsgID: 'mine', isRead: true, status: 3, attachedInfo: 'A', ex: 'E' }));
  await ask('as somebody else', groupText(bob, id, 'x'));
  await ask('in an envelope of somebody else', groupText(ann, id, 'x'), { SendID: bob });
  await ask('the same clientMsgID in two chats', single(ann, bob, 'x', { clientMsgID: t.id('twice') }));
  await ask('the same clientMsgID in the group', groupText(ann, id, 'x', { clientMsgID: t.id('twice') }));
  await t.step('the same clientMsgID of another', () => B.ask(1003, groupText(bob, id, 'y', { clientMsgID: t.id('twice') })));
  await ask('no data', null);
  await ask('data that is none', Buffer.from([0xff, 0xff, 0xff]));
  await ask('content of 40000 letters', single(ann, bob, 'x'.repeat(40_000)));
}

async function rights({ t, ann, bob, cid, id, connections }) {
  const send = (user, over) => connections[user].ask(1003, groupText(t.id(user), id, 'r', over));
  const call = (path, body) => t.as(ann, `/group/${path}`, { groupID: id, ...body });
  const everybody = async (name) => {
    for (const user of ['ann', 'bob', 'cid']) await t.step(`${name}: text of ${user}`, () => send(user));
    await t.step(`${name}: typing of cid`, () => send('cid', { ...TYPING, options: {} }));
    await t.step(`${name}: 1510 of cid`, () => send('cid', { contentType: 1510 }));
    await t.step(`${name}: notification of cid`, () => send('cid', { options: { isNotNotification: false } }));
    await t.step(`${name}: application for cid`, () => t.admin('/msg/send_msg', {
      sendID: cid, groupID: id, sessionType: 3, contentType: 101, content: { content: 'app' }, senderNickname: 's',
    }));
  };
  await t.step('bob becomes administrator', () => t.as(ann, '/group/set_group_member_info',
    { members: [{ groupID: id, userID: bob, roleLevel: 60 }] }));
  await t.step('group is muted', () => call('mute_group'));
  await everybody('muted');
  await t.step('group speaks again', () => call('cancel_mute_group'));
  await t.step('cid and bob are muted', async () => [
    await call('mute_group_member', { userID: cid, mutedSeconds: 600 }),
    await call('mute_group_member', { userID: bob, mutedSeconds: 600 }),
  ]);
  await everybody('members muted');
  await t.step('cid is kicked', () => call('kick_group', { kickedUserIDs: [cid], reason: '' }));
  await everybody('kicked');
  await t.step('group is dismissed', () => call('dismiss_group'));
  await everybody('dismissed');
}

async function strangers({ t, ann, cid, connections: { ann: A, cid: C } }) {
  const block = (path) => t.as(cid, `/friend/${path}`, { ownerUserID: cid, blackUserID: ann, ex: '' });
  await t.step('cid blocks ann', () => block('add_black'));
  for (const [name, over] of [
    ['text', {}], ['typing', TYPING], ['notification', { options: { isNotNotification: false } }], ['1510', { contentType: 1510 }],
    ['only online', { options: { history: false } }], ['service', { sessionType: 4, contentType: 1400 }],
  ]) await t.step(`blocked: ${name}`, () => A.ask(1003, single(ann, cid, 'b', over)));
  await t.step('blocked: application for ann', () => t.admin('/msg/send_msg', {
    sendID: ann, recvID: cid, sessionType: 1, contentType: 101, content: { content: 'app' }, senderNickname: 's',
  }));
  await t.step('who blocks sends typing', () => C.ask(1003, single(cid, ann, '', TYPING)));
  await t.step('cid unblocks ann', () => block('remove_black'));
}

export default {
  name: 'sending',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const connections = { ann: await t.connect('ann', ann), bob: await t.connect('bob', bob) };
    await t.phone('annPhone', ann);
    await t.online();
    const id = t.id('snd');
    await t.step('group', () => t.as(ann, '/group/create_group',
      { memberUserIDs: [bob, cid], ownerUserID: ann, groupInfo: { groupID: id, groupName: 'S', groupType: 2 } }));
    const chats = [
      `sg_${id}`, `n_${id}`, chatOf(ann, bob), noticesOf(ann, bob), chatOf(ann, ann), noticesOf(ann, ann), serviceOf(ann, bob),
      chatOf(ann, cid), noticesOf(ann, cid), serviceOf(ann, cid),
    ];
    const world = { t, ann, bob, cid, id, chats, connections };
    for (const part of [options, kinds, fields]) {
      await part(world);
      await t.answer(`left of ${part.name}`, () => leavings(world));
    }
    connections.cid = await t.connect('cid', cid);
    await t.online();
    await rights(world);
    await strangers(world);
    await t.answer('left at last', () => leavings(world));
  },
};
