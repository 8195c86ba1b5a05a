// Login, logout, tokens, kicks, reconnects.
import { createServer } from 'node:net';

const SI = 'si_a_b';

/** A port where nobody listens. */
const deadPort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Lists of the conversation page. */
async function lists(device) {
  await device.call('getAllConversationList');
  await device.call('getFriendList');
  await device.call('getJoinedGroupList');
  await device.call('getTotalUnreadMsgCount');
}

/** The account of S01 and S02. */
async function furnish(world) {
  await world.befriend('a', 'b', 'c', 'd');
  for (const groupID of ['g', 'h']) await world.group(groupID, ['b', 'a', 'c']);
  await world.api('/friend/add_black', { ownerUserID: 'a', blackUserID: 'e', ex: '' });
  await world.control('bulk', { userID: 'a', conversations: 27, messages: 2 });
  await world.send('b', 'a', 'message {n}', 250);
  await world.send('c', { groupID: 'g' }, 'to g');
  await world.send('c', { groupID: 'h' }, 'to h');
}

export default [
  {
    id: 'S01',
    name: 'S01 first login and first sync',
    async run(world) {
      await furnish(world);
      const a = await world.device('a');
      await a.call('getLoginStatus');
      await world.settle('before');
      await a.login();
      await a.call('getLoginStatus');
      await a.heard('OnSyncServerFinish');
      await world.settle('login', { onlyLast: true });
      await lists(a);
      await a.call('getBlackList');
      await a.call('getSelfUserInfo');
      await a.call('getConversationListSplit', { offset: 3, count: 5 });
      await a.history(SI);
      await world.settle('lists');
    },
  },
  {
    id: 'S02',
    name: 'S02 warm login, logout, switch of user',
    async run(world) {
      await furnish(world);
      const [a] = await world.ready('a');
      await a.pastGuard();
      await a.reload();
      await a.login();
      await a.call('getAllConversationList');
      await a.heard('OnSyncServerFinish');
      await world.settle('warm', { onlyLast: true });
      await a.call('logout');
      await a.call('getLoginStatus');
      await a.call('getAllConversationList');
      await world.settle('logout');
      const token = a.token;
      a.user = 'b';
      await a.login(await world.token('b'));
      await a.heard('OnSyncServerFinish');
      await world.settle('as b', { onlyLast: true });
      await lists(a);
      await a.call('getSelfUserInfo');
      await world.settle('lists of b');
      await a.call('logout');
      await world.settle('logout of b');
      a.user = 'a';
      await a.login(token);
      await a.call('getAllConversationList');
      await a.heard('OnSyncServerFinish');
      await world.settle('as a again', { onlyLast: true });
    },
  },
  {
    id: 'S03',
    name: 'S03 login failures',
    async run(world) {
      await world.befriend('a', 'c');
      const wrong = await world.device('a1');
      await wrong.login(undefined, { apiAddr: 'localhost' });
      await wrong.call('getLoginStatus');
      await world.settle('no http in the address');

      const garbage = await world.device('a2');
      await garbage.login('garbage');
      await garbage.heard('OnUserTokenInvalid');
      await world.settle('garbage as token');
      await garbage.call('getLoginStatus');
      await world.settle('after garbage');

      const old = await world.device('b');
      const expired = await world.token('b');
      await world.control('expire', { userID: 'b' });
      await old.login(expired);
      await old.heard('OnUserTokenExpired');
      await world.settle('expired token');
      await old.call('getLoginStatus');
      await world.settle('after the expired token');

      const [c] = await world.ready('c');
      await c.login();
      await c.call('getLoginStatus');
      await c.text('a', 'still here');
      await world.settle('twice');

      const [d] = [await world.device('d')];
      await d.login(undefined, { wsAddr: `ws://127.0.0.1:${await deadPort()}` });
      await d.heard('OnConnectFailed');
      await d.call('getLoginStatus');
      await d.call('getAllConversationList');
      await world.settle('nobody there');
    },
  },
  {
    id: 'S04',
    name: 'S04 kicked by another login',
    async run(world) {
      await world.befriend('a', 'b');
      const [a, b] = await world.ready('a', 'b');
      const other = await world.device('a2');
      await other.login();
      await a.heard('OnKickedOffline');
      await other.heard('OnSyncServerFinish');
      await world.settle('kicked');
      await a.call('getLoginStatus');
      await a.call('getAllConversationList');
      await world.settle('after');
      await a.login(a.token);
      await a.heard('OnKickedOffline');
      await world.settle('old token');
      await a.call('getLoginStatus');
      await world.settle('still out');
      const twin = await world.device('a3');
      await twin.login(other.token);
      await twin.heard('OnSyncServerFinish');
      await b.text('a', 'to both');
      await world.settle('two with one token');
      await world.api('/auth/force_logout', { userID: 'a', platformID: 5 });
      await other.heard('OnKickedOffline');
      await twin.heard('OnKickedOffline');
      await world.settle('forced out');
      await other.call('getLoginStatus');
      await world.settle('out');
    },
  },
  {
    id: 'S05',
    name: 'S05 token expires during a session',
    async run(world) {
      await world.befriend('a', 'b');
      await world.send('b', 'a', 'before');
      const [a, b] = await world.ready('a', 'b');
      await a.pastGuard();
      await world.control('expire', { userID: 'a' });
      await b.text('a', 'the socket stays');
      await a.heard('OnRecvNewMessages');
      // A call that the SDK makes by itself may notice it before this one does.
      await a.call('getUsersInfo', ['c']);
      await a.heard('OnUserTokenExpired');
      await world.settle('noticed');
      await a.call('getLoginStatus');
      await world.settle('out');
      await a.login(await world.token('a'));
      await a.heard('OnSyncServerFinish');
      await a.call('getAllConversationList');
      await a.history(SI);
      await world.settle('fresh token');
    },
  },
  {
    id: 'S06',
    name: 'S06 connection drop and reconnect',
    async run(world) {
      await world.send('b', 'a', 'm{n}', 5);
      const [a] = await world.ready('a');
      await a.call('markConversationMessageAsRead', SI);
      await world.settle('read');
      await a.pastGuard();
      await world.cut('a');
      await a.heard('OnConnecting');
      for (const n of [6, 7, 8]) await world.send('b', 'a', `m${n}`);
      await world.mend();
      await a.heard('OnSyncServerFinish');
      await world.settle('mended', { onlyLast: true });
      await a.history(SI);
      await world.settle('history');
      await a.pastGuard();
      await a.call('networkStatusChanged');
      await a.heard('OnSyncServerFinish');
      await world.settle('network changed');
    },
  },
];
