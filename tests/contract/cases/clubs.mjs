// Groups in odd orders: made of odd fields, described with nulls, applied for with all kinds of answers, left and ended
// twice; who may speak, what lists say of them since all kinds of versions.
import { ANEW, group as groupText, PAGE, STALE_ID } from './requests.mjs';
import { Held } from './held.mjs';

const callsOf = (t) => (by, path, body) => (by === 'app' ? t.admin(`/group/${path}`, body) : t.as(by, `/group/${path}`, body));

async function creating(t, { ann, bob, cid, dan, call }) {
  let count = 0;
  const create = (name, groupInfo, more, by = ann) => t.step(`create: ${name}`, () => {
    count += 1;
    const info = groupInfo && { groupID: t.id(`made${count}`), groupName: 'M', groupType: 2, ...groupInfo };
    return call(by, 'create_group', { memberUserIDs: [bob], ownerUserID: ann, groupInfo: info, ...more });
  });
  await create('no info', null);
  for (const groupType of [0, 1, 3, -1]) await create(`type ${groupType}`, { groupType });
  await create('type null', { groupType: null });
  await create('owner as administrator', {}, { adminUserIDs: [ann] });
  await create('administrators twice', {}, { adminUserIDs: [cid, cid] });
  await create('an administrator nobody knows', {}, { adminUserIDs: [t.id('nobody')] });
  await create('no lists', {}, { memberUserIDs: null, adminUserIDs: null });
  await create('only administrators', {}, { memberUserIDs: [], adminUserIDs: [bob, cid] });
  await create('an empty user', {}, { memberUserIDs: [''] });
  await create('for an unknown owner', {}, { ownerUserID: t.id('nobody') }, 'app');
  await create('by the application as a member', {}, { memberUserIDs: [bob, 'imAdmin'] }, 'app');
  await create('owned by the application', {}, { ownerUserID: 'imAdmin' }, 'app');
  await create('numbers', { needVerification: 2, lookMemberInfo: 7, applyMemberFriend: -1, status: 2 });
  await create('status 1', { status: 1, memberCount: 9, ownerUserID: bob });
  await create('blank name', { groupName: ' ' });
  await create('an ID with a colon', { groupID: t.id('co:lon') });
  await create('in silence', {}, { sendMessage: false });
  await create('two owners', {}, { ownerUserID: bob });
  await t.answer('joined by ann', async () => {
    const { body } = await call(ann, 'get_joined_group_list', { fromUserID: ann, pagination: PAGE });
    return body.data.groups.map(({ groupID, memberCount, ownerUserID, status, needVerification, lookMemberInfo, applyMemberFriend }) =>
      [groupID, memberCount, ownerUserID, status, needVerification, lookMemberInfo, applyMemberFriend].join().replaceAll(t.suffix, '~'));
  });
  await t.answer('info of made', () => call(dan, 'get_groups_info', { groupIDs: [t.id('made16'), t.id('nog'), t.id('made17')] }));
}

async function describing(t, { ann, bob, cid, group, call, look }) {
  const set = (name, patch, by = ann) => t.step(`set: ${name}`, () => call(by, 'set_group_info_ex', { groupID: group, ...patch }));
  const old = (name, patch, by = ann) =>
    t.step(`set, old: ${name}`, () => call(by, 'set_group_info', { groupInfoForSet: { groupID: group, ...patch } }));
  await set('nulls', { groupName: null, introduction: null, faceURL: null, ex: null, needVerification: null });
  await set('null and a value', { groupName: null, introduction: 'I' });
  await set('empty ex', { ex: '' });
  await set('name', { groupName: 'Two' });
  await set('announcement', { notification: 'Hear' });
  await look('two', [bob]);
  await set('empty announcement', { notification: '' });
  await set('empty name and announcement', { groupName: '', notification: 'lost' });
  await set('the same verification', { needVerification: 0 });
  await set('by an administrator', { introduction: 'of bob' }, bob);
  await set('by a stranger', { introduction: 'x' }, cid);
  await set('status', { status: 2, ownerUserID: bob });
  await look('set', [bob]);
  await t.step('set, old: no info', () => call(ann, 'set_group_info', {}));
  await old('nulls', { groupName: null, introduction: null, ex: null, needVerification: null });
  await old('name', { groupName: 'Three' });
  await old('blank name', { groupName: ' ' });
  await old('blank announcement', { notification: ' ' });
  await old('empty ex', { ex: '' });
  await old('only announcement', { notification: 'Alone' });
  await old('by the application', { introduction: 'I4', faceURL: 'F4' }, 'app');
  await look('set, old', [bob]);
}

async function speaking(t, { ann, bob, cid, dan, group, call, connections, look }) {
  const say = (name, user, over) => t.step(`say: ${name}`, () => connections[user].ask(1003, groupText(user, group, 'x', over)));
  const typing = { contentType: 113, content: Buffer.from('{"msgTips":"yes"}') };
  const mute = (name, by, userID, mutedSeconds) => t.step(`mute: ${name}`, () => call(by, 'mute_group_member', { groupID: group, userID, mutedSeconds }));
  const unmute = (name, by, userID) => t.step(`unmute: ${name}`, () => call(by, 'cancel_mute_group_member', { groupID: group, userID }));
  await t.step('mute the group', () => call(bob, 'mute_group', { groupID: group }));
  await say('ordinary member types in it', dan, typing);
  await say('owner in it', ann);
  await say('stranger in it', cid);
  await t.step('a member reads in it', () => t.as(dan, '/msg/mark_conversation_as_read', { userID: dan, conversationID: `sg_${group}`, hasReadSeq: 1, seqs: [] }));
  await t.step('a member is raised in it', () => call(ann, 'set_group_member_info', { members: [{ groupID: group, userID: dan, roleLevel: 60 }] }));
  await say('raised member in it', dan);
  await t.step('and lowered', () => call(ann, 'set_group_member_info', { members: [{ groupID: group, userID: dan, roleLevel: 20 }] }));
  await say('lowered member in it', dan);
  await t.step('somebody joins it', () => call(ann, 'invite_user_to_group', { groupID: group, invitedUserIDs: [cid], reason: '' }));
  await say('newcomer in it', cid);
  await t.step('somebody quits it', () => call(cid, 'quit_group', { groupID: group, userID: cid }));
  await t.step('unmute the group, by an ordinary member', () => call(dan, 'cancel_mute_group', { groupID: group }));
  await t.step('unmute the group', () => call(ann, 'cancel_mute_group', { groupID: group }));
  await mute('a very long time', ann, dan, 100_000_000);
  await look('muted for long', [ann]);
  await say('muted', dan);
  await t.step('muted member renames himself', () => call(dan, 'set_group_member_info', { members: [{ groupID: group, userID: dan, nickname: 'Muted' }] }));
  await mute('shorter', bob, dan, 60);
  await mute('a stranger', ann, cid, 60);
  await mute('himself', dan, dan, 60);
  await unmute('himself', dan, dan);
  await unmute('administrator for himself', bob, bob);
  await unmute('owner for herself', ann, ann);
  await unmute('who is a stranger', ann, cid);
  await unmute('by a stranger', cid, dan);
  await unmute('who never was', ann, bob);
  await t.step('muted member is kicked', () => call(ann, 'kick_group', { groupID: group, kickedUserIDs: [dan], reason: '' }));
  await t.step('and invited', () => call(bob, 'invite_user_to_group', { groupID: group, invitedUserIDs: [dan], reason: '' }));
  await say('after coming back', dan);
}

async function naming(t, { ann, bob, cid, dan, group, call, look }) {
  const set = (name, by, ...members) => t.step(`member: ${name}`, () =>
    call(by, 'set_group_member_info', { members: members.map(([userID, patch]) => ({ groupID: group, userID, ...patch })) }));
  await set('nulls', ann, [bob, { nickname: null, faceURL: null, ex: null, roleLevel: null }]);
  for (const roleLevel of [0, 1, 21, -1, 99]) await set(`role ${roleLevel}`, ann, [dan, { roleLevel }]);
  await set('name and face', dan, [dan, { nickname: 'D', faceURL: 'http://d', ex: 'e' }]);
  await look('named', [dan]);
  await set('empty again', dan, [dan, { nickname: '', faceURL: '', ex: '' }]);
  await look('empty', [dan]);
  await set('ordinary again', ann, [dan, { roleLevel: 20 }]);
  await set('two roles', ann, [dan, { roleLevel: 60 }], [bob, { roleLevel: 20 }]);
  await look('two roles', [ann]);
  await set('back', ann, [dan, { roleLevel: 20 }], [bob, { roleLevel: 60, nickname: 'Chief' }]);
  await set('a stranger by the application', 'app', [cid, { nickname: 'x' }]);
  await set('an unknown group by the application', 'app', [ann, { groupID: t.id('nog'), nickname: 'x' }]);
  await set('one here and one elsewhere', ann, [bob, { nickname: 'B' }], [ann, { groupID: t.id('made11'), nickname: 'A' }]);
  await set('another of another group', cid, [bob, { nickname: 'x' }]);
  await set('without a group', ann, [bob, { groupID: '', nickname: 'x' }]);
  await set('without a user', ann, ['', { nickname: 'x' }]);
  const infos = (name, body, by = ann) => t.answer(`infos: ${name}`, () => call(by, 'get_group_members_info', { groupID: group, ...body }));
  await infos('order', { userIDs: [dan, ann, bob] });
  await infos('null', { userIDs: null });
  await infos('an empty ID', { userIDs: [''] });
  await infos('by a stranger', { userIDs: [ann] }, cid);
  for (const pagination of [{ pageNumber: 1, showNumber: 2 }, { pageNumber: 2, showNumber: 2 }, { pageNumber: 3, showNumber: 2 },
    { pageNumber: 1, showNumber: -1 }, { pageNumber: 1 }, null]) {
    await t.answer(`members, page ${JSON.stringify(pagination)}`, () => call(bob, 'get_group_member_list', { groupID: group, pagination, filter: 0 }));
  }
  for (const filter of [1, 2, 3, 4, 5, null]) {
    await t.answer(`members, filter ${filter}`, async () =>
      (await call(bob, 'get_group_member_list', { groupID: group, pagination: PAGE, filter })).body.data?.members?.length);
  }
  for (const keyword of ['Chief', bob, ' ', '(']) {
    await t.answer(`members, keyword ${keyword}`, () => call(bob, 'get_group_member_list', { groupID: group, pagination: PAGE, keyword }));
  }
  await t.answer('ids by a stranger', () => call(cid, 'get_full_group_member_user_ids', { groupID: group, idHash: 0 }));
  await t.answer('ids', () => call(dan, 'get_full_group_member_user_ids', { groupID: group, idHash: 0 }));
  await t.answer('abstract of two, one twice', () => call(ann, 'get_group_abstract_info', { groupIDs: [group, group] }));
  await t.answer('abstract of none', () => call(ann, 'get_group_abstract_info', { groupIDs: [] }));
  await t.answer('abstract by the application', async () =>
    (await t.admin('/group/get_group_abstract_info', { groupIDs: [t.id('nog')] })).body.errCode);
}

async function applying(t, { ann, bob, cid, dan, eve, group, call, look }) {
  const other = t.id('other');
  const join = (name, by, body) => t.step(`join: ${name}`, () =>
    call(by, 'join_group', { groupID: group, reqMessage: 'let me', joinSource: 3, inviterUserID: by, ...body }));
  const respond = (name, by, fromUserID, handleResult, body) => t.step(`respond: ${name}`, () =>
    call(by, 'group_application_response', { groupID: group, fromUserID, handleResult, handledMsg: 'm', ...body }));
  const lists = (name) => t.answer(`applications ${name}`, async () => {
    const page = (extra) => ({ pagination: PAGE, ...extra });
    return {
      here: await call(ann, 'get_recv_group_applicationList', page({ fromUserID: ann, groupIDs: [group, group], handleResults: [] })),
      open: await call(bob, 'get_recv_group_applicationList', page({ fromUserID: bob, handleResults: [0] })),
      answered: await call(ann, 'get_recv_group_applicationList', page({ fromUserID: ann, handleResults: [1, -1] })),
      own: await call(cid, 'get_user_req_group_applicationList', page({ userID: cid, groupIDs: [group, group] })),
      refused: await call(cid, 'get_user_req_group_applicationList', page({ userID: cid, handleResults: [-1] })),
      elsewhere: await call(cid, 'get_user_req_group_applicationList', page({ userID: cid, groupIDs: [t.id('nog')] })),
      several: await call(ann, 'get_group_users_req_application_list', { groupID: group, userIDs: [eve, cid, t.id('nobody')] }),
      own2: await call(cid, 'get_specified_user_group_request_info', { groupID: group, userID: cid }),
      count: await call(bob, 'get_group_application_unhandled_count', { userID: bob, time: 1 }),
    };
  });
  await t.step('another group of ann', () => call(ann, 'create_group',
    { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: other, groupName: 'O', groupType: 2, needVerification: 1 } }));
  await join('verification 0', cid, {});
  await join('the other group', cid, { groupID: other, reqMessage: null, ex: null });
  await join('by code', eve, { joinSource: 4, reqMessage: '' });
  await join('for another', eve, { inviterUserID: cid, reqMessage: 'for cid' });
  await join('without a name', eve, { inviterUserID: '' });
  await join('source 1', eve, { joinSource: 1 });
  await join('a member', dan, {});
  await join('for the application', 'app', { inviterUserID: 'imAdmin' });
  await join('by the application for eve', 'app', { inviterUserID: eve, reqMessage: 'by app' });
  await lists('open');
  await respond('result 0', ann, cid, 0);
  await respond('result 5', ann, cid, 5);
  await respond('a stranger', cid, cid, 1);
  await respond('an ordinary member', dan, cid, 1);
  await respond('who did not ask', ann, dan, 1);
  await respond('refused without words', bob, cid, -1, { handledMsg: null });
  await respond('refused again', bob, cid, -1);
  await respond('of the other group', ann, cid, 1, { groupID: other });
  await lists('answered');
  await t.step('eve is invited meanwhile', () => call(ann, 'invite_user_to_group', { groupID: group, invitedUserIDs: [eve], reason: '' }));
  await respond('eve is refused though in', bob, eve, -1);
  await look('eve in', [ann, eve]);
  await t.step('eve is kicked', () => call(bob, 'kick_group', { groupID: group, kickedUserIDs: [eve], reason: 'r' }));
  await join('after being kicked', eve, { reqMessage: 'again' });
  await t.step('everybody may come', () => call(ann, 'set_group_info_ex', { groupID: group, needVerification: 2 }));
  await join('while an application is open', eve, { joinSource: 2 });
  await respond('the application of who is in', ann, eve, 1);
  await lists('at last');
  await t.answer('applications of another', () => call(bob, 'get_user_req_group_applicationList', { userID: cid, pagination: PAGE }));
  await t.answer('specified request by a stranger', () => call(cid, 'get_specified_user_group_request_info', { groupID: group, userID: eve }));
  await t.answer('specified request by the application', () =>
    call('app', 'get_specified_user_group_request_info', { groupID: group, userID: dan }));
  await t.answer('users req by a stranger', () => call(cid, 'get_group_users_req_application_list', { groupID: group, userIDs: [eve] }));
  await t.answer('users req of none', () => call(ann, 'get_group_users_req_application_list', { groupID: group, userIDs: [dan] }));
  await t.step('eve goes', () => call(eve, 'quit_group', { groupID: group }));
}

async function versions(t, { ann, bob, cid, group, call }) {
  const short = (ids) => ids?.map((row) => (row.userID ?? row.groupID ?? row).replace(t.suffix, '~')) ?? null;
  const start = {
    members: (await call(ann, 'get_incremental_group_members_batch', { userID: ann, reqList: [{ groupID: group, ...ANEW }] })).body.data.respList[group],
    joined: (await call(ann, 'get_incremental_join_groups', { userID: ann, ...ANEW })).body.data,
  };
  const shape = (data, version) => data && ({
    moved: data.version - version, full: data.full, insert: short(data.insert), update: short(data.update),
    gone: short(data.delete), sorted: data.sortVersion ? data.sortVersion - version : data.sortVersion,
    group: data.group === undefined ? undefined : data.group && data.group.memberCount,
  });
  const ask = {
    members: async (held) => (await call(ann, 'get_incremental_group_members_batch', { userID: ann, reqList: [{ groupID: group, ...held }] }))
      .body.data?.respList?.[group],
    joined: async (held) => (await call(ann, 'get_incremental_join_groups', { userID: ann, ...held })).body.data,
  };
  const since = (name) => t.answer(`since ${name}`, async () => {
    const all = {};
    for (const list of ['members', 'joined']) {
      const { version, versionID } = start[list];
      const at = async (held) => shape(await ask[list](held), version);
      all[list] = {
        here: await at({ version, versionID }), before: await at({ version: version - 1, versionID }),
        future: await at({ version: version + 500, versionID }), stale: await at({ version, versionID: STALE_ID }),
        odd: await at({ version, versionID: 'zz' }), noVersion: await at({ versionID }),
      };
    }
    return all;
  });
  const member = (patch, user = bob) => call(ann, 'set_group_member_info', { members: [{ groupID: group, userID: user, ...patch }] });
  await since('nothing');
  await member({ nickname: 'V' });
  await since('a name');
  await member({ roleLevel: 20 });
  await since('a role');
  await call(ann, 'set_group_info_ex', { groupID: group, ex: 'v' });
  await since('an ex');
  await call(ann, 'invite_user_to_group', { groupID: group, invitedUserIDs: [cid], reason: '' });
  await since('one more');
  await call(ann, 'kick_group', { groupID: group, kickedUserIDs: [cid], reason: '' });
  await since('one less');
  await call(ann, 'transfer_group', { groupID: group, oldOwnerUserID: ann, newOwnerUserID: bob });
  await since('another owner');
  await t.as(bob, '/user/update_user_info_ex', { userInfo: { userID: bob, faceURL: 'http://v' } });
  await t.settle();
  await since('a new face');
  await call(bob, 'transfer_group', { groupID: group, oldOwnerUserID: bob, newOwnerUserID: ann });
  await member({ roleLevel: 60 });
  await t.settle();
  await t.answer('one group, old path', async () => shape((await call(ann, 'get_incremental_group_members',
    { groupID: group, version: start.members.version, versionID: start.members.versionID })).body.data, start.members.version));
  await t.answer('the same twice in a batch', async () => {
    const { body } = await call(ann, 'get_incremental_group_members_batch', { userID: ann, reqList: [
      { groupID: group, ...ANEW }, { groupID: group, version: start.members.version, versionID: start.members.versionID }] });
    return { code: body.errCode, n: Object.keys(body.data?.respList ?? {}).length, full: body.data?.respList?.[group]?.full };
  });
  await t.answer('a batch of another', async () => {
    const { body } = await call(bob, 'get_incremental_group_members_batch', { userID: ann, reqList: [{ groupID: group, ...ANEW }] });
    return { code: body.errCode, full: body.data?.respList?.[group]?.full };
  });
}

async function ending(t, { ann, bob, cid, dan, eve, group, call, look, connections }) {
  const step = (name, by, path, body) => t.step(name, () => call(by, path, { groupID: group, ...body }));
  await step('transfer by a member for the owner', dan, 'transfer_group', { oldOwnerUserID: ann, newOwnerUserID: dan });
  await step('transfer to a stranger', ann, 'transfer_group', { oldOwnerUserID: ann, newOwnerUserID: cid });
  await step('quit', dan, 'quit_group', { userID: dan });
  await step('quit twice', dan, 'quit_group', { userID: dan });
  await step('kick who quit', ann, 'kick_group', { kickedUserIDs: [dan], reason: '' });
  await step('kick nobody', ann, 'kick_group', { kickedUserIDs: null, reason: '' });
  await step('kick by who is out', dan, 'kick_group', { kickedUserIDs: [bob], reason: '' });
  await step('invite back', bob, 'invite_user_to_group', { invitedUserIDs: [dan], reason: 'back' });
  await step('kick in silence', bob, 'kick_group', { kickedUserIDs: [dan], reason: '', sendMessage: false });
  await step('quit after the kick', dan, 'quit_group', {});
  await step('invite by who is out', dan, 'invite_user_to_group', { invitedUserIDs: [eve], reason: '' });
  await step('join again', dan, 'join_group', { inviterUserID: dan, joinSource: 2, reqMessage: '' });
  await look('dan in', [dan]);
  await step('kick two, one a stranger', ann, 'kick_group', { kickedUserIDs: [dan, cid], reason: '' });
  await step('dismiss by an administrator', bob, 'dismiss_group', {});
  await step('dismiss in silence', ann, 'dismiss_group', { sendMessage: false });
  await look('dismissed', [ann, dan]);
  await t.step('say: in what is dismissed', () => connections[dan].ask(1003, groupText(dan, group, 'x')));
  await step('dismiss again', ann, 'dismiss_group', {});
  await step('dismiss again and delete', ann, 'dismiss_group', { deleteMember: true });
  await step('dismiss by the application', 'app', 'dismiss_group', { deleteMember: true });
  await step('join what is dismissed', cid, 'join_group', { inviterUserID: cid, joinSource: 3, reqMessage: '' });
  await step('invite to what is dismissed', 'app', 'invite_user_to_group', { invitedUserIDs: [cid], reason: '' });
  await step('kick from what is dismissed', 'app', 'kick_group', { kickedUserIDs: [dan], reason: '' });
  await step('mute what is dismissed', 'app', 'mute_group', {});
  await look('muted though dismissed', [ann]);
  const deleted = t.id('other');
  await t.step('delete the other with its members', () => call(ann, 'dismiss_group', { groupID: deleted, deleteMember: true }));
  await t.answer('joined after that', async () => ({
    ann: (await call(ann, 'get_joined_group_list', { fromUserID: ann, pagination: PAGE })).body.data.groups?.some(({ groupID }) => groupID === deleted),
    members: await call(ann, 'get_group_member_list', { groupID: deleted, pagination: PAGE }),
    info: await call(bob, 'get_groups_info', { groupIDs: [deleted] }),
  }));
  await t.step('say: in what is deleted', () => connections[bob].ask(1003, groupText(bob, deleted, 'x')));
  await t.step('applied for what is deleted', () => call(cid, 'get_user_req_group_applicationList', { userID: cid, pagination: PAGE, groupIDs: [deleted] }));
  await t.answer('groups by ID', () => t.admin('/group/get_groups', { groupID: deleted, pagination: PAGE }));
  await t.answer('groups without a page', () => t.admin('/group/get_groups', { groupID: deleted }));
}

export default {
  name: 'clubs',
  async run(t) {
    const [ann, bob, cid, dan, eve] = await t.users('ann', 'bob', 'cid', 'dan', 'eve');
    const connections = {};
    for (const user of [ann, bob, cid, dan, eve]) {
      connections[user] = await t.connect(user.replace(t.suffix, ''), user);
    }
    await t.online();
    const group = t.id('club');
    const call = callsOf(t);
    const held = new Held(t);
    const look = (name, users) => t.answer(`look ${name}`, async () => {
      const all = { info: await call(users[0], 'get_groups_info', { groupIDs: [group] }) };
      for (const user of users) {
        all[user.replace(t.suffix, '')] = {
          members: await held.members(user, group),
          list: await call(user, 'get_group_member_list', { groupID: group, pagination: PAGE, filter: 0, keyword: '' }),
          joined: await held.list('joined', user),
          rows: await held.list('rows', user),
        };
      }
      return all;
    });
    const world = { ann, bob, cid, dan, eve, group, call, connections, look };
    await creating(t, world);
    await t.step('the club', () => call(ann, 'create_group', {
      memberUserIDs: [dan], adminUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: group, groupName: 'Club', groupType: 2 },
    }));
    for (const part of [describing, speaking, naming, applying, versions, ending]) await part(t, world);
  },
};
