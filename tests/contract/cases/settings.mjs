// Conversations' settings of several users and fields, users' own options, private chats, what two devices hear, and
// what the application's administrator does for users.
import { bytes, chatOf, group as groupText, noticesOf, range, serviceOf, single, STALE_ID } from './requests.mjs';
import { Held } from './held.mjs';

const ALL = {
  recvMsgOpt: 1, isPinned: true, attachedInfo: 'A', ex: 'X', burnDuration: 30, groupAtType: 2, msgDestructTime: 9,
  isMsgDestruct: true, isPrivateChat: true, minSeq: 2, maxSeq: 3, latestMsgDestructTime: 5,
};

function callsOf(t, { ann }) {
  const set = (by, userIDs, conversation) => {
    const body = { userIDs, conversation };
    return by === 'app' ? t.admin('/conversation/set_conversations', body)
      : t.as(by, '/conversation/set_conversations', body);
  };
  return {
    set,
    row: (user, peer, patch) => set(user, [user],
      { conversationID: chatOf(user, peer), conversationType: 1, userID: peer, groupID: '', ...patch }),
    conversation: (path, body, user = ann) => t.as(user, `/conversation/${path}`, body),
  };
}

async function setting(t, { ann, bob, cid, group, calls, look }) {
  const { set, row } = calls;
  const chat = chatOf(ann, bob);
  const base = { conversationID: chat, conversationType: 1, userID: bob, groupID: '' };
  await t.step('every field at once', () => row(ann, bob, ALL));
  await look('every field', [ann, bob]);
  await t.step('nulls', () => row(ann, bob, { recvMsgOpt: null, isPinned: null, ex: null }));
  await t.step('empty texts', () => row(ann, bob, { attachedInfo: '', ex: '' }));
  await t.step('negative numbers', () => row(ann, bob, { burnDuration: -1, recvMsgOpt: -1 }));
  await t.step('wrong kinds', () => row(ann, bob, { isPinned: 'yes' }));
  await t.step('both users by one of them', () => set(ann, [ann, bob], { ...base, ex: 'both' }));
  await t.step('both users by the application', () => set('app', [ann, bob], { ...base, ex: 'app' }));
  await t.step('private by the application', () => set('app', [ann], { ...base, isPrivateChat: false }));
  await t.step('twice the same user', () => set(ann, [ann, ann], { ...base, ex: 'twice' }));
  await t.step('a user nobody knows', () => set('app', [t.id('nobody')], { ...base, ex: 'n' }));
  await t.step('a conversation that does not exist yet', () => row(ann, cid, { isPinned: true }));
  await look('not yet', [ann]);
  await t.step('first message in it', () => t.connections.find(({ label }) => label === 'cid')
    .ask(1003, single(cid, ann, 'first')));
  await look('first message', [ann, cid]);
  await t.step('conversation with oneself', () => row(ann, ann, { ex: 'self' }));
  await t.step('wrong type', () => set(ann, [ann], { ...base, conversationType: 3, groupID: group, ex: 'w' }));
  await t.step('ID and peer do not match', () => set(ann, [ann], { ...base, userID: cid, ex: 'm' }));
  await t.step('service conversation', () => set(ann, [ann],
    { conversationID: serviceOf(ann, bob), conversationType: 4, userID: bob, groupID: '', ex: 's' }));
  await t.step('private with oneself', () => row(ann, ann, { isPrivateChat: true }));
  const ofGroup = (by, patch) => set(by, [by],
    { conversationID: `sg_${group}`, conversationType: 3, userID: '', groupID: group, ...patch });
  await t.step('group: every field', () => ofGroup(ann, ALL));
  await t.step('group: private', () => ofGroup(bob, { isPrivateChat: true }));
  await t.step('group of others', () => ofGroup(cid, { recvMsgOpt: 1 }));
  await look('group', [ann, bob, cid]);
}

async function listing(t, { ann, bob, cid, group, calls: { conversation } }) {
  const chat = chatOf(ann, bob);
  await t.answer('pinned', () => conversation('get_pinned_conversation_ids', { userID: ann }));
  await t.answer('not notified', () => conversation('get_not_notify_conversation_ids', { userID: ann }));
  await t.answer('one', () => conversation('get_conversation', { ownerUserID: ann, conversationID: chat }));
  await t.answer('one that is none', () => conversation('get_conversation', { ownerUserID: ann, conversationID: 'nope' }));
  await t.answer('some, twice and none', () =>
    conversation('get_conversations', { ownerUserID: ann, conversationIDs: [chat, chat, 'nope', `sg_${group}`] }));
  await t.answer('some of another', () => conversation('get_conversations', { ownerUserID: bob, conversationIDs: [chat] }));
  await t.answer('some by the application', () =>
    t.admin('/conversation/get_conversations', { ownerUserID: bob, conversationIDs: [chat] }));
  for (const pagination of [{ pageNumber: 1, showNumber: 1 }, { pageNumber: 0, showNumber: 5 }, { pageNumber: 1 }]) {
    await t.answer(`owner's, page ${JSON.stringify(pagination)}`, async () => {
      const { body } = await conversation('get_owner_conversation', { userID: ann, pagination });
      return { code: body.errCode, total: body.data?.total, some: body.data?.conversations?.length };
    });
  }
  await t.answer('versions', async () => {
    const ask = async (held) => (await conversation('get_incremental_conversations', { userID: ann, ...held })).body;
    const { version, versionID } = (await ask({ version: 0, versionID: '' })).data;
    const shape = async (held) => {
      const { data, errCode } = await ask(held);
      if (!data) return { errCode };
      const ids = (rows) => rows?.map(({ conversationID }) => conversationID).sort() ?? null;
      return { moved: data.version - version, full: data.full, ins: ids(data.insert), upd: ids(data.update), del: data.delete };
    };
    return {
      same: await shape({ version, versionID }),
      before: await shape({ version: version - 1, versionID }),
      future: await shape({ version: version + 3, versionID }),
      stale: await shape({ version, versionID: STALE_ID }),
      oddID: await shape({ version, versionID: 'x' }),
    };
  });
  await t.answer('ids', () => conversation('get_full_conversation_ids', { userID: ann, idHash: 0 }));
  await t.step('cid deletes her row', () =>
    conversation('delete_conversations', { ownerUserID: cid, conversationIDs: [chatOf(ann, cid)] }, cid));
  await t.step('by the application', () =>
    t.admin('/conversation/delete_conversations', { ownerUserID: cid, conversationIDs: [chatOf(ann, cid)] }));
  await t.step('text to who deleted it', () => t.connections.find(({ label }) => label === 'ann')
    .ask(1003, single(ann, cid, 'again')));
  await t.answer('rows of cid', () => conversation('get_all_conversations', { ownerUserID: cid }, cid));
}

async function receiving(t, { ann, bob, group, calls: { row, set }, A, B }) {
  const option = (globalRecvMsgOpt) =>
    t.as(bob, '/user/set_global_msg_recv_opt', { userID: bob, globalRecvMsgOpt });
  const send = (over) => A.ask(1003, single(ann, bob, 'x', over));
  const typing = { contentType: 113, content: bytes({ msgTips: 'yes' }) };
  const inGroup = (text, over) => A.ask(1003, groupText(ann, group, text, over));
  await t.step('bob wants nothing', () => row(bob, ann, { recvMsgOpt: 1 }));
  await t.step('typing to who wants nothing', () => send(typing));
  await t.step('custom to who wants nothing', () => send({ contentType: 110, content: bytes({ data: 'd' }) }));
  await t.step('the application to who wants nothing', () => t.admin('/msg/send_msg', {
    sendID: ann, recvID: bob, sessionType: 1, contentType: 101, senderNickname: 's', senderPlatformID: 1,
    content: { content: 'by app' },
  }));
  await t.step('service to who wants nothing', () =>
    send({ contentType: 1400, sessionType: 4, content: bytes({ notificationName: 'n' }) }));
  await t.step('bob wants it without a sound', () => row(bob, ann, { recvMsgOpt: 2 }));
  await t.step('typing without a sound', () => send(typing));
  await t.step('text without a sound, with offline push', () => send({ options: { offlinePush: true } }));
  await t.step('bob wants nothing at all', () => option(1));
  await t.step('text to who wants nothing at all', () => send());
  await t.step('bob wants everything without a sound', () => option(2));
  await t.step('row wants nothing, user no sound', async () => {
    await row(bob, ann, { recvMsgOpt: 1 });
    return send();
  });
  await t.step('an option of 3', () => option(3));
  await t.step('everything again', async () => {
    await row(bob, ann, { recvMsgOpt: 0 });
    return option(0);
  });
  await t.step('bob wants nothing of the group', () => set(bob, [bob],
    { conversationID: `sg_${group}`, conversationType: 3, userID: '', groupID: group, recvMsgOpt: 1 }));
  await t.step('text in the group', () => inGroup('g'));
  await t.step('typing in the group', () => inGroup('', typing));
  await t.step('bob answers in the group', () => B.ask(1003, groupText(bob, group, 'g2')));
}

async function burning(t, { ann, bob, calls: { row }, A, B }) {
  const chat = chatOf(ann, bob);
  const mark = (hasReadSeq, seqs) =>
    t.as(bob, '/msg/mark_conversation_as_read', { conversationID: chat, userID: bob, hasReadSeq, seqs });
  await t.step('private', () => row(ann, bob, { isPrivateChat: true, burnDuration: 5 }));
  await t.step('private message', () => A.ask(1003, single(ann, bob, 'burn', {
    clientMsgID: t.id('burn'), attachedInfo: JSON.stringify({ isPrivateChat: true, burnDuration: 5 }),
    options: { notPrivate: false },
  })));
  let newest = 0;
  await t.answer('newest', async () => {
    const { data } = await B.ask(1006, { userID: bob, conversationIDs: [chat] });
    newest = data.seqs[chat].maxSeq;
    return { newest };
  });
  await t.step('bob reads it by its seq', () => mark(newest, [newest]));
  await t.step('bob reads it again', () => mark(newest, [newest]));
  await t.answer('read', () => A.ask(1005, { userID: ann, conversations: [{ conversationID: chat, seqs: [newest] }] }));
  await t.step('both delete it', () => t.as(bob, '/msg/delete_msgs', {
    conversationID: chat, userID: bob, seqs: [newest], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: true },
  }));
  await t.step('duration by the other', () => row(bob, ann, { burnDuration: 60 }));
  await t.step('not private by the other', () => row(bob, ann, { isPrivateChat: false }));
  await t.answer('notices of both', () => A.ask(1002, {
    userID: ann, order: 1, seqRanges: [range(noticesOf(ann, bob)), range(chat, 1, 99, 3)],
  }));
}

async function administering(t, { ann, bob, cid, group, A }) {
  const chat = chatOf(ann, bob);
  const post = { senderNickname: 's', senderFaceURL: 'f', senderPlatformID: 1 };
  const send = (over) => t.admin('/msg/send_msg', {
    ...post, sendID: ann, recvID: bob, sessionType: 1, contentType: 101, content: { content: 'x' }, ...over,
  });
  await t.step('send_msg from the application itself', () => send({ sendID: 'imAdmin' }));
  await t.step('send_msg to the group', () => send({ recvID: '', groupID: group, sessionType: 3 }));
  await t.step('send_msg to the group from who is none', () => send({ sendID: cid, recvID: '', groupID: group, sessionType: 3 }));
  await t.step('send_msg that names bob', () => send({
    recvID: '', groupID: group, sessionType: 3, contentType: 106, content: { text: '@bob', atUserList: [bob], isAtSelf: false },
  }));
  await t.step('send_msg that names all', () => send({
    recvID: '', groupID: group, sessionType: 3, contentType: 106, content: { text: '@all', atUserList: ['AtAllTag'], isAtSelf: false },
  }));
  await t.step('send_msg picture', () => send({ contentType: 102, content: {
    sourcePicture: { uuid: 'u', type: 'png', size: 1, width: 1, height: 1, url: 'http://u' },
    bigPicture: { uuid: 'u', type: 'png', size: 1, width: 1, height: 1, url: 'http://u' },
    snapshotPicture: { uuid: 'u', type: 'png', size: 1, width: 1, height: 1, url: 'http://u' },
  } }));
  await t.step('send_msg picture without a size', () => send({ contentType: 102, content: { sourcePath: 'x' } }));
  await t.step('send_msg with time and ex', () => send({ sendTime: 1_700_000_000_000, ex: 'EX' }));
  await t.step('send_msg of session type 2', () => send({ sessionType: 2 }));
  await t.step('send_msg service', () => send({ contentType: 1400, sessionType: 4, content: {
    notificationName: 'n', notificationFaceURL: 'f', notificationType: 1, text: 't', externalUrl: 'e', mixType: 0,
  } }));
  await t.step('send_msg without senderPlatformID', () => send({ senderPlatformID: 0 }));
  await t.step('batch_send_msg', () => t.admin('/msg/batch_send_msg', {
    ...post, sendID: ann, recvIDs: [bob, cid], sessionType: 1, contentType: 101, content: { content: 'batch' },
  }));
  await t.step('business to the group', () => t.admin('/msg/send_business_notification', {
    key: 'k', data: 'd', sendUserID: ann, recvGroupID: group, sendMsg: false, reliabilityLevel: 1,
  }));
  await t.step('business with a line', () => t.admin('/msg/send_business_notification', {
    key: 'k', data: 'd', sendUserID: ann, recvUserID: bob, sendMsg: true, reliabilityLevel: 2,
  }));
  await t.step('business of level 3', () => t.admin('/msg/send_business_notification', {
    key: 'k', data: 'd', sendUserID: ann, recvUserID: bob, sendMsg: false, reliabilityLevel: 3,
  }));
  await t.step('marks as read for bob', () => t.admin('/msg/mark_conversation_as_read',
    { conversationID: chat, userID: bob, hasReadSeq: 4, seqs: [] }));
  await t.step('deletes for bob', () => t.admin('/msg/delete_msgs', {
    conversationID: chat, userID: bob, seqs: [2], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false },
  }));
  await t.step('clears for bob', () => t.admin('/msg/clear_conversation_msg', {
    conversationIDs: [chat], userID: bob, deleteSyncOpt: { IsSyncSelf: false, IsSyncOther: false },
  }));
  await t.answer('newest_seq for bob', () => t.admin('/msg/newest_seq', { userID: bob }));
  await t.answer('what is there', () => A.ask(1002, { userID: ann, seqRanges: [range(chat), range(`sg_${group}`), range(serviceOf(ann, bob))] }));
  await t.step('receive option for bob', () =>
    t.admin('/user/set_global_msg_recv_opt', { userID: bob, globalRecvMsgOpt: 2 }));
  await t.step('profile of nobody', () =>
    t.admin('/user/update_user_info_ex', { userInfo: { userID: t.id('nobody'), nickname: 'x' } }));
  await t.step('register a user twice', () => t.admin('/user/user_register', { users: [{ userID: bob, nickname: 'b' }] }));
  await t.step('register by a user', () => t.as(ann, '/user/user_register', { users: [{ userID: t.id('new'), nickname: 'b' }] }));
  await t.step('register two with one ID', () => t.admin('/user/user_register',
    { users: [{ userID: t.id('new'), nickname: 'b' }, { userID: t.id('new'), nickname: 'c' }] }));
  await t.step('register with an odd ID', () => t.admin('/user/user_register', { users: [{ userID: 'a b', nickname: 'b' }] }));
  await t.step('register without a name', () => t.admin('/user/user_register', { users: [{ userID: t.id('new') }] }));
  await t.answer('users, page of 1', () => t.admin('/user/get_users', { pagination: { pageNumber: 1, showNumber: 1 }, userID: ann }));
  await t.answer('users by a user', async () => {
    const { body } = await t.as(ann, '/user/get_users', { pagination: { pageNumber: 1, showNumber: 2 } });
    return { code: body.errCode, shown: body.data?.users?.length };
  });
}

export default {
  name: 'settings',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const A = await t.connect('ann', ann);
    await t.phone('annPhone', ann);
    const B = await t.connect('bob', bob);
    await t.connect('cid', cid);
    await t.online();
    const group = t.id('set');
    await t.step('group', () => t.as(ann, '/group/create_group',
      { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: group, groupName: 'S', groupType: 2 } }));
    await t.step('text', () => A.ask(1003, single(ann, bob, 'one')));
    const held = new Held(t);
    const look = (name, users) => t.answer(`look ${name}`, async () => {
      const all = {};
      for (const user of users) {
        all[user.replace(t.suffix, '')] = {
          rows: await t.as(user, '/conversation/get_all_conversations', { ownerUserID: user }),
          changed: await held.list('rows', user),
        };
      }
      return all;
    });
    const world = { ann, bob, cid, group, A, B, calls: callsOf(t, { ann }), look };
    for (const part of [setting, listing, receiving, burning, administering]) await part(t, world);
  },
};
