// Tokens and connections: several platforms and tabs of one user, who is put out, what may be asked about whom, who
// hears of whose presence.
import { sleep } from '../connection.mjs';
import { chatOf, single } from './requests.mjs';

/** Two tokens of a user that are issued within one second are the same. */
const SECOND_MS = 1_300;
/** The server tells of who came and went once a second. */
const TOLD_MS = 1_800;

async function tokens(t, { ann }) {
  const codes = async ({ status, body }) => ({ status, code: body.errCode, token: typeof body.data?.token });
  const user = (name, body) => t.answer(`user token: ${name}`, async () => codes(await t.admin('/auth/get_user_token', body)));
  await user('nothing', {});
  await user('null', { userID: null, platformID: null });
  await user('no platform', { userID: ann });
  await user('platform -1', { userID: ann, platformID: -1 });
  await user('platform 1.5', { userID: ann, platformID: 1.5 });
  await user('a list', { userID: [ann], platformID: 5 });
  const boss = (name, body) => t.answer(`administrator's token: ${name}`, async () => codes(await t.rest('/auth/get_admin_token', body)));
  await boss('nothing', {});
  await boss('no user', { secret: t.server.secret });
  await boss('no secret', { userID: 'imAdmin' });
  await boss('an unknown user', { secret: t.server.secret, userID: t.id('nobody') });
  await boss('wrong secret and user', { secret: 'x', userID: '' });
  await t.answer("administrator's token: several at once", async () => {
    const tokens = [];
    for (let n = 0; n < 2; n += 1) {
      tokens.push((await t.rest('/auth/get_admin_token', { secret: t.server.secret, userID: 'imAdmin' })).body.data.token);
      await sleep(SECOND_MS);
    }
    const codes = [];
    for (const token of tokens) codes.push((await t.rest('/msg/get_server_time', {}, { token })).body.errCode);
    return codes;
  });
  await t.answer("administrator's token parsed", async () => {
    const { body } = await t.rest('/auth/get_admin_token', { secret: t.server.secret, userID: 'imAdmin' });
    return t.rest('/auth/parse_token', { token: body.data.token });
  });
  for (const platform of [1, 2, 3, 4, 6, 7, 8, 9, 11, 0]) {
    await t.answer(`parsed token of platform ${platform}`, async () =>
      t.rest('/auth/parse_token', { token: await t.token(ann, platform) }));
  }
  const out = (name, body) => t.answer(`force_logout: ${name}`, () => t.admin('/auth/force_logout', body));
  await out('nothing', {});
  await out('platform 10', { userID: ann, platformID: 10 });
  await out('platform 11', { userID: ann, platformID: 11 });
  await out('platform 12', { userID: ann, platformID: 12 });
  await out('a platform without a connection', { userID: ann, platformID: 3 });
}

async function platforms(t, { bob }) {
  const web = await t.connect('web', bob);
  const at = {};
  for (const [name, platform] of Object.entries({ ios: 1, android: 2, windows: 3, mac: 4, mini: 6, linux: 7, pad: 8, ipad: 9 })) {
    at[name] = await t.phone(name, bob, platform);
  }
  await sleep(TOLD_MS);
  await t.answer('nine platforms: status', () => t.as(bob, '/user/get_users_status', { userID: bob, userIDs: [bob] }));
  await t.answer('nine platforms: online', async () => {
    const { body } = await t.admin('/user/get_users_online_status', { userIDs: [bob] });
    return body.data.map(({ detailPlatformStatus: rows, ...rest }) => ({ ...rest, rows: rows.map(({ platformID, isBackground, ...more }) =>
      ({ platformID, isBackground, keys: Object.keys(more).sort().join() })).sort((a, b) => a.platformID - b.platformID) }));
  });
  await t.answer('nine platforms: token detail', async () => {
    const { body } = await t.admin('/user/get_users_online_token_detail', { userIDs: [bob, t.id('nobody')] });
    return body.data.map(({ singlePlatformToken: rows, ...rest }) => ({ ...rest, rows: rows.map(({ platformID, total, token }) =>
      ({ platformID, total, tokens: token.length })).sort((a, b) => a.platformID - b.platformID) }));
  });
  await t.answer('token detail by a user', () => t.as(bob, '/user/get_users_online_token_detail', { userIDs: [bob] }));
  await t.answer('token detail of nobody', () => t.admin('/user/get_users_online_token_detail', { userIDs: [t.id('nobody')] }));
  await t.answer('token detail of none', () => t.admin('/user/get_users_online_token_detail', {}));
  await t.answer('online of none', () => t.admin('/user/get_users_online_status', {}));
  await t.step('a new token of a phone connects', async () => {
    await t.phone('android2', bob);
    await sleep(SECOND_MS);
    return { closed: at.android.closed ?? null };
  });
  await t.step('a mac is put out', async () => {
    const { body } = await t.admin('/auth/force_logout', { userID: bob, platformID: 4 });
    await sleep(SECOND_MS);
    return { body, closed: at.mac.closed ?? null };
  });
  await t.step('a mac is put out again', () => t.admin('/auth/force_logout', { userID: bob, platformID: 4 }));
  await t.step('a text to all of them', () => web.ask(1003, single(bob, bob, 'to myself')));
  await t.step('the web logs out', async () => {
    const answer = await web.ask(2003, { userID: bob, platformID: 5 });
    await sleep(SECOND_MS);
    return { answer, closed: web.closed ?? null };
  });
  await t.answer('REST after the web logged out', () => t.as(bob, '/user/get_users_info', { userIDs: [bob] }));
  await t.answer('status after that', () => t.admin('/user/get_users_status', { userID: bob, userIDs: [bob] }));
  for (const connection of [...t.connections]) t.leave(connection);
}

async function tabs(t, { cid }) {
  const tab = [];
  for (const name of ['tab1', 'tab2', 'tab3']) tab.push(await t.connect(name, cid));
  await t.online();
  await t.answer('three tabs: status', () => t.as(cid, '/user/get_users_status', { userID: cid, userIDs: [cid] }));
  await t.answer('three tabs: token detail', async () => {
    const { body } = await t.admin('/user/get_users_online_token_detail', { userIDs: [cid] });
    return body.data.map(({ singlePlatformToken: rows, ...rest }) => ({ ...rest, rows: rows.map(({ platformID, total, token }) =>
      ({ platformID, total, different: new Set(token).size })) }));
  });
  await t.step('text to myself from a tab', () => tab[1].ask(1003, single(cid, cid, 'x', { options: { senderSync: true } })));
  await t.step('one tab logs out', async () => {
    const answer = await tab[0].ask(2003, { userID: cid, platformID: 5 });
    await sleep(SECOND_MS);
    return { answer, closed: tab.map(({ closed }) => closed ?? null) };
  });
  await t.step('logout in the name of another platform', async () => {
    const answer = await tab[1].ask(2003, { userID: cid, platformID: 2 }, { wait: 1_500 });
    await sleep(SECOND_MS);
    return { answer, closed: tab.map(({ closed }) => closed ?? null) };
  });
  await t.answer('REST with their token', () => t.as(cid, '/user/get_users_info', { userIDs: [cid] }));
  await t.step('a new token comes by a connection', async () => {
    t.connections = t.connections.filter(({ closed }) => !closed);
    await sleep(SECOND_MS);
    t.tokens[cid] = await t.token(cid);
    await t.connect('tab4', cid);
    await sleep(SECOND_MS);
    return { closed: tab.map(({ closed }) => closed ?? null) };
  });
  await t.step('put out by the application', async () => {
    const { body } = await t.admin('/auth/force_logout', { userID: cid, platformID: 5 });
    await sleep(SECOND_MS);
    return { body, closed: t.connections.at(-1).closed ?? null };
  });
  for (const connection of [...t.connections]) t.leave(connection);
  t.tokens[cid] = await t.token(cid);
}

async function subscribing(t, { ann, bob, cid }) {
  t.tokens[ann] = await t.token(ann);
  const A = await t.connect('ann', ann);
  await t.online();
  const later = (act) => async () => {
    const given = await act();
    await sleep(TOLD_MS);
    return given ?? {};
  };
  const ask = (subscribeUserID, unsubscribeUserID) => A.ask(2005, { subscribeUserID, unsubscribeUserID });
  await t.step('subscribe to oneself', () => ask([ann]));
  await t.step('subscribe and unsubscribe the same', () => ask([bob], [bob]));
  let B;
  await t.step('bob comes', later(async () => { B = await t.connect('bob', bob, { token: await t.token(bob) }); }));
  await t.step('unsubscribe who is not subscribed', () => ask([], [cid]));
  await t.step('bob goes', later(() => t.leave(B)));
  await t.step('subscribe to three', () => ask([bob, cid, t.id('nobody')], []));
  await t.step('bob comes by phone', later(async () => { await t.phone('bobPhone', bob); }));
  await t.step('cid comes by phone', later(async () => { await t.phone('cidPhone', cid); }));
  await t.step('bob has a pad, too', later(async () => { await t.phone('bobPad', bob, 8); }));
  await t.step('bob hides and shows himself', later(async () => {
    const phone = t.connections.find(({ label }) => label === 'bobPhone');
    await phone.ask(2004, { userID: bob, isBackground: true });
    return phone.ask(2004, { userID: bob, isBackground: false });
  }));
  await t.step("ann's second tab subscribes to nothing", later(async () => { await t.connect('annTab', ann); }));
  await t.step('the phone of bob is put out', later(() => t.admin('/auth/force_logout', { userID: bob, platformID: 2 })));
  await t.step('a subscription of the second tab', () =>
    t.connections.find(({ label }) => label === 'annTab').ask(2005, { subscribeUserID: [bob], unsubscribeUserID: [] }));
  await t.step('the pad goes', later(() => t.leave(t.connections.find(({ label }) => label === 'bobPad'))));
  await t.step('1007 of several', () => A.ask(1007, { userID: ann, conversationIDs: [chatOf(ann, bob), 'nope', chatOf(ann, bob)] }));
  await t.step('1007 of none', () => A.ask(1007, { userID: ann, conversationIDs: [] }));
  await t.step('2004 of nothing', () => A.ask(2004, {}));
  await t.step('2004 without data', () => A.ask(2004, null));
  await t.step('2005 without data', () => A.ask(2005, null));
}

async function connecting(t, { ann, bob }) {
  const token = t.tokens[ann];
  const cases = {
    'a first answer in one letter': { isMsgResp: 't' }, 'background in capitals': { isBackground: 'TRUE' },
    'background 2': { isBackground: '2' }, 'empty background': { isBackground: '' }, 'empty first answer': { isMsgResp: '' },
    'platform -1': { platformID: -1 }, 'platform 5.0': { platformID: '5.0' }, 'platform with a sign': { platformID: '+5' },
    'platform of 20 digits': { platformID: '5'.repeat(20) }, 'platform with blanks': { platformID: ' 5' },
    'empty sdkType': { sdkType: '' }, 'sdkType in capitals': { sdkType: 'JS' },
    'compression in capitals': { compression: 'GZIP' }, 'empty compression': { compression: '' },
    'nobody with her token': { sendID: t.id('nobody') }, 'token with a blank': { token: `${token} ` },
    'token cut short': { token: token.slice(0, -4) }, 'token of another': { token: t.tokens[bob] },
    'blank sendID': { sendID: ' ' }, 'nothing but sendID': { token: null, platformID: null, operationID: null },
    'a field more': { zzz: '1' },
  };
  for (const [name, query] of Object.entries(cases)) {
    await t.answer(`connect: ${name}`, async () => {
      const connection = await t.connect('x', ann, query);
      const { frames, closed } = await t.first(connection);
      t.leave(connection);
      return { answer: connection.answer, frames, closed };
    });
  }
  await t.answer('connect: as the administrator', async () => {
    const { body } = await t.rest('/auth/get_admin_token', { secret: t.server.secret, userID: 'imAdmin' });
    const connection = await t.connect('x', 'imAdmin', { token: body.data.token, platformID: 10 });
    const { frames, closed } = await t.first(connection);
    t.leave(connection);
    return { answer: connection.answer, frames, closed };
  });
}

export default {
  name: 'logins',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    const world = { ann, bob, cid };
    for (const part of [tokens, platforms, tabs, subscribing, connecting]) await part(t, world);
  },
};
