// What happens to messages later: revoked, deleted, cleared, read; typing.

const SI = 'si_a_b';
const SG = 'sg_g';
const G = { groupID: 'g' };

/** A device of the same user with storage of its own, once its first sync is over. */
async function another(world, name, token) {
  const device = await world.device(name);
  await device.login(token);
  await device.heard('OnSyncServerFinish');
  return device;
}

export default [
  {
    id: 'S21',
    name: 'S21 revoke',
    async run(world) {
      await world.befriend('a', 'b');
      await world.group('g', ['a', 'c'], ['b']);
      const [a, b, c] = await world.ready('a', 'b', 'c');
      const m1 = await b.text('a', 'm1');
      const m2 = await a.text('b', 'm2');
      await world.settle('sent', { onlyLast: true });
      await a.call('revokeMessage', { conversationID: SI, clientMsgID: m2.clientMsgID });
      await b.heard('OnNewRecvMessageRevoked');
      await world.settle('own');
      await a.history(SI);
      await b.history(SI);
      await world.settle('history');
      await a.call('revokeMessage', { conversationID: SI, clientMsgID: m1.clientMsgID });
      await a.call('revokeMessage', { conversationID: SI, clientMsgID: m2.clientMsgID });
      await world.settle('refused');
      const [ofA, ofC] = [await a.text(G, 'of a'), await c.text(G, 'of c')];
      await world.settle('in the group', { onlyLast: true });
      await c.call('revokeMessage', { conversationID: SG, clientMsgID: ofA.clientMsgID });
      await world.settle('member revokes the owner');
      await b.call('revokeMessage', { conversationID: SG, clientMsgID: ofC.clientMsgID });
      await c.heard('OnNewRecvMessageRevoked');
      await world.settle('admin revokes a member');
      await b.call('revokeMessage', { conversationID: SG, clientMsgID: ofA.clientMsgID });
      await world.settle('admin revokes the owner');
      const quick = await a.text('b', 'quick');
      await a.call('revokeMessage', { conversationID: SI, clientMsgID: quick.clientMsgID });
      await b.heard('OnNewRecvMessageRevoked');
      await world.settle('at once', { onlyLast: true });
      await b.call('logout');
      const away = await a.text('b', 'while b is away');
      await world.settle('b is away', { onlyLast: true });
      await a.call('revokeMessage', { conversationID: SI, clientMsgID: away.clientMsgID });
      await world.settle('revoked without b', { onlyLast: true });
      await b.pastGuard();
      await b.login();
      await b.heard('OnSyncServerFinish');
      await world.settle('b is back', { onlyLast: true });
      await b.history(SI);
      await a.history(SI);
      await c.history(SG);
      await world.settle('in the end');
    },
  },
  {
    id: 'S22',
    name: 'S22 delete messages',
    async run(world) {
      const [m1, m2] = await world.send('b', 'a', 'm{n}', 2);
      const [a, b] = await world.ready('a', 'b');
      const second = await another(world, 'a2', a.token);
      const [m3] = await world.send('b', 'a', 'm3');
      await a.heard('OnRecvNewMessages');
      await world.settle('here', { onlyLast: true });
      await a.call('deleteMessage', { conversationID: SI, clientMsgID: m2 });
      await world.settle('m2', { onlyLast: true });
      await a.history(SI);
      await b.history(SI);
      await a.call('deleteMessage', { conversationID: SI, clientMsgID: m3 });
      await world.settle('m3', { onlyLast: true });
      await a.call('deleteMessageFromLocalStorage', { conversationID: SI, clientMsgID: m1 });
      await a.history(SI);
      await a.call('getAllConversationList');
      await world.settle('m1 here only', { onlyLast: true });
      await second.history(SI);
      const fresh = await another(world, 'a3', a.token);
      await fresh.history(SI);
      await fresh.call('getAllConversationList');
      await world.settle('in an empty browser', { onlyLast: true });
      await world.api('/friend/add_black', { ownerUserID: 'b', blackUserID: 'a', ex: '' });
      const message = await a.call('createTextMessage', 'refused');
      await a.send('b', message);
      await world.settle('failed');
      await a.call('deleteMessage', { conversationID: SI, clientMsgID: message.clientMsgID });
      await a.history(SI);
      await world.settle('a failed one');
    },
  },
  {
    id: 'S23',
    name: 'S23 clear and delete conversations',
    async run(world) {
      await world.group('g', ['c', 'a']);
      await world.send('b', 'a', 'm{n}', 4);
      await world.send('c', G, 'g1');
      const [a, b, c] = await world.ready('a', 'b', 'c');
      await a.call('clearConversationAndDeleteAllMsg', SI);
      await a.history(SI);
      await a.call('getAllConversationList');
      await world.settle('cleared');
      await b.text('a', 'after');
      await world.settle('after');
      await a.history(SI);
      await a.reload();
      await a.pastGuard();
      await a.login();
      await a.heard('OnSyncServerFinish');
      await a.history(SI);
      const fresh = await another(world, 'a2', a.token);
      await fresh.history(SI);
      await world.settle('later', { onlyLast: true });
      await a.call('deleteConversationAndDeleteAllMsg', SG);
      await a.call('getAllConversationList');
      await a.call('isJoinGroup', 'g');
      await world.settle('deleted');
      await c.text(G, 'again');
      await a.heard('OnRecvNewMessages');
      await world.settle('back');
      await a.call('deleteAllMsgFromLocalAndSvr');
      await a.history(SI);
      await a.history(SG);
      await a.call('getTotalUnreadMsgCount');
      await world.settle('everything', { onlyLast: true });
    },
  },
  {
    id: 'S24',
    name: 'S24 read receipts',
    async run(world) {
      await world.befriend('a', 'b');
      await world.group('g', ['a', 'b', 'c']);
      const [a, b] = await world.ready('a', 'b');
      const second = await another(world, 'a2', a.token);
      await a.text('b', 'm1');
      await a.text('b', 'm2');
      const g1 = await a.text(G, 'g1');
      await world.settle('unread', { onlyLast: true });
      await b.call('markConversationMessageAsRead', SI);
      await a.heard('OnRecvC2CReadReceipt');
      await second.heard('OnRecvC2CReadReceipt');
      await world.settle('read');
      await a.history(SI);
      await b.call('markConversationMessageAsRead', SI);
      await world.settle('again');
      await a.pastGuard();
      await a.call('logout');
      await second.call('logout');
      await world.send('a', 'b', 'm3');
      await b.heard('OnRecvNewMessages');
      await world.settle('a is away', { onlyLast: true });
      await b.call('markConversationMessageAsRead', SI);
      await world.settle('read without a');
      await a.login();
      await a.heard('OnSyncServerFinish');
      await world.settle('a is back', { onlyLast: true });
      await a.history(SI);
      await b.call('markConversationMessageAsRead', SG);
      // The answer of the call and the notification for other devices come in any order.
      await world.settle('group', { onlyLast: true });
      await a.call('sendGroupMessageReadReceipt', { conversationID: SG, clientMsgIDList: [g1.clientMsgID] });
      await a.call('getGroupMessageReaderList', { conversationID: SG, clientMsgID: g1.clientMsgID, filter: 0, offset: 0, count: 10 });
      await world.settle('not in this server');
    },
  },
  {
    id: 'S25',
    name: 'S25 typing',
    async run(world) {
      await world.group('g', ['a', 'b']);
      await world.send('a', 'b', 'hi');
      const [a, b] = await world.ready('a', 'b');
      const typing = (platforms) => ({ platformIDs }) => platformIDs.length === platforms;
      const told = 'OnConversationUserInputStatusChanged';
      await a.call('changeInputStates', { conversationID: SI, focus: true });
      await b.heard(told, typing(1));
      await b.call('getInputstates', { conversationID: SI, userID: 'a' });
      await a.call('changeInputStates', { conversationID: SI, focus: true });
      await world.settle('types');
      await a.call('changeInputStates', { conversationID: SI, focus: false });
      await b.heard(told, typing(0));
      await b.call('getInputstates', { conversationID: SI, userID: 'a' });
      await world.settle('stops');
      await a.call('changeInputStates', { conversationID: SG, focus: true });
      await b.heard(told, typing(1));
      await b.heard(told, typing(0), 40);
      await world.settle('in the group, then silent');
      await a.call('typingStatusUpdate', { recvID: 'b', msgTip: 'yes' });
      await b.heard(told, typing(1));
      await a.call('typingStatusUpdate', { recvID: 'b', msgTip: 'no' });
      await b.heard(told, typing(0));
      await a.call('changeInputStates', { conversationID: 'si_a_x', focus: true });
      await b.call('getAllConversationList');
      await world.settle('the old way');
    },
  },
];
