// Who may do what in a group: several members at once, roles, mutes, transfers, every kind of verification, the
// application's administrator.
import { sleep } from '../connection.mjs';
import { group as groupText, PAGE } from './requests.mjs';
import { Held } from './held.mjs';

const SECOND_MS = 1_100;

class Court {
  constructor(t, users, connections) {
    Object.assign(this, { t, users, connections, id: t.id('court'), held: new Held(t) });
  }

  call(user, path, body) {
    const all = { groupID: this.id, ...body };
    return user === 'app' ? this.t.admin(`/group/${path}`, all) : this.t.as(user, `/group/${path}`, all);
  }

  set(by, ...patches) {
    return this.call(by, 'set_group_member_info',
      { members: patches.map(([userID, patch]) => ({ groupID: this.id, userID, ...patch })) });
  }

  send(user, text, over) {
    return this.connections[user].ask(1003, groupText(user, this.id, text, over));
  }

  look(name, user = this.users.ann) {
    const { t, id } = this;
    return t.answer(`look ${name}`, async () => ({
      info: await t.as(user, '/group/get_groups_info', { groupIDs: [id] }),
      members: await this.call(user, 'get_group_member_list', { pagination: PAGE, filter: 0, keyword: '' }),
      changed: await this.held.members(user, id),
      joined: await this.held.list('joined', user),
      ids: await this.call(user, 'get_full_group_member_user_ids', { idHash: 0 }),
    }));
  }
}

async function creating(court) {
  const { t, id, users: { ann, bob, cid, dan } } = court;
  const create = (by, groupInfo, more) => {
    const body = { memberUserIDs: [cid], ownerUserID: ann, groupInfo: { groupType: 2, ...groupInfo }, ...more };
    return by === 'app' ? t.admin('/group/create_group', body) : t.as(by, '/group/create_group', body);
  };
  await t.step('create with everything', () => create(ann, {
    groupID: id, groupName: 'Court', introduction: 'I', faceURL: 'F', ex: 'X', status: 3,
    creatorUserID: ann, needVerification: 1, lookMemberInfo: 1, applyMemberFriend: 1, memberCount: 77,
    notificationUserID: bob, notificationUpdateTime: 5, createTime: 5,
  }, { adminUserIDs: [bob] }));
  await court.look('created');
  await t.step('create by the application', () => create('app', { groupID: `a${id}`, groupName: 'A' }));
  await t.step('create for somebody else', () => create(bob, { groupID: `b${id}`, groupName: 'B' }));
  await t.step('create with nobody', () => create(ann, { groupID: `c${id}`, groupName: 'C' }, { memberUserIDs: [] }));
  await t.step('create without a name', () => create(ann, { groupID: `d${id}` }));
  await t.step('create with a user as member and administrator', () =>
    create(ann, { groupID: `e${id}`, groupName: 'E' }, { adminUserIDs: [cid] }));
  await t.step('create with odd ID', () => create(ann, { groupID: `f ${id}/ü`, groupName: 'F' }));
  await t.step('create of kind 1', () => create(ann, { groupID: `g${id}`, groupName: 'F', groupType: 1 }));
  await t.step('create with odd verification', () =>
    create(ann, { groupID: `h${id}`, groupName: 'H', needVerification: 9 }));
  await t.answer('joined, page 2', () =>
    t.as(ann, '/group/get_joined_group_list', { fromUserID: ann, pagination: { pageNumber: 2, showNumber: 50 } }));
  await t.answer('joined of the application', () =>
    t.admin('/group/get_joined_group_list', { fromUserID: dan, pagination: PAGE }));
  await t.answer('info of several', () => t.as(dan, '/group/get_groups_info', { groupIDs: [`c${id}`, id, `a${id}`] }));
  await t.answer('abstract info', async () => {
    const { body } = await t.as(ann, '/group/get_group_abstract_info', { groupIDs: [id, `c${id}`] });
    return body.data?.groupAbstractInfos.map(({ groupID, groupMemberNumber, groupMemberListHash }) =>
      [groupID, groupMemberNumber, typeof groupMemberListHash].join()).sort();
  });
  await t.answer('abstract info by a stranger', () => t.as(dan, '/group/get_group_abstract_info', { groupIDs: [id] }));
  await t.answer('abstract info of an unknown group', () =>
    t.as(ann, '/group/get_group_abstract_info', { groupIDs: [t.id('nog')] }));
  await t.answer('members by ID', () => court.call(ann, 'get_group_member_user_id', {}));
  await t.answer('members by ID by a stranger', () => court.call(dan, 'get_group_member_user_id', {}));
  await t.answer('group search by name', () => t.admin('/group/get_groups', { groupName: 'Court', pagination: PAGE })
    .then(({ body }) => ({ code: body.errCode, some: body.data?.total > 0 })));
  await t.answer('group search by ID', () => t.admin('/group/get_groups', { groupID: id, pagination: PAGE }));
  await t.answer('group search by a user', () => t.as(ann, '/group/get_groups', { groupID: id, pagination: PAGE }));
  for (const keyword of ['Nbob', 'nbob', id, 'cid']) {
    await t.answer(`members with keyword ${keyword}`, () =>
      court.call(ann, 'get_group_member_list', { pagination: PAGE, filter: 0, keyword }));
  }
  await t.answer('members for the application', () =>
    court.call('app', 'get_group_member_list', { pagination: PAGE, filter: 0, keyword: '' }));
  await t.answer('members info for the application', () =>
    court.call('app', 'get_group_members_info', { userIDs: [dan, cid, ann] }));
}

async function describing(court) {
  const { t, users: { ann, bob, cid } } = court;
  const set = (by, patch) => court.call(by, 'set_group_info_ex', patch);
  const old = (by, patch) =>
    court.call(by, 'set_group_info', { groupInfoForSet: { groupID: court.id, ...patch } });
  await t.step('old path: name', () => old(ann, { groupName: 'Old' }));
  await t.step('old path: empty texts', () => old(ann, { groupName: '', introduction: '', faceURL: '' }));
  await t.step('old path: numbers', () => old(ann, { needVerification: 2, lookMemberInfo: 0, applyMemberFriend: 0 }));
  await t.step('old path: ex', () => old(ann, { ex: 'E2' }));
  await t.step('old path: notification', () => old(ann, { notification: 'listen' }));
  await t.step('old path: nothing', () => old(ann, {}));
  await t.step('old path: by an ordinary member', () => old(cid, { groupName: 'No' }));
  await t.step('old path: unknown group', () => old(ann, { groupID: t.id('nog'), groupName: 'x' }));
  await court.look('old path');
  await t.step('odd verification', () => set(ann, { needVerification: 9 }));
  await t.step('negative number', () => set(ann, { lookMemberInfo: -1 }));
  await t.step('empty face and introduction', () => set(ann, { faceURL: '', introduction: '' }));
  await t.step('blank name with more', () => set(ann, { groupName: '  ', ex: 'X3' }));
  await t.step('name with spaces', () => set(ann, { groupName: ' Court 2 ' }));
  await t.step('notification with spaces', () => set(ann, { notification: '  hear  ' }));
  await t.step('blank notification', () => set(ann, { notification: '   ' }));
  await t.step('everything but a notification', () => set(bob, {
    groupName: 'C3', introduction: 'I3', faceURL: 'F3', ex: 'X4', needVerification: 0,
    lookMemberInfo: 1, applyMemberFriend: 1,
  }));
  await t.step('by the application', () => set('app', { groupName: 'App', needVerification: 1 }));
  await t.step('notification by the application', () => set('app', { notification: 'App says' }));
  await court.look('described');
}

async function naming(court) {
  const { t, users: { ann, bob, cid, dan } } = court;
  await t.step('two at once', () => court.set(ann, [bob, { nickname: 'B' }], [cid, { nickname: 'C', ex: 'c' }]));
  await t.step('one is none', () => court.set(ann, [bob, { nickname: 'B2' }], [dan, { nickname: 'D' }]));
  await t.step('the same twice', () => court.set(ann, [bob, { nickname: 'B2' }], [bob, { nickname: 'B3' }]));
  await t.step('empty name', () => court.set(ann, [bob, { nickname: '' }]));
  await t.step('role and name', () => court.set(ann, [cid, { roleLevel: 60, nickname: 'C2' }]));
  await t.step('administrator changes administrator', () => court.set(bob, [cid, { nickname: 'no' }]));
  await t.step('administrator degrades administrator', () => court.set(bob, [cid, { roleLevel: 20 }]));
  await t.step('administrator changes owner', () => court.set(bob, [ann, { nickname: 'no' }]));
  await t.step('administrator steps down', () => court.set(cid, [cid, { roleLevel: 20 }]));
  await t.step('ordinary one rises', () => court.set(cid, [cid, { roleLevel: 60 }]));
  await t.step('ordinary one stays', () => court.set(cid, [cid, { roleLevel: 20 }]));
  await t.step('owner names himself', () => court.set(ann, [ann, { nickname: 'Queen', faceURL: 'q' }]));
  await t.step('owner degrades himself', () => court.set(ann, [ann, { roleLevel: 60 }]));
  await t.step('application names', () => court.set('app', [cid, { nickname: 'App C' }]));
  await t.step('application raises', () => court.set('app', [cid, { roleLevel: 60 }]));
  await t.step('application degrades', () => court.set('app', [cid, { roleLevel: 20 }]));
  await t.step('application makes an owner', () => court.set('app', [cid, { roleLevel: 100 }]));
  await court.look('named');
  await t.step('user of a group renames herself', () =>
    t.as(cid, '/user/update_user_info_ex', { userInfo: { userID: cid, nickname: 'Cidney' } }));
  await t.step('a user without own name in the group', () =>
    t.as(bob, '/user/update_user_info_ex', { userInfo: { userID: bob, faceURL: 'http://f/new' } }));
  await court.look('renamed');
}

async function muting(court) {
  const { t, users: { ann, bob, cid } } = court;
  const mute = (by, userID, mutedSeconds) => court.call(by, 'mute_group_member', { userID, mutedSeconds });
  const unmute = (by, userID) => court.call(by, 'cancel_mute_group_member', { userID });
  const status = court.call;
  await t.step('the group is muted from its beginning', () => court.send(cid, 'x'));
  await t.step('group unmuted by administrator', () => status.call(court, bob, 'cancel_mute_group', {}));
  await t.step('group unmuted again', () => status.call(court, bob, 'cancel_mute_group', {}));
  await t.step('administrator mutes for a second', () => mute(bob, cid, 1));
  await t.answer('after that second', async () => {
    await sleep(SECOND_MS);
    return court.send(cid, 'again');
  });
  await t.settle({ ann: Array(1) });
  await t.step('administrator mutes himself', () => mute(bob, bob, 5));
  await t.step('administrator mutes owner', () => mute(bob, ann, 5));
  await t.step('owner mutes administrator', () => mute(ann, bob, 500));
  await t.step('muted administrator sends', () => court.send(bob, 'x'));
  await t.step('muted administrator mutes', () => mute(bob, cid, 5));
  await t.step('muted twice', () => mute(ann, cid, 900));
  await t.step('muted member types', () => court.send(cid, '', { contentType: 113, content: Buffer.from('{"msgTips":"yes"}') }));
  await t.step('owner is muted by the application', () => mute('app', ann, 5));
  await t.step('muted owner sends', () => court.send(ann, 'x'));
  await t.step('application unmutes', () => unmute('app', bob));
  await t.step('ordinary one unmutes himself', () => unmute(cid, cid));
  await t.step('a stranger mutes', () => mute(court.users.dan, cid, 5));
  await court.look('muted');
  await t.step('group muted by the application', () => status.call(court, 'app', 'mute_group', {}));
  await t.step('administrator sends in it', () => court.send(bob, 'x'));
  await t.step('application sends for a muted member', () => t.admin('/msg/send_msg', {
    sendID: cid, groupID: court.id, sessionType: 3, contentType: 101, senderNickname: 's', senderPlatformID: 1,
    content: { content: 'by app' },
  }));
  await t.step('ordinary one mutes the group', () => status.call(court, cid, 'mute_group', {}));
  await t.step('info while muted', () => court.call(ann, 'set_group_info_ex', { ex: 'muted' }));
  await t.step('group unmuted by the application', () => status.call(court, 'app', 'cancel_mute_group', {}));
}

async function inviting(court) {
  const { t, users: { ann, bob, cid, dan, eve, fay, gus } } = court;
  const invite = (by, invitedUserIDs, more) =>
    court.call(by, 'invite_user_to_group', { invitedUserIDs, reason: 'come', ...more });
  const join = (user, more) =>
    court.call(user, 'join_group', { inviterUserID: user, joinSource: 3, reqMessage: 'please', ...more });
  const respond = (by, fromUserID, handleResult, handledMsg = 'm') =>
    court.call(by, 'group_application_response', { fromUserID, handledMsg, handleResult });
  const kick = (by, kickedUserIDs, more) => court.call(by, 'kick_group', { kickedUserIDs, reason: 'out', ...more });
  const applications = (name) => t.answer(`applications ${name}`, async () => ({
    all: await t.as(ann, '/group/get_recv_group_applicationList',
      { fromUserID: ann, pagination: PAGE, groupIDs: [], handleResults: [] }),
    here: await t.as(bob, '/group/get_recv_group_applicationList',
      { fromUserID: bob, pagination: PAGE, groupIDs: [court.id], handleResults: [0] }),
    second: await t.as(ann, '/group/get_recv_group_applicationList',
      { fromUserID: ann, pagination: { pageNumber: 2, showNumber: 1 }, groupIDs: [], handleResults: [] }),
    own: await t.as(dan, '/group/get_user_req_group_applicationList',
      { userID: dan, pagination: PAGE, groupIDs: [], handleResults: [] }),
    count: await t.as(ann, '/group/get_group_application_unhandled_count', { userID: ann, time: 0 }),
    later: await t.as(ann, '/group/get_group_application_unhandled_count', { userID: ann, time: Date.now() + 60_000 }),
    of: await court.call(ann, 'get_group_users_req_application_list', { userIDs: [dan, eve] }),
    about: await court.call(ann, 'get_specified_user_group_request_info', { userID: dan }),
  }));
  const verification = (needVerification) =>
    t.step(`verification ${needVerification}`, () => court.call(ann, 'set_group_info_ex', { needVerification }));

  await verification(0);
  await t.step('0: dan applies', () => join(dan));
  await t.step('0: ordinary one invites eve and fay', () => invite(cid, [eve, fay]));
  await t.step('0: administrator invites dan, who applied', () => invite(bob, [dan]));
  await t.step('0: dan is accepted, too', () => respond(bob, dan, 1));
  await applications('of verification 0');
  await t.step('owner kicks three', () => kick(ann, [dan, eve, fay]));
  await t.step('administrator kicks himself', () => kick(bob, [bob]));
  await t.step('ordinary one kicks', () => kick(cid, [bob]));
  await t.step('owner kicks one who is none', () => kick(ann, [cid, dan]));
  await verification(1);
  await t.step('1: eve applies by code', () => join(eve, { joinSource: 4, ex: 'ex' }));
  await t.step('1: fay applies as invited', () => join(fay, { joinSource: 2, inviterUserID: fay }));
  await t.step('1: dan names bob as inviter', () => join(dan, { inviterUserID: bob }));
  await t.step('1: ordinary one invites dan and gus', () => invite(cid, [dan, gus]));
  await t.step('1: ordinary one invites dan again', () => invite(cid, [dan]));
  await applications('of verification 1');
  await t.step('1: administrator accepts dan', () => respond(bob, dan, 1));
  await t.step('1: administrator refuses gus', () => respond(bob, gus, -1, ''));
  await t.step('1: owner accepts eve', () => respond(ann, eve, 1, ''));
  await t.step('1: application accepts fay', () => respond('app', fay, 1));
  await t.step('1: gus accepts himself', () => respond(gus, gus, 1));
  await t.step('1: somebody who never asked', () => respond(ann, cid, 1));
  await applications('answered');
  await court.look('answered');
  await t.step('administrator kicks two', () => kick(bob, [dan, eve], { sendMessage: true }));
  await t.step('application kicks', () => kick('app', [fay]));
  await t.step('application invites', () => invite('app', [fay]));
  await t.step('application invites in silence', () => invite('app', [eve], { sendMessage: false }));
  await t.step('owner invites one who is in and one who is not', () => invite(ann, [fay, dan]));
  await verification(2);
  await t.step('2: dan joins as invited', () => join(dan, { joinSource: 2 }));
  await t.step('2: gus joins without a source', () => join(gus, { joinSource: 0 }));
  await t.step('2: gus joins for eve', () => join(gus, { inviterUserID: eve }));
  await t.step('2: gus joins with a source of 5', () => join(gus, { joinSource: 5 }));
  await t.step('2: ordinary one invites gus', () => invite(cid, [gus]));
  await court.look('open');
  await t.step('member invites a stranger to the application', () => invite(ann, [t.id('nobody'), gus]));
}

async function passing(court) {
  const { t, id, users: { ann, bob, cid, dan } } = court;
  const transfer = (by, oldOwnerUserID, newOwnerUserID) =>
    court.call(by, 'transfer_group', { oldOwnerUserID, newOwnerUserID });
  const quit = (by, userID) => court.call(by, 'quit_group', { userID });
  await t.step('to a muted member', async () => {
    await court.call(ann, 'mute_group_member', { userID: cid, mutedSeconds: 90 });
    return transfer(ann, ann, cid);
  });
  await t.step('by one who was owner', () => transfer(ann, ann, dan));
  await t.step('to an administrator by the application', () => transfer('app', cid, bob));
  await court.look('passed on', bob);
  await t.step('owner quits', () => quit(bob, bob));
  await t.step('application lets dan quit', () => quit('app', dan));
  await t.step('administrator quits', () => quit(cid, cid));
  await t.step('application quits itself', () => quit('app', ''));
  await t.step('administrator dismisses', () => court.call(ann, 'dismiss_group', {}));
  await t.step('application dismisses in silence', () => court.call('app', 'dismiss_group', { sendMessage: false }));
  await t.step('application dismisses and deletes', () =>
    t.admin('/group/dismiss_group', { groupID: `a${id}`, deleteMember: true }));
  await t.step('application takes an owner away', () => t.admin('/group/set_group_member_info',
    { members: [{ groupID: `d${id}`, userID: ann, roleLevel: 20 }] }));
  await t.answer('members since, without an owner', () => court.held.members(ann, `d${id}`));
  await t.answer('info without an owner', () => t.as(ann, '/group/get_groups_info', { groupIDs: [`d${id}`] }));
  await t.answer('joined without an owner', () => court.held.list('joined', ann));
  await t.step('the last of two quits a group without an owner', () =>
    t.as(ann, '/group/quit_group', { groupID: `d${id}`, userID: ann }));
  await t.answer('members of what was deleted', () =>
    t.as(ann, '/group/get_group_members_info', { groupID: `a${id}`, userIDs: [ann] }));
  await t.answer('joined at last', () =>
    t.as(ann, '/group/get_joined_group_list', { fromUserID: ann, pagination: PAGE }));
}

export default {
  name: 'roles',
  async run(t) {
    const [ann, bob, cid, dan, eve, fay, gus] = await t.users('ann', 'bob', 'cid', 'dan', 'eve', 'fay', 'gus');
    const connections = {};
    for (const user of [ann, bob, cid, dan]) {
      connections[user] = await t.connect(user.replace(t.suffix, ''), user);
    }
    await t.online();
    const court = new Court(t, { ann, bob, cid, dan, eve, fay, gus }, connections);
    for (const part of [creating, describing, naming, muting, inviting, passing]) await part(court);
  },
};
