// Groups seen from aside: of many members, one alone, by several devices, by the application's back office; what lists
// say after the end.
import { ANEW, group as groupText, PAGE } from './requests.mjs';
import { Held } from './held.mjs';

const MANY = 56;

async function crowds(t, { ann, bob, call }) {
  const names = Array.from({ length: MANY }, (_, n) => `m${String(n).padStart(2, '0')}`);
  const { body } = await t.admin('/user/user_register', { users: names.map((name) => ({ userID: t.id(name), nickname: `N${name}` })) });
  if (body.errCode) throw new Error('not registered');
  const many = names.map((name) => t.id(name));
  const group = t.id('crowd');
  const held = new Held(t);
  const members = (name) => t.answer(`crowd ${name}`, async () => {
    const { body: { data } } = await held.members(ann, group);
    const { version, full, insert, delete: gone, update, group: info } = data.respList[group];
    const pages = [];
    for (const pageNumber of [1, 2, 3]) {
      const { body } = await call(bob, 'get_group_member_list', { groupID: group, pagination: { pageNumber, showNumber: 20 }, filter: 0, keyword: '' });
      pages.push({ total: body.data?.total, some: body.data?.members?.length ?? null });
    }
    return { version, full, insert: insert?.length ?? null, update: update?.length ?? null, gone: gone?.length ?? null, count: info?.memberCount, pages };
  });
  await t.step('create', () => call(ann, 'create_group', { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: group, groupName: 'Crowd', groupType: 2 } }));
  await members('of two');
  await t.answer('invite many', () => call(ann, 'invite_user_to_group', { groupID: group, invitedUserIDs: many, reason: '' }));
  await t.settle({ ann: Array(4), bob: Array(4) });
  await t.answer('told', async () => t.connections.map(({ label, frames }) => [label, ...frames.splice(0).flatMap(({ data }) =>
    Object.entries({ ...data.msgs, ...data.notificationMsgs }).map(([channel, { Msgs }]) =>
      `${channel.replace(t.suffix, '~')} ${Msgs.map(({ contentType, content }) => `${contentType}:${content.$json.detail.$json.invitedUserList?.length}`)}`)).sort()]));
  await members('invited');
  await t.answer('kick half of them', () => call(ann, 'kick_group', { groupID: group, kickedUserIDs: many.slice(0, MANY / 2), reason: '' }));
  await t.settle({ ann: Array(2), bob: Array(2) });
  t.connections.forEach((connection) => connection.take());
  await members('halved');
  await t.answer('invite two who are in and many who are not', () =>
    call(bob, 'invite_user_to_group', { groupID: group, invitedUserIDs: [...many.slice(0, 10), many.at(-1), bob], reason: '' }));
  await members('the same');
  await t.answer('create of many', async () => {
    const { body } = await call(ann, 'create_group', { memberUserIDs: many, ownerUserID: ann, groupInfo: { groupID: t.id('born'), groupName: 'Born', groupType: 2 } });
    return body.data?.groupInfo?.memberCount;
  });
  await t.settle({ ann: Array(2) });
  t.connections.forEach((connection) => connection.take());
  await t.answer('ids of many', async () => (await call(ann, 'get_full_group_member_user_ids', { groupID: t.id('born'), idHash: 0 })).body.data.userIDs.length);
}

async function devices(t, { bob, cid, dan, call, C, P }) {
  const group = t.id('home');
  const step = (name, by, path, body) => t.step(name, () => call(by, path, { groupID: group, ...body }));
  await t.step('create by phone', () => t.rest('/group/create_group',
    { memberUserIDs: [bob], ownerUserID: cid, groupInfo: { groupID: group, groupName: 'Home', groupType: 2 } }, { token: P.token }));
  await t.step('text by phone', () => P.connection.ask(1003, groupText(cid, group, 'by phone', { senderPlatformID: 2 })));
  await t.step('text by web', () => C.ask(1003, groupText(cid, group, 'by web')));
  await step('invite dan', cid, 'invite_user_to_group', { invitedUserIDs: [dan], reason: '' });
  await step('transfer to bob', cid, 'transfer_group', { oldOwnerUserID: cid, newOwnerUserID: bob });
  await t.step('quit by phone', () => t.rest('/group/quit_group', { groupID: group, userID: cid }, { token: P.token }));
  await step('join by web', cid, 'join_group', { inviterUserID: cid, joinSource: 3, reqMessage: 'me' });
  await step('bob accepts', bob, 'group_application_response', { fromUserID: cid, handleResult: 1, handledMsg: 'ok' });
  await step('bob kicks both', bob, 'kick_group', { kickedUserIDs: [cid, dan], reason: '' });
  await step('bob is alone and dismisses', bob, 'dismiss_group', {});
}

async function alone(t, { dan, eve, call }) {
  const held = new Held(t);
  const look = (name) => t.answer(`eve's groups, ${name}`, async () => ({
    list: await call(eve, 'get_joined_group_list', { fromUserID: eve, pagination: PAGE }),
    ids: await call(eve, 'get_full_join_group_ids', { userID: eve, idHash: 0 }),
    changed: await held.list('joined', eve),
    anew: await call(eve, 'get_incremental_join_groups', { userID: eve, ...ANEW }),
  }));
  const create = (name) => call(dan, 'create_group', { memberUserIDs: [eve], ownerUserID: dan, groupInfo: { groupID: t.id(name), groupName: name, groupType: 2 } });
  await look('none');
  await t.step('one', () => create('solo'));
  await look('one');
  await t.step('dan, who owns the one, dismisses it', () => call(dan, 'dismiss_group', { groupID: t.id('solo') }));
  await look('one dismissed');
  await t.step('two', () => create('zwei'));
  await t.step('three', () => create('drei'));
  await look('two of three');
  for (const pagination of [{ pageNumber: 1, showNumber: 1 }, { pageNumber: 2, showNumber: 1 }, { pageNumber: 1, showNumber: 0 }, { pageNumber: 0, showNumber: 1 }]) {
    await t.answer(`eve's groups, page ${JSON.stringify(pagination)}`, () => call(eve, 'get_joined_group_list', { fromUserID: eve, pagination }));
  }
  await t.step('renamed', () => call(dan, 'set_group_info_ex', { groupID: t.id('zwei'), groupName: 'a' }));
  await t.step('eve is raised', () => call(dan, 'set_group_member_info', { members: [{ groupID: t.id('drei'), userID: eve, roleLevel: 60 }] }));
  await look('at last');
}

async function office(t, { dan, eve, cid, call }) {
  const search = (name, body, by = 'app') => t.answer(`groups: ${name}`, async () => {
    const { status, body: answer } = await call(by, 'get_groups', { pagination: PAGE, ...body });
    return { status, code: answer.errCode, total: answer.data?.total, ids: answer.data?.groups?.map(({ groupInfo, groupOwnerUserID, groupOwnerUserName }) =>
      [groupInfo.groupID.replace(t.suffix, '~'), groupInfo.status, groupOwnerUserID.replace(t.suffix, '~'), groupOwnerUserName].join()) ?? null };
  });
  for (const name of ['b', 'a', 'c']) {
    await t.answer(`make ${name}`, () => call(dan, 'create_group',
      { memberUserIDs: [], ownerUserID: dan, groupInfo: { groupID: t.id(`of${name}`), groupName: t.id(`Office${name}`), groupType: 2 } }));
  }
  await search('by a part of the name', { groupName: `${t.suffix}` });
  await search('page of one', { groupName: t.suffix, pagination: { pageNumber: 2, showNumber: 1 } });
  await search('small letters', { groupName: t.id('officea') });
  await search('by a user', { groupName: t.id('Officea') }, eve);
  await search('ID and name', { groupID: t.id('ofa'), groupName: 'zz' });
  await search('unknown ID', { groupID: t.id('nog') });
  await call(dan, 'dismiss_group', { groupID: t.id('ofa') });
  await t.settle();
  await search('after an end', { groupName: t.suffix });
  await search('the ended one', { groupID: t.id('ofa') });
  const apply = (name) => call(cid, 'join_group', { groupID: t.id(name), inviterUserID: cid, joinSource: 3, reqMessage: name });
  await t.step('cid applies to b', () => apply('ofb'));
  await t.step('cid applies to c', () => apply('ofc'));
  const lists = (name) => t.answer(`applications ${name}`, async () => ({
    all: await call(dan, 'get_recv_group_applicationList', { fromUserID: dan, pagination: PAGE }),
    one: await call(dan, 'get_recv_group_applicationList', { fromUserID: dan, pagination: PAGE, groupIDs: [t.id('ofb')] }),
    second: await call(dan, 'get_recv_group_applicationList', { fromUserID: dan, pagination: { pageNumber: 2, showNumber: 1 } }),
    by: await t.admin('/group/get_recv_group_applicationList', { fromUserID: dan, pagination: PAGE, groupIDs: [t.id('ofc')] }),
    unknown: await t.admin('/group/get_recv_group_applicationList', { fromUserID: dan, pagination: PAGE, groupIDs: [t.id('nog'), t.id('ofc')] }),
    own: await call(cid, 'get_user_req_group_applicationList', { userID: cid, pagination: PAGE }),
    ofNobody: await t.admin('/group/get_user_req_group_applicationList', { userID: t.id('nobody'), pagination: PAGE }),
    count: await call(dan, 'get_group_application_unhandled_count', { userID: dan, time: 0 }),
    countBy: await t.admin('/group/get_group_application_unhandled_count', { userID: dan }),
  }));
  await lists('of two');
  await t.step('c is dismissed', () => call(dan, 'dismiss_group', { groupID: t.id('ofc') }));
  await lists('one ended');
  await t.step('accepted for what has ended', () => call('app', 'group_application_response', { groupID: t.id('ofc'), fromUserID: cid, handleResult: 1 }));
  await lists('accepted');
  await t.step('dan hands b over to nobody', () => call(dan, 'transfer_group', { groupID: t.id('ofb'), oldOwnerUserID: dan, newOwnerUserID: t.id('nobody') }));
  await t.step('dan, alone, mutes', () => call(dan, 'mute_group', { groupID: t.id('ofb') }));
  await t.step('accepted while muted', () => call(dan, 'group_application_response', { groupID: t.id('ofb'), fromUserID: cid, handleResult: 1 }));
  await t.step('cid speaks there', () => t.connections.find(({ label }) => label === 'cid').ask(1003, groupText(cid, t.id('ofb'), 'x')));
}

export default {
  name: 'estates',
  async run(t) {
    const [ann, bob, cid, dan, eve] = await t.users('ann', 'bob', 'cid', 'dan', 'eve');
    const call = (by, path, body) => (by === 'app' ? t.admin(`/group/${path}`, body) : t.as(by, `/group/${path}`, body));
    for (const user of [ann, bob]) await t.connect(user.replace(t.suffix, ''), user);
    await t.online();
    const world = { ann, bob, cid, dan, eve, call };
    await crowds(t, world);
    t.leave(t.connections.find(({ label }) => label === 'ann'));
    world.C = await t.connect('cid', cid);
    const token = await t.token(cid, 2);
    world.P = { token, connection: await t.connect('cidPhone', cid, { token, platformID: 2 }) };
    await t.connect('dan', dan);
    await t.connect('eve', eve);
    await t.online();
    for (const part of [devices, alone, office]) await part(t, world);
  },
};
