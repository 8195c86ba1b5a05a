// What no client sends, and some do: fields of the wrong kind, odd tokens, requests on a connection with odd data.
import { bytes, chatOf, range, single, PAGE } from './requests.mjs';

async function kinds(t, { ann, bob, group }) {
  const bodies = {
    '/user/get_users_info': [{ userIDs: 'x' }, { userIDs: [1] }, { userIDs: [null] }, { userIDs: [''] }, { userIDs: {} }],
    '/user/update_user_info_ex': [
      { userInfo: { userID: ann, nickname: 7 } }, { userInfo: [] }, { userInfo: { userID: ann, ex: null } },
      { userInfo: { userID: ann, nickname: '' } },
    ],
    '/user/set_global_msg_recv_opt': [{ userID: ann, globalRecvMsgOpt: '1' }, { userID: ann, globalRecvMsgOpt: -1 }],
    '/friend/get_friend_list': [
      { userID: ann, pagination: { pageNumber: '1', showNumber: 5 } }, { userID: ann, pagination: { pageNumber: -1, showNumber: 5 } },
      { userID: ann, pagination: { pageNumber: 1, showNumber: -5 } }, { userID: ann, pagination: [] },
    ],
    '/friend/update_friends': [
      { ownerUserID: ann, friendUserIDs: [bob], isPinned: 'yes' }, { ownerUserID: ann, friendUserIDs: [bob], remark: 1 },
      { ownerUserID: ann, friendUserIDs: [bob], remark: null, ex: null },
    ],
    '/friend/add_friend': [{ fromUserID: ann, toUserID: 5 }, { fromUserID: ann, toUserID: bob, reqMsg: 5 }],
    '/group/get_group_member_list': [
      { groupID: group, pagination: { pageNumber: 1, showNumber: 0 } }, { groupID: group, pagination: PAGE, filter: -1 },
      { groupID: 5, pagination: PAGE },
    ],
    '/group/set_group_info_ex': [
      { groupID: group, groupName: 5 }, { groupID: group, needVerification: '1' }, { groupID: group, groupName: null },
    ],
    '/group/set_group_member_info': [
      { members: {} }, { members: [null] }, { members: [{}] }, { members: [{ groupID: group, userID: bob, roleLevel: '60' }] },
    ],
    '/group/get_incremental_group_members_batch': [
      { userID: ann, reqList: {} }, { userID: ann, reqList: [{ groupID: group, version: '1' }] },
      { userID: ann, reqList: [{ groupID: group, version: -1, versionID: '' }] },
      { userID: ann, reqList: [{ groupID: group }, { groupID: group }] },
    ],
    '/group/mute_group_member': [{ groupID: group, userID: bob, mutedSeconds: -5 }, { groupID: group, userID: bob, mutedSeconds: '5' }],
    '/conversation/set_conversations': [
      { userIDs: [ann], conversation: [] }, { userIDs: ann, conversation: {} },
      { userIDs: [ann], conversation: { conversationID: 5, conversationType: 1, userID: bob } },
      { userIDs: [ann], conversation: { conversationID: chatOf(ann, bob), conversationType: '1', userID: bob } },
      { userIDs: [ann], conversation: { conversationID: chatOf(ann, bob), conversationType: 1, userID: bob, recvMsgOpt: '2' } },
    ],
    '/conversation/get_incremental_conversations': [
      { userID: ann, version: '1', versionID: '' }, { userID: ann, version: -1, versionID: '' }, { userID: ann, version: 1.5, versionID: '' },
    ],
    '/conversation/get_full_conversation_ids': [{ userID: ann, idHash: '5' }, { userID: ann, idHash: -5 }],
    '/msg/mark_conversation_as_read': [
      { userID: ann, conversationID: chatOf(ann, bob), hasReadSeq: '1' }, { userID: ann, conversationID: chatOf(ann, bob), hasReadSeq: 1, seqs: ['1'] },
      { userID: ann, conversationID: chatOf(ann, bob), hasReadSeq: 1, seqs: [-1] },
    ],
    '/msg/mark_msgs_as_read': [{ userID: ann, conversationID: chatOf(ann, bob), seqs: [-1] }],
    '/msg/revoke_msg': [{ userID: ann, conversationID: chatOf(ann, bob), seq: '1' }],
    '/msg/delete_msgs': [
      { userID: ann, conversationID: chatOf(ann, bob), seqs: ['1'] }, { userID: ann, conversationID: chatOf(ann, bob), seqs: [0] },
      { userID: ann, conversationID: chatOf(ann, bob), seqs: [-1] },
      { userID: ann, conversationID: chatOf(ann, bob), seqs: [1], deleteSyncOpt: { IsSyncSelf: 1 } },
    ],
    '/msg/get_server_time': [[], 'x', 5],
    '/object/part_size': [{ size: 0 }, { size: -1 }, {}, { size: 1 }, { size: 10 ** 12 }],
    '/object/access_url': [{}, { name: '' }, { name: 'nope' }, { name: `${ann}/nope` }],
    '/object/initiate_multipart_upload': [
      {}, { hash: 'x', size: 1, partSize: 1, maxParts: 1, name: 'x' },
      { hash: '0123456789abcdef0123456789abcdef', size: 0, partSize: 1, maxParts: 1, name: `${ann}/x`, contentType: '' },
      { hash: '0123456789abcdef0123456789abcdef', size: 5, partSize: 5, maxParts: 1, name: 'elsewhere', contentType: '' },
      { hash: '0123456789abcdef0123456789abcdef', size: 5, partSize: 5, maxParts: 9, name: `${ann}/x`, contentType: '' },
    ],
    '/object/complete_multipart_upload': [{}, { uploadID: 'x', parts: [], name: `${ann}/x`, contentType: '', cause: '' }],
    '/object/auth_sign': [{}, { uploadID: 'x', partNumbers: [1] }],
    '/third/logs/upload': [{ platform: 5, fileURLs: [] }, {}],
    '/third/set_app_badge': [{ userID: ann, appUnreadCount: -1 }, { userID: ann }],
    '/third/fcm_update_token': [{ platformID: 0, fcmToken: 'x', account: ann }, { platformID: 11, fcmToken: 'x', account: ann }],
    '/no/such/path': [{}],
    '/msg': [{}],
  };
  for (const [path, list] of Object.entries(bodies)) {
    for (const [n, body] of list.entries()) {
      await t.answer(`${path} #${n} ${JSON.stringify(body)}`, () => t.as(ann, path, body));
    }
  }
}

async function tokens(t, { ann }) {
  const token = t.tokens[ann];
  const parse = (name, body) => t.answer(`parse_token: ${name}`, () => t.rest('/auth/parse_token', body));
  await parse('good', { token });
  await parse('empty', { token: '' });
  await parse('none', {});
  await parse('garbage', { token: 'garbage' });
  await parse('cut short', { token: token.slice(0, -4) });
  await parse('number', { token: 5 });
  const give = (name, body) => t.answer(`get_user_token: ${name}`, async () => {
    const { status, body: answer } = await t.admin('/auth/get_user_token', body);
    return { status, code: answer.errCode, token: typeof answer.data?.token, lasts: answer.data?.expireTimeSeconds };
  });
  await give('platform 1', { userID: ann, platformID: 1 });
  await give('platform 0', { userID: ann, platformID: 0 });
  await give('platform 11', { userID: ann, platformID: 11 });
  await give('platform as text', { userID: ann, platformID: '1' });
  await give('nobody', { userID: '', platformID: 1 });
  await give('unknown', { userID: t.id('nobody'), platformID: 1 });
  await give('the administrator', { userID: 'imAdmin', platformID: 1 });
  await t.answer('get_user_token by a user', () => t.as(ann, '/auth/get_user_token', { userID: ann, platformID: 1 }));
  await t.answer('force_logout by a user', () => t.as(ann, '/auth/force_logout', { userID: ann, platformID: 1 }));
  await t.answer('force_logout of nobody', () => t.admin('/auth/force_logout', { userID: t.id('nobody'), platformID: 1 }));
  await t.answer('force_logout of platform 0', () => t.admin('/auth/force_logout', { userID: ann, platformID: 0 }));
  const call = (name, headers, method) => t.answer(`call: ${name}`, async () => {
    const { status, body } = await t.rest('/msg/get_server_time', {}, headers, method);
    return { status, code: body.errCode, data: typeof body.data };
  });
  await call('good', { token });
  await call('no operationID', { token, operationID: null });
  await call('empty operationID', { token, operationID: '' });
  await call('bearer', { token: `Bearer ${token}` });
  await call('authorization', { authorization: `Bearer ${token}` });
  await call('text', { token, 'content-type': 'text/plain' });
  await call('no content type', { token, 'content-type': null });
  await call('put', { token }, 'PUT');
}

async function sending(t, { ann, bob, group, A }) {
  const ask = (name, identifier, value, over) =>
    t.step(name, () => A.ask(identifier, value, { wait: 2_000, ...over }));
  const chat = chatOf(ann, bob);
  await ask('1001 of nobody', 1001, { userID: '' });
  await ask('1002 without a user', 1002, { userID: '', seqRanges: [range(chat)] });
  await ask('1002 with an odd order', 1002, { userID: ann, seqRanges: [range(chat)], order: 7 });
  await ask('1002 of a huge number', 1002, { userID: ann, seqRanges: [range(chat, 1, 9e15, 9e15)] });
  await ask('1005 without a user', 1005, { userID: '', conversations: [{ conversationID: chat, seqs: [1] }] });
  await ask('1005 with an odd order', 1005, { userID: ann, conversations: [{ conversationID: chat, seqs: [1, 99] }], order: 7 });
  await ask('1006 without a user', 1006, { userID: '', conversationIDs: [chat] });
  await ask('1006 twice the same', 1006, { userID: ann, conversationIDs: [chat, chat] });
  await ask('1007 without a user', 1007, { userID: '', conversationIDs: [chat] });
  await ask('2004 of another', 2004, { userID: bob, isBackground: true });
  await ask('2005 twice the same', 2005, { subscribeUserID: [bob, bob], unsubscribeUserID: [bob] });
  await ask('2005 of nothing', 2005, {});
  const send = (name, over) => ask(name, 1003, single(ann, bob, 'x', over));
  await send('a long clientMsgID', { clientMsgID: t.id('x'.repeat(300)) });
  await send('text that is a number', { content: bytes('5') });
  await send('text without its field', { content: bytes('{"other":1}') });
  await send('text that is empty', { content: bytes('{"content":""}') });
  await send('content of 0 byte', { content: Buffer.from([0]) });
  await send('content that is no UTF-8', { content: Buffer.from([0xff, 0xfe]) });
  await send('a negative time', { sendTime: -5, createTime: -5 });
  await send('platform 99', { senderPlatformID: 99 });
  await send('group and receiver', { groupID: group, sessionType: 3 });
  await send('status 4', { status: 4 });
  await send('names receivers in a single chat', { contentType: 106, atUserIDList: [bob], content: bytes({ text: '@', atUserList: [bob] }) });
  for (const contentType of [103, 104, 105, 107, 108, 109, 111, 112, 114, 115, 119, 1200, 1501, 2102, 2200, 5001]) {
    await send(`contentType ${contentType}`, { contentType });
  }
  await send('all options on', { options: { history: true, persistent: true, senderSync: true, unreadCount: true, offlinePush: true, isNotNotification: true } });
  await send('notification with a line', { options: { isNotNotification: false, isSendMsg: true } });
  await send('only online', { options: { history: false, persistent: false } });
  await t.answer('what is kept', () => A.ask(1002, { userID: ann, seqRanges: [range(chat, 1, 99, 60)] }));
}

export default {
  name: 'strange',
  async run(t) {
    const [ann, bob] = await t.users('ann', 'bob');
    const A = await t.connect('ann', ann);
    await t.connect('bob', bob);
    await t.online();
    const group = t.id('str');
    await t.step('group', () => t.as(ann, '/group/create_group',
      { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: group, groupName: 'S', groupType: 2 } }));
    await t.step('text', () => A.ask(1003, single(ann, bob, 'one')));
    const world = { ann, bob, group, A };
    for (const part of [kinds, tokens, sending]) await part(t, world);
  },
};
