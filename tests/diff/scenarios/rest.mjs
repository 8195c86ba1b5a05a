// Background, business notifications, local inserts, uploads.
import { file } from '../sdks.mjs';

const SI = 'si_a_b';
const SG = 'sg_g';
const G = { groupID: 'g' };

export default [
  {
    id: 'S39',
    name: 'S39 background and custom business notification',
    async run(world) {
      await world.group('g', ['b', 'a']);
      await world.send('b', 'a', 'hi');
      const [a, b] = await world.ready('a', 'b');
      await a.call('setConversationRecvMessageOpt', { conversationID: SG, opt: 2 });
      await world.settle('muted');
      await a.call('setAppBackgroundStatus', true);
      await world.settle('background');
      await b.text('a', 'seen later');
      await a.heard('OnRecvOfflineNewMessages');
      await world.settle('message in the background');
      await b.text(G, 'muted');
      await a.heard('OnConversationChanged', (list) => list.some(({ conversationID }) => conversationID === SG));
      await world.settle('muted message in the background');
      await a.pastGuard();
      await a.call('setAppBackgroundStatus', false);
      await world.settle('foreground');
      await b.text('a', 'seen now');
      await a.heard('OnRecvNewMessages');
      await world.settle('message in the foreground');
      await world.server.business('a', 'order', '{"id":7}');
      await a.heard('OnRecvCustomBusinessMessage', ({ key }) => key === 'order');
      await a.call('getAllConversationList');
      await world.settle('business');
      await a.call('logout');
      await world.settle('away');
      await world.server.business('a', 'lost', 'x');
      // Not on its way any more when a comes back.
      await b.barrier();
      await world.server.business('a', 'kept', 'x', { sendUserID: 'b', reliabilityLevel: 2 });
      await a.pastGuard();
      await a.login();
      await a.heard('OnRecvCustomBusinessMessage', ({ key }) => key === 'kept');
      await a.heard('OnSyncServerFinish');
      await world.settle('back', { onlyLast: true });
      await a.pastGuard();
      await world.control('disconnect', { userID: 'a' });
      await a.heard('OnSyncServerFinish');
      await world.settle('and again', { onlyLast: true });
    },
  },
  {
    id: 'S40',
    name: 'S40 local inserts and file upload',
    async run(world) {
      await world.group('g', ['a', 'b']);
      await world.befriend('a', 'b');
      await world.send('b', 'a', 'before');
      const [a, b] = await world.ready('a', 'b');
      const t = await a.call('createTextMessage', 'inserted');
      const inserted = await a.call('insertSingleMessageToLocalStorage', { message: t, recvID: 'a', sendID: 'b' });
      await a.history(SI);
      await world.settle('single');
      await a.call('insertGroupMessageToLocalStorage', { message: t, groupID: 'g', sendID: 'b' });
      await a.history(SG, '', 3);
      await world.settle('group');
      await a.call('insertSingleMessageToLocalStorage', { message: t, recvID: '', sendID: 'b' });
      await a.call('insertGroupMessageToLocalStorage', { message: t, groupID: 'g', sendID: '' });
      await world.settle('nobody');
      await a.call('setMessageLocalEx', { conversationID: SI, clientMsgID: inserted?.clientMsgID, localEx: 'seen' });
      await a.history(SI);
      await world.settle('local ex');
      const fresh = await world.device('a2');
      await fresh.login(a.token);
      await fresh.heard('OnSyncServerFinish');
      await fresh.call('getAllConversationList');
      await world.settle('in an empty browser', { onlyLast: true });
      const doc = (name, size, seed) => ({ name, contentType: 'text/plain', uuid: 'u1', file: file(name, 'text/plain', size, seed) });
      const first = await a.call('uploadFile', doc('doc.txt', 5000, 1));
      await world.settle('uploaded');
      if (first?.url) {
        const bytes = new Uint8Array(await (await fetch(first.url)).arrayBuffer());
        world.record.results.push({ device: 'server', method: 'GET', size: bytes.length, first: [...bytes.slice(0, 8)] });
      }
      await a.call('uploadFile', doc('same.txt', 5000, 1));
      await world.settle('known content');
      await a.call('uploadFile', doc('large.txt', 24 << 20, 4));
      await world.settle('several parts');
      await a.call('uploadFile', doc('empty.txt', 0, 1));
      await a.call('uploadFile', { name: 'none', contentType: 'text/plain', uuid: 'u2' });
      await world.settle('nothing to upload');
      await b.call('getAllConversationList');
      await world.settle('b');
    },
  },
];
