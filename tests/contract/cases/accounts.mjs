// Users in the hands of themselves, of others and of the application: registered, asked for, changed with some fields
// and nulls, accounts for notices, what applications keep with a user.
import { PAGE, single } from './requests.mjs';

/** An answer in which all of the server's users may be: only how it looks. */
const shapeOf = ({ status, body: { errCode, data } }, key) =>
  ({ status, errCode, total: typeof data?.total, some: data?.[key]?.length ?? null });

async function registering(t, { ann }) {
  const register = (name, users, by = 'app') => t.answer(`register ${name}`, () =>
    by === 'app' ? t.admin('/user/user_register', { users }) : t.as(by, '/user/user_register', { users }));
  const info = (name, ...userIDs) => t.answer(`info of ${name}`, () => t.as(ann, '/user/get_users_info', { userIDs }));
  await register('null', null);
  await register('a null', [null]);
  await register('a text', 'x');
  await register('nothing, by a user', [], ann);
  await register('without ID', [{ nickname: 'x' }]);
  await register('empty ID', [{ userID: '', nickname: 'x' }]);
  for (const odd of ['x.y', 'x-y', 'x@y', 'x/y', 'xü', 'x+y', ' x', 'x,y']) {
    await register(`ID ${odd}`, [{ userID: t.id(odd), nickname: 'x' }]);
  }
  await register('blank name', [{ userID: t.id('blank'), nickname: ' ' }]);
  await register('every field', [{
    userID: t.id('every'), nickname: 'E', faceURL: 'http://e', ex: 'X', createTime: 5, appMangerLevel: 1, globalRecvMsgOpt: 2,
  }]);
  await register('nulls', [{ userID: t.id('nulls'), nickname: 'N', faceURL: null, ex: null }]);
  await register('numbers as texts', [{ userID: t.id('texts'), nickname: 'N', appMangerLevel: '1' }]);
  await register('of level 3', [{ userID: t.id('level3'), nickname: 'L3', appMangerLevel: 3 }]);
  await register('of level 2', [{ userID: t.id('level2'), nickname: 'L2', appMangerLevel: 2 }]);
  await register('one new and one known', [{ userID: t.id('new'), nickname: 'n' }, { userID: ann, nickname: 'n' }]);
  await register('a long name', [{ userID: t.id('long'), nickname: 'n'.repeat(500) }]);
  await register('with unknown fields', [{ userID: t.id('more'), nickname: 'n', zzz: 1 }]);
  await info('registered', t.id('every'), t.id('nulls'), t.id('new'), t.id('blank'), t.id('level3'), t.id('more'));
  for (const name of ['every', 'level3', 'level2']) {
    await t.answer(`token of ${name}`, async () => {
      const { body } = await t.admin('/auth/get_user_token', { userID: t.id(name), platformID: 5 });
      return { code: body.errCode, token: typeof body.data?.token };
    });
  }
}

async function changing(t, { ann, bob, cid }) {
  const set = (by, path, userInfo) => {
    const body = { userInfo };
    return by === 'app' ? t.admin(`/user/${path}`, body) : t.as(by, `/user/${path}`, body);
  };
  const info = (name) => t.answer(`profile ${name}`, () => t.as(bob, '/user/get_users_info', { userIDs: [ann, cid] }));
  const both = async (name, patch, by = ann, userID = ann) => {
    await t.step(`old: ${name}`, () => set(by, 'update_user_info', { userID, ...patch }));
    await info(`after old: ${name}`);
    await t.step(`new: ${name}`, () => set(by, 'update_user_info_ex', { userID, ...patch }));
    await info(`after new: ${name}`);
  };
  await both('null name', { nickname: null });
  await both('null face', { faceURL: null, ex: null });
  await both('blank name', { nickname: '  ' });
  await both('empty name and ex', { nickname: '', ex: 'X' });
  await both('empty face', { faceURL: '' });
  await both('option 1', { globalRecvMsgOpt: 1 });
  await both('option 0', { globalRecvMsgOpt: 0 });
  await both('option 9', { globalRecvMsgOpt: 9 });
  await both('level and time', { appMangerLevel: 2, createTime: 5 });
  await both('by another', { nickname: 'no' }, bob);
  await both('ex by the application', { ex: 'app' }, 'app');
  await t.step('no userInfo, old', () => t.as(ann, '/user/update_user_info', {}));
  await t.step('null userInfo', () => t.as(ann, '/user/update_user_info_ex', { userInfo: null }));
  await t.step('option of nobody', () => t.as(ann, '/user/set_global_msg_recv_opt', { userID: t.id('nobody'), globalRecvMsgOpt: 1 }));
  await t.step('option without user', () => t.as(ann, '/user/set_global_msg_recv_opt', { globalRecvMsgOpt: 1 }));
  await t.step('option null', () => t.as(ann, '/user/set_global_msg_recv_opt', { userID: ann, globalRecvMsgOpt: null }));
}

async function asking(t, { ann, bob }) {
  const ask = (path, body, by = ann) => (by === 'app' ? t.admin(path, body) : t.as(by, path, body));
  const check = (name, body, by = 'app') => t.answer(`account_check ${name}`, () => ask('/user/account_check', body, by));
  await check('nothing', {});
  await check('null', { checkUserIDs: null });
  await check('an empty ID', { checkUserIDs: [''] });
  await check('twice, by a user', { checkUserIDs: [ann, ann] }, ann);
  await check('the application', { checkUserIDs: ['imAdmin', bob] });
  for (const [name, body] of Object.entries({
    'nothing': {}, 'null': { pagination: null }, 'page 0': { pagination: { pageNumber: 0, showNumber: 2 } },
    'page of 0': { pagination: { pageNumber: 1, showNumber: 0 } },
    'page of 2': { pagination: { pageNumber: 1, showNumber: 2 } },
    'far page': { pagination: { pageNumber: 100_000, showNumber: 100 } },
    'page of -1': { pagination: { pageNumber: 1, showNumber: -1 } },
  })) {
    await t.answer(`all IDs, ${name}`, async () => shapeOf(await ask('/user/get_all_users_uid', body), 'userIDs'));
    await t.answer(`users, ${name}`, async () => shapeOf(await ask('/user/get_users', body), 'users'));
  }
  for (const [name, body] of Object.entries({
    'one': { userID: ann }, 'part of an ID': { userID: ann.slice(0, -1) }, 'a name': { nickName: t.id('Uniq') },
    'small letters': { nickName: t.id('uniq') }, 'part of a name': { nickName: t.id('Uniq').slice(1) },
    'ID and name': { userID: ann, nickName: t.id('Uniq') }, 'ID and wrong name': { userID: bob, nickName: t.id('Uniq') },
    'of level 3': { userID: t.id('level3') },
  })) await t.answer(`users: ${name}`, () => ask('/user/get_users', { pagination: PAGE, ...body }));
  const status = (name, body, by) => t.answer(`status ${name}`, () => ask('/user/get_users_status', body, by));
  await status('twice', { userID: ann, userIDs: [ann, ann] });
  await status('without asker', { userIDs: [bob] });
  await status('for another', { userID: bob, userIDs: [ann] });
  await status('null', { userID: ann, userIDs: null });
  await status('an empty ID', { userID: ann, userIDs: [''] });
  await status('by the application', { userIDs: [bob, 'imAdmin'] }, 'app');
  for (const [name, body] of Object.entries({
    good: { userID: ann, userIDs: [bob], genre: 1 }, cancel: { userID: ann, userIDs: [bob], genre: 2 },
    'genre 0': { userID: ann, userIDs: [bob], genre: 0 }, 'genre 3': { userID: ann, userIDs: [bob], genre: 3 },
    'no list': { userID: ann, genre: 1 }, 'empty list': { userID: ann, userIDs: [], genre: 1 },
    'no user': { userIDs: [bob], genre: 1 }, another: { userID: bob, userIDs: [ann], genre: 1 },
  })) await t.answer(`subscribe_users_status ${name}`, () => ask('/user/subscribe_users_status', body));
  await t.answer('get_subscribe_users_status of another', () => ask('/user/get_subscribe_users_status', { userID: bob }));
  await t.answer('get_subscribe_users_status of nobody', () => ask('/user/get_subscribe_users_status', {}));
}

async function configuring(t, { ann, bob }) {
  const config = (by, path, body) => (by === 'app' ? t.admin(`/user/${path}`, body) : t.as(by, `/user/${path}`, body));
  const look = (name) => t.answer(`config ${name}`, () => config(ann, 'get_user_client_config', { userID: ann }));
  const set = (name, by, body) => t.step(`config set: ${name}`, () => config(by, 'set_user_client_config', body));
  await set('by a user', ann, { userID: ann, configs: { a: '1' } });
  await set('two', 'app', { userID: ann, configs: { a: '1', b: '2' } });
  await look('two');
  await set('one anew', 'app', { userID: ann, configs: { b: '3' } });
  await look('one anew');
  await set('an empty value', 'app', { userID: ann, configs: { a: '' } });
  await look('an empty value');
  await set('nothing', 'app', { userID: ann, configs: {} });
  await set('null', 'app', { userID: ann, configs: null });
  await set('a number', 'app', { userID: ann, configs: { a: 5 } });
  await set('of nobody', 'app', { userID: t.id('nobody'), configs: { a: '1' } });
  await t.answer('config of another', () => config(bob, 'get_user_client_config', { userID: ann }));
  await t.answer('config by the application', () => config('app', 'get_user_client_config', { userID: ann }));
  await t.answer('config of nobody', () => config('app', 'get_user_client_config', { userID: t.id('nobody') }));
  await t.answer('config page', async () => {
    const { body } = await config('app', 'page_user_client_config', { userID: ann, key: '', pagination: PAGE });
    return { total: body.data.total, configs: body.data.configs.sort((one, other) => one.key.localeCompare(other.key)) };
  });
  await t.answer('config page of a key', () => config('app', 'page_user_client_config', { userID: ann, key: 'b', pagination: PAGE }));
  await t.answer('config page by a user', () => config(ann, 'page_user_client_config', { userID: ann, pagination: PAGE }));
  await t.step('config removed by a user', () => config(ann, 'del_user_client_config', { userID: ann, keys: ['a'] }));
  await t.step('config removed', () => config('app', 'del_user_client_config', { userID: ann, keys: ['a', 'zz'] }));
  await look('removed');
  await t.step('config: no keys removed', () => config('app', 'del_user_client_config', { userID: ann, keys: [] }));
  await look('no keys removed');
}

async function announcing(t, { ann, bob }) {
  const call = (by, path, body) => (by === 'app' ? t.admin(`/user/${path}`, body) : t.as(by, `/user/${path}`, body));
  const add = (name, body, by = 'app') => t.answer(`notice account: ${name}`, () => call(by, 'add_notification_account', body));
  const id = t.id('notice');
  await add('by a user', { userID: id, nickName: 'No', appMangerLevel: 3 }, ann);
  await add('without a name', { userID: id, appMangerLevel: 3 });
  await add('level 0', { userID: id, nickName: 'N', appMangerLevel: 0 });
  await add('level 2', { userID: id, nickName: 'N', appMangerLevel: 2 });
  await add('level 3', { userID: id, nickName: t.id('Bell'), faceURL: 'http://n', appMangerLevel: 3 });
  await add('level 4', { userID: t.id('robot'), nickName: t.id('Bot'), appMangerLevel: 4 });
  await add('once more', { userID: id, nickName: 'N', appMangerLevel: 3 });
  await add('an odd ID', { userID: t.id('odd.id:'), nickName: 'N', appMangerLevel: 3 });
  await t.answer('notice account: an ID of the server', async () => {
    const { body } = await t.admin('/user/add_notification_account', { nickName: 'N', appMangerLevel: 3 });
    return { code: body.errCode, digits: /^[1-9]\d{9}$/.test(body.data?.userID), name: body.data?.nickName };
  });
  const update = (name, body, by = 'app') =>
    t.step(`notice account set: ${name}`, () => call(by, 'update_notification_account', body));
  await update('by a user', { userID: id, nickName: 'x' }, ann);
  await update('nothing', { userID: id });
  await update('face', { userID: id, faceURL: 'http://n2' });
  await update('nobody', { userID: t.id('nobody'), nickName: 'x' });
  await update('an ordinary user', { userID: bob, nickName: 'Bob' });
  await t.answer('notice account: info', () => t.as(ann, '/user/get_users_info', { userIDs: [id, bob, t.id('robot')] }));
  const search = (name, body, by = 'app') =>
    t.answer(`notice accounts: ${name}`, () => call(by, 'search_notification_account', { pagination: PAGE, ...body }));
  await search('by a user', { keyword: id }, ann);
  await search('by ID', { keyword: id });
  await search('by name', { keyword: t.id('Bell') });
  await search('part of a name', { keyword: t.id('Bel').slice(0, 3) + t.suffix });
  await search('an ordinary user', { keyword: bob });
  await search('of level 4 with a name of level 3', { keyword: id, appManagerLevel: 4 });
  await search('of level 4', { keyword: t.id('robot'), appManagerLevel: 4 });
  await search('page 0', { keyword: id, pagination: { pageNumber: 0, showNumber: 5 } });
  await search('page 2', { keyword: id, pagination: { pageNumber: 2, showNumber: 5 } });
  await t.answer('notice accounts: all', async () =>
    shapeOf(await t.admin('/user/search_notification_account', { pagination: { pageNumber: 1, showNumber: 2 } }), 'notificationAccounts'));
  await t.answer('notice account: token', async () => (await t.admin('/auth/get_user_token', { userID: id, platformID: 5 })).body.errCode);
  await t.step('notice account sends', () => t.admin('/msg/send_msg', {
    sendID: id, recvID: ann, sessionType: 4, contentType: 1400, senderPlatformID: 1,
    content: { notificationName: 'n', notificationFaceURL: 'f', notificationType: 1, text: 't', externalUrl: 'e', mixType: 0 },
  }));
  await t.step('text to the notice account', () =>
    t.connections.find(({ label }) => label === 'ann').ask(1003, single(ann, id, 'hi')));
  await t.step('application to the notice account', () =>
    t.as(ann, '/friend/add_friend', { fromUserID: ann, toUserID: id, reqMsg: '' }));
}

async function keeping(t, { ann, bob }) {
  const command = (by, deed, body) => {
    const all = { userID: ann, type: 1, ...body };
    return by === 'app' ? t.admin(`/user/process_user_command_${deed}`, all) : t.as(by, `/user/process_user_command_${deed}`, all);
  };
  const step = (name, by, deed, body) => t.step(`command ${deed}: ${name}`, () => command(by, deed, body));
  // In any order.
  const list = (name, deed, body) => t.answer(`commands ${name}`, async () => {
    const answer = await command(ann, deed, body);
    const key = ({ type, uuid, value }) => `${type} ${uuid} ${value}`;
    answer.body.data?.CommandResp?.sort((one, other) => key(one).localeCompare(key(other), 'en'));
    return answer;
  });
  const all = (name) => list(name, 'get_all', {});
  await all('none');
  await list('of type 1', 'get', {});
  await step('value', ann, 'add', { uuid: 'u1', value: 'v' });
  await step('value and ex', ann, 'add', { uuid: 'u2', value: 'v', ex: 'x' });
  await step('nothing', ann, 'add', { uuid: 'u3' });
  await step('twice', ann, 'add', { uuid: 'u1', value: 'w' });
  await step('another type', ann, 'add', { uuid: 'u1', type: 2, value: 't2' });
  await step('negative type', ann, 'add', { uuid: 'u9', type: -1, value: 'n' });
  await step('type 0', ann, 'add', { uuid: 'u4', type: 0 });
  await step('no uuid', ann, 'add', { value: 'v' });
  await step('for another', bob, 'add', { uuid: 'u5' });
  await step('by the application', 'app', 'add', { uuid: 'u6', value: 'a' });
  await all('added');
  await step('value', ann, 'update', { uuid: 'u1', value: 'v2' });
  await step('ex', ann, 'update', { uuid: 'u2', ex: 'x2' });
  await step('nulls', ann, 'update', { uuid: 'u2', value: null, ex: null });
  await step('nothing', ann, 'update', { uuid: 'u2' });
  await step('empty', ann, 'update', { uuid: 'u2', value: '', ex: '' });
  await step('what is not there', ann, 'update', { uuid: 'zz', value: 'v' });
  await step('for another', bob, 'update', { uuid: 'u1', value: 'v' });
  await all('updated');
  await list('of type 2', 'get', { type: 2 });
  await step('what is not there', ann, 'delete', { uuid: 'zz' });
  await step('for another', bob, 'delete', { uuid: 'u1' });
  await step('one', ann, 'delete', { uuid: 'u1' });
  await step('by the application', 'app', 'delete', { uuid: 'u2' });
  await all('deleted');
}

export default {
  name: 'accounts',
  async run(t) {
    const [ann, bob, cid] = await t.users('ann', 'bob', 'cid');
    await t.connect('ann', ann);
    await t.connect('bob', bob);
    await t.online();
    const world = { ann, bob, cid };
    await registering(t, world);
    await changing(t, world);
    await t.step('a name of her own', () =>
      t.as(ann, '/user/update_user_info_ex', { userInfo: { userID: ann, nickname: t.id('Uniq'), globalRecvMsgOpt: 0 } }));
    for (const part of [asking, configuring, announcing, keeping]) await part(t, world);
  },
};
