// What applications' servers send: kinds of content, what must be in it, several receivers, answers by key.
import { bytes, chatOf, noticesOf, range, serviceOf } from './requests.mjs';

const picture = { uuid: 'u', type: 'png', size: 1, width: 1, height: 1, url: 'http://u' };
/** Content by type: what is taken, then what is not, or not as it seems. */
const CONTENTS = {
  101: [{ content: 'x', more: 1 }, { content: 5 }, { content: true }, { content: ['x'] }, { content: { a: 1 } }, { content: null }, {}],
  102: [
    { sourcePicture: picture, bigPicture: picture, snapshotPicture: picture, sourcePath: '' },
    { sourcePicture: picture, bigPicture: picture }, { sourcePicture: { ...picture, width: 0 }, bigPicture: picture, snapshotPicture: picture },
  ],
  103: [{ sourceUrl: 'u', duration: 1 }, { sourceUrl: 'u', duration: -1 }, { sourceUrl: 'u', duration: '3' }, { sourceUrl: 'u' }],
  104: [
    { videoUrl: 'u', videoType: 'mp4', videoSize: 1, duration: 1, snapshotUrl: 's', snapshotWidth: 1, snapshotHeight: 1 },
    { videoUrl: 'u', videoType: 'mp4', videoSize: 1, duration: 1, snapshotUrl: 's' },
  ],
  105: [{ sourceUrl: 'u', fileName: 'f', fileSize: 1 }, { sourceUrl: 'u', fileName: 'f', fileSize: 0 }],
  106: [{ text: '@', atUserList: ['zz'] }, { text: '@', atUserList: [] }, { text: '@' }, { text: '@', atUserList: 'zz' }],
  107: [{ title: 't', multiMessage: [] }],
  108: [{ userID: 'u', nickname: 'n' }],
  109: [{ description: 'd', longitude: 1, latitude: 1 }],
  110: [{ data: 'd', description: '', extension: '' }, { data: '' }, { data: { a: 1 } }],
  113: [{ msgTips: 'yes' }],
  114: [{ text: 'q', quoteMessage: { seq: 1, contentType: 101 } }, { text: 'q' }, {}, { quoteMessage: 'x' }],
  115: [{ index: 1, data: 'd' }],
  117: [{ text: 't' }],
  118: [{ content: '# x' }, { content: '' }],
  119: [{ content: 'x' }],
  1400: [{ notificationName: 'n', notificationType: 1, text: 't', mixType: 9 }],
  2101: [{ detail: 'x' }],
};

async function contents({ t, send }) {
  for (const [type, list] of Object.entries(CONTENTS)) {
    for (const content of list) {
      await t.step(`${type} ${JSON.stringify(content)}`, () => send({ contentType: Number(type), content }));
    }
  }
}

async function fields({ t, ann, bob, cid, id, send, post }) {
  const bodies = {
    'no sender': { sendID: undefined }, 'empty sender': { sendID: '' }, 'no receiver': { recvID: undefined },
    'no type': { contentType: undefined }, 'type as text': { contentType: '101' }, 'no session type': { sessionType: undefined },
    'session type 4': { sessionType: 4 }, 'session type -1': { sessionType: -1 },
    'content as text': { content: 'x' }, 'content as list': { content: ['x'] }, 'content empty': { content: {} }, 'content null': { content: null },
    'group without its ID': { recvID: '', sessionType: 3 }, 'group and receiver': { groupID: id, sessionType: 3 },
    'receiver and group': { groupID: id }, 'to oneself': { recvID: ann }, 'to the application': { recvID: 'imAdmin' },
    'a name of the wrong kind': { senderNickname: 5 }, 'platform -1': { senderPlatformID: -1 },
    'time in the future': { sendTime: 4102444800000 }, 'time as text': { sendTime: '1' }, 'negative time': { sendTime: -1 },
    'only online as text': { isOnlineOnly: 'true' },
    'push with all': { offlinePushInfo: { title: 't', desc: 'd', ex: 'e', iOSPushSound: 's', iOSBadgeCount: true, signalInfo: 'i' } },
    'push with nothing': { offlinePushInfo: {} }, 'push null': { offlinePushInfo: null },
    'only online in the group': { recvID: '', groupID: id, sessionType: 3, isOnlineOnly: true },
    'without offline push in the group': { recvID: '', groupID: id, sessionType: 3, notOfflinePush: true },
    'both switches': { isOnlineOnly: true, notOfflinePush: true },
    'clientMsgID and status of the caller': { clientMsgID: 'mine', status: 4, seq: 9, msgFrom: 100, attachedInfo: 'A' },
    'service from who may not': { contentType: 1400, content: { notificationName: 'n', notificationType: 1, text: 't' } },
    'service from the application': {
      sendID: 'imAdmin', contentType: 1400, content: { notificationName: 'n', notificationType: 1, text: 't', ex: 'E' },
    },
    'service that is only online': {
      sendID: 'imAdmin', contentType: 1400, content: { notificationName: 'n', notificationType: 1, text: 't' }, isOnlineOnly: true,
    },
  };
  for (const [name, body] of Object.entries(bodies)) await t.step(name, () => send(body));
  await t.step('by a user', () => t.as(ann, '/msg/send_msg', { ...post, sendID: ann, recvID: bob }));
  await t.step('by a user without content', () => t.as(ann, '/msg/send_msg', { sendID: ann }));
  await t.step('cid blocks ann', () => t.as(cid, '/friend/add_black', { ownerUserID: cid, blackUserID: ann, ex: '' }));
  await t.step('to who blocks', () => send({ recvID: cid }));
}

async function batches({ t, ann, bob, cid, id, post }) {
  const batch = (recvIDs, over) => t.admin('/msg/batch_send_msg', { ...post, sendID: ann, recvIDs, ...over });
  await t.step('batch to nobody', () => batch([]));
  await t.step('batch without receivers', () => batch(undefined));
  await t.step('batch with unknown and blocking ones', () => batch([t.id('nobody'), bob, cid, '']));
  await t.step('batch with one twice', () => batch([bob, bob]));
  await t.step('batch to a group', () => batch([id], { sessionType: 3, groupID: id }));
  await t.step('batch of an odd type', () => batch([bob], { contentType: 113 }));
  await t.step('batch of empty text', () => batch([bob], { content: { content: '' } }));
  await t.step('batch from an unknown user', () => batch([bob], { sendID: t.id('nobody') }));
  await t.step('batch without a sender', () => batch([bob], { sendID: undefined }));
  await t.step('batch that is only online', () => batch([bob], { isOnlineOnly: true }));
  await t.step('batch by a user', () => t.as(ann, '/msg/batch_send_msg', { ...post, sendID: ann, recvIDs: [bob] }));
}

async function answers({ t, ann, bob, id }) {
  const key = (value) => `/msg/send_simple_msg?key=${encodeURIComponent(Buffer.from(JSON.stringify(value)).toString('base64'))}`;
  const body = { content: 'simple', ex: 'E', offlinePushInfo: { title: 't', desc: 'd', ex: 'e' } };
  await t.step('answer to a message', () => t.admin(key({ sendID: ann, recvID: bob }), body));
  await t.step('answer in a group', () => t.admin(key({ sendID: ann, recvID: '', groupID: id }), { ...body, sendID: bob }));
  await t.step('answer in a group without a sender', () => t.admin(key({ sendID: ann, groupID: id }), body));
  await t.step('answer by a user', () => t.as(bob, key({ sendID: ann, recvID: bob }), body));
  await t.step('answer by another user', () => t.as(ann, key({ sendID: ann, recvID: bob }), body));
  await t.step('answer for an unknown user', () => t.admin(key({ sendID: ann, recvID: t.id('nobody') }), body));
  await t.step('answer without content', () => t.admin(key({ sendID: ann, recvID: bob }), {}));
  await t.step('answer without a key', () => t.admin('/msg/send_simple_msg', body));
  await t.step('answer with an odd key', () => t.admin('/msg/send_simple_msg?key=!!', body));
  await t.step('answer with a key of no JSON', () => t.admin('/msg/send_simple_msg?key=eHg=', body));
  await t.step('answer with an empty key', () => t.admin(key({}), body));
  await t.step('check_msg_is_send_success', () => t.admin('/msg/check_msg_is_send_success', {}));
}

async function business({ t, ann, bob, cid, id }) {
  const send = (over) => t.admin('/msg/send_business_notification',
    { key: 'k', data: 'd', sendUserID: ann, recvUserID: bob, sendMsg: false, reliabilityLevel: 1, ...over });
  const bodies = {
    'level 0': { reliabilityLevel: 0 }, 'no level': { reliabilityLevel: undefined }, 'level as text': { reliabilityLevel: '1' },
    'no key and no data': { key: undefined, data: undefined }, 'data of the wrong kind': { data: { a: 1 } },
    'no sender': { sendUserID: undefined }, 'both receivers': { recvGroupID: id }, 'to oneself': { recvUserID: ann },
    'from the application': { sendUserID: 'imAdmin' }, 'from nobody': { sendUserID: t.id('nobody') }, 'to who blocks': { recvUserID: cid },
    'group, stored': { recvUserID: '', recvGroupID: id, reliabilityLevel: 2 },
    'group, with a line': { recvUserID: '', recvGroupID: id, reliabilityLevel: 2, sendMsg: true },
    'group, line only': { recvUserID: '', recvGroupID: id, reliabilityLevel: 1, sendMsg: true },
    'line only': { sendMsg: true }, 'unknown group': { recvUserID: '', recvGroupID: t.id('nog') },
    'group from an outsider': { recvUserID: '', recvGroupID: id, sendUserID: t.id('nobody') },
  };
  for (const [name, body] of Object.entries(bodies)) await t.step(`business: ${name}`, () => send(body));
}

export default {
  name: 'posting',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const A = await t.connect('ann', ann);
    const B = await t.connect('bob', bob);
    await t.online();
    const id = t.id('pos');
    await t.step('group', () => t.as(ann, '/group/create_group',
      { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: id, groupName: 'P', groupType: 2 } }));
    const post = {
      sessionType: 1, contentType: 101, content: { content: 'x' }, senderNickname: 's', senderFaceURL: 'f', senderPlatformID: 1,
    };
    const send = (over) => t.admin('/msg/send_msg', { ...post, sendID: ann, recvID: bob, ...over });
    const world = { t, ann, bob, cid, id, send, post };
    for (const part of [contents, fields, batches, answers, business]) await part(world);
    const chats = [`sg_${id}`, `n_${id}`, chatOf(ann, bob), noticesOf(ann, bob), serviceOf('imAdmin', bob), noticesOf('imAdmin', bob)];
    for (const connection of [A, B]) {
      const { user } = connection;
      await t.answer(`left for ${connection.label}`, async () => ({
        one: await connection.ask(1001, { userID: user }),
        six: await connection.ask(1006, { userID: user, conversationIDs: [] }),
        last: await connection.ask(1007, { userID: user, conversationIDs: chats }),
        kept: await connection.ask(1002, { userID: user, seqRanges: chats.map((chat) => range(chat)) }),
        rows: await t.as(user, '/conversation/get_all_conversations', { ownerUserID: user }),
      }));
    }
    await t.step('text of a user with an odd platform', () => A.ask(1003, {
      sendID: ann, recvID: bob, sessionType: 1, contentType: 101, content: bytes({ content: 'end' }), senderPlatformID: -1,
    }));
  },
};
