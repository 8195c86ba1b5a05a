// Messages that were missed, lost, or came in another order.

const SI = 'si_a_b';

export default [
  {
    id: 'S07',
    name: 'S07 offline catch-up larger than any pull',
    async run(world) {
      await world.send('b', 'a', 'm{n}', 10);
      const [a] = await world.ready('a');
      await a.call('markConversationMessageAsRead', SI);
      await a.call('logout');
      await world.settle('away');
      await world.control('bulk', { userID: 'a', conversations: 150, messages: 1 });
      await world.send('b', 'a', 'n{n}', 500);
      await a.pastGuard();
      await a.login();
      await a.heard('OnSyncServerFinish', () => true, 60);
      await world.settle('back', { onlyLast: true });
      await a.call('getTotalUnreadMsgCount');
      await a.call('getAllConversationList');
      await world.settle('lists');
      const first = await a.history(SI);
      const second = await a.history(SI, first.messageList[0].clientMsgID);
      const third = await a.history(SI, second.messageList[0].clientMsgID);
      await world.settle('three pages');
      await world.cut('a');
      await a.heard('OnConnectFailed');
      await a.history(SI, third.messageList[0].clientMsgID);
      await a.pastGuard();
      await world.mend();
      await a.heard('OnSyncServerFinish', () => true, 60);
      await world.settle('a page without network', { onlyLast: true });
      await a.allHistory(SI);
      await world.settle('all pages', { onlyLast: true });
      await a.reload();
      await world.cut('a');
      await a.login();
      await a.allHistory(SI);
      await world.settle('all pages offline', { onlyLast: true });
    },
  },
  {
    id: 'S08',
    name: 'S08 push with gap',
    async run(world) {
      await world.send('b', 'a', 'm{n}', 10);
      const [a] = await world.ready('a');
      await a.call('markConversationMessageAsRead', SI);
      await world.settle('complete');
      await world.control('pushes', { userID: 'a', drop: 7 });
      await world.send('b', 'a', 'n{n}', 7);
      await world.send('b', 'a', 'n8');
      await a.heard('OnRecvNewMessages', (list) => list.some(({ textElem }) => textElem.content === 'n8'));
      await world.settle('seven lost', { onlyLast: true });
      await world.control('pushes', { userID: 'a', drop: 29 });
      await world.send('b', 'a', 'o{n}', 29);
      await world.send('b', 'a', 'o30');
      await a.heard('OnRecvNewMessages', (list) => list.some(({ textElem }) => textElem.content === 'o30'));
      await world.settle('29 lost', { onlyLast: true });
      await a.call('getTotalUnreadMsgCount');
      await a.allHistory(SI);
      await world.settle('history');
    },
  },
  {
    id: 'S10',
    name: 'S10 out-of-order push',
    async run(world) {
      await world.send('b', 'a', 'm{n}', 30);
      await world.send('c', 'a', 'first');
      const [a] = await world.ready('a');
      await world.control('pushes', { userID: 'a', reorder: 1 });
      await world.send('b', 'a', 'm31');
      await world.send('b', 'a', 'm32');
      await a.heard('OnRecvNewMessages', (list) => list.some(({ textElem }) => textElem.content === 'm32'));
      await world.settle('swapped', { onlyLast: true });
      for (const n of [1, 2, 3]) {
        await world.send('b', 'a', `from b ${n}`);
        await world.send('c', 'a', `from c ${n}`);
      }
      await a.heard('OnRecvNewMessages', (list) => list.some(({ textElem }) => textElem.content === 'from c 3'));
      await world.settle('interleaved', { onlyLast: true });
      await world.control('pushes', { userID: 'a', drop: 1 });
      await world.send('b', 'a', 'lost');
      await world.send('b', 'a', 'after it');
      await a.heard('OnRecvNewMessages', (list) => list.some(({ textElem }) => textElem.content === 'after it'));
      await world.settle('lost', { onlyLast: true });
      await a.history(SI, '', 10);
      await a.call('getAllConversationList');
      await world.settle('history');
    },
  },
];
