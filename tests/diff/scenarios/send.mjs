// Sending: texts, pictures, media, cards, quotes, forwards, online-only messages.

const SI = 'si_a_b';

export default [
  {
    id: 'S11',
    name: 'S11 first text message between strangers',
    async run(world) {
      const [a, b] = await world.ready('a', 'b');
      const message = await a.call('createTextMessage', 'hi');
      await world.settle('created');
      await a.call('sendMessage', { recvID: 'b', groupID: '', message });
      await world.settle('sent');
      await b.call('getOneConversation', { sourceID: 'a', sessionType: 1 });
      await b.call('getAllConversationList');
      await a.call('getAllConversationList');
      await b.call('getTotalUnreadMsgCount');
      await a.history(SI);
      await b.history(SI);
      await world.settle('read back');
      const answer = await b.call('createTextMessage', 'hello');
      await b.call('sendMessage', { recvID: 'a', groupID: '', message: answer });
      await world.settle('answered');
      await a.call('getAllConversationList');
      await b.call('getAllConversationList');
      await world.settle('lists');
    },
  },
];
