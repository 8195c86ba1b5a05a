// A group's life: created, talked in, changed, joined, left, dismissed. Lists are asked for in between, each by the
// version that its user was answered last.
import { ANEW, bytes, group as groupText, PAGE, range } from './requests.mjs';

/** What the parts of the scenario share. */
class Club {
  #versions = {};

  constructor(t, users, connections) {
    Object.assign(this, { t, users, connections });
    this.id = t.id('grp');
    this.chat = `sg_${this.id}`;
    this.notices = `n_${this.id}`;
  }

  /** A call about the group. */
  call(user, path, body) {
    return this.t.as(user, `/group/${path}`, { groupID: this.id, ...body });
  }

  /** A text, or what `over` makes of it. */
  send(user, text, over) {
    return this.connections[user].ask(1003, groupText(user, this.id, text, over));
  }

  member(by, userID, patch) {
    return this.t.as(by, '/group/set_group_member_info', { members: [{ groupID: this.id, userID, ...patch }] });
  }

  /** The page of members, and the request for it. */
  members(user, pagination = PAGE) {
    return this.call(user, 'get_group_member_list', { pagination, filter: 0, keyword: '' });
  }

  memberIDs(user) {
    return this.t.as(user, '/group/get_full_group_member_user_ids', { groupID: this.id, idHash: 0 });
  }

  pull(user, ...ranges) {
    return this.connections[user].ask(1002, { userID: user, seqRanges: ranges });
  }

  #held(list, user) {
    return this.#versions[list + user] ?? ANEW;
  }

  /** Keeps an answered version, and writes how far it moved in its place. */
  #keep(list, user, data) {
    if (!data) return;
    const before = this.#held(list, user).version;
    this.#versions[list + user] = { version: data.version, versionID: data.versionID };
    if (data.sortVersion) data.sortVersion = data.sortVersion === data.version ? 'version' : 'other';
    if (before) data.version = `was+${data.version - before}`;
  }

  async #listsOf(user) {
    const { t, id } = this;
    const members = await t.as(user, '/group/get_incremental_group_members_batch',
      { userID: user, reqList: [{ groupID: id, ...this.#held('members', user) }] });
    this.#keep('members', user, members.body.data?.respList?.[id]);
    const groups = await t.as(user, '/group/get_incremental_join_groups',
      { userID: user, ...this.#held('groups', user) });
    this.#keep('groups', user, groups.body.data);
    const conversations = await t.as(user, '/conversation/get_incremental_conversations',
      { userID: user, ...this.#held('conversations', user) });
    this.#keep('conversations', user, conversations.body.data);
    return { members, groups, conversations };
  }

  /** Incremental lists of these users. */
  lists(name, users) {
    return this.t.answer(`lists ${name}`, async () => {
      const all = {};
      for (const user of users) all[user.replace(this.t.suffix, '')] = await this.#listsOf(user);
      return all;
    });
  }

  /** Maxima and read positions of everybody who is connected. */
  seqs(name) {
    return this.t.answer(`seqs ${name}`, async () => {
      const all = {};
      for (const [user, connection] of Object.entries(this.connections)) {
        all[user.replace(this.t.suffix, '')] = {
          one: await connection.ask(1001, { userID: user }),
          six: await connection.ask(1006, { userID: user, conversationIDs: [] }),
        };
      }
      return all;
    });
  }

  /** Open and answered applications, for the owner and for dan. */
  applications(name) {
    const { t, users: { ann, dan } } = this;
    const asked = { pagination: PAGE, groupIDs: [], handleResults: [] };
    return t.answer(`applications ${name}`, async () => ({
      recv: await t.as(ann, '/group/get_recv_group_applicationList', { fromUserID: ann, ...asked }),
      sent: await t.as(dan, '/group/get_user_req_group_applicationList', { userID: dan, ...asked }),
      n: await t.as(ann, '/group/get_group_application_unhandled_count', { userID: ann, time: 0 }),
    }));
  }
}

async function creating(club) {
  const { t, users: { ann, bob, cid, dan } } = club;
  const create = (groupInfo, more) => t.as(ann, '/group/create_group',
    { memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupType: 2, ...groupInfo }, ...more });
  await t.step('create', () => create(
    { groupID: club.id, groupName: 'G', introduction: 'I', faceURL: 'F', ex: 'X' },
    { memberUserIDs: [bob, cid], adminUserIDs: [] }));
  await club.lists('created', [ann, bob, cid, dan]);
  await club.seqs('created');
  await t.step('create without message', () =>
    create({ groupID: `q${club.id}`, groupName: 'Q' }, { adminUserIDs: [cid], sendMessage: false }));
  await t.step('create with notification', () =>
    create({ groupID: `w${club.id}`, groupName: 'W', notification: 'N' }));
  await t.step('create auto id', () => create({ groupName: 'Auto' }));
  await club.lists('created more', [ann, bob]);
  for (const pageNumber of [1, 2]) {
    await t.step(`members page ${pageNumber} of 2`, () => club.members(ann, { pageNumber, showNumber: 2 }));
  }
}

async function talking(club) {
  const { t, id, users: { ann, bob, cid, dan }, connections } = club;
  await t.step('a text', () => club.send(ann, 'hi', { clientMsgID: t.id('g1') }));
  await t.step('b text', () => club.send(bob, 'ho', { clientMsgID: t.id('g2') }));
  await t.step('recvID set', () => club.send(ann, 'rr', { recvID: bob }));
  await t.step('d not a member', () => club.send(dan, 'x'));
  const elsewhere = (groupID) => connections[ann].ask(1003, groupText(ann, groupID, 'x'));
  await t.step('unknown group', () => elsewhere(t.id('nog')));
  await t.step('no groupID', () => elsewhere(''));
  const at = (user, text, atUserIDList, more) => club.send(user, '',
    { contentType: 106, atUserIDList, content: bytes({ text, atUserList: atUserIDList, ...more }) });
  await t.step('at b', () => at(ann, '@b', [bob], { atUsersInfo: [], isAtSelf: false }));
  await club.lists('at b', [bob, cid]);
  await t.step('at all', () => at(ann, '@all', ['AtAllTag']));
  await t.step('at all and b', () => at(ann, '@all', ['AtAllTag', bob]));
  await t.step('at nobody here', () => at(ann, '@zz', ['zz']));
  await t.step('at all by ordinary', () => at(bob, '@all', ['AtAllTag']));
  await t.step('b resets at', () => t.as(bob, '/conversation/set_conversations', {
    userIDs: [bob],
    conversation: { conversationID: club.chat, conversationType: 3, userID: '', groupID: id, groupAtType: 0 },
  }));
  await club.lists('at all', [bob, cid]);
  await club.seqs('texts');
}

async function changingMessages(club) {
  const { t, chat, notices, users: { ann, bob, cid, dan }, connections } = club;
  const read = (user, hasReadSeq, seqs = []) =>
    t.as(user, '/msg/mark_conversation_as_read', { conversationID: chat, userID: user, hasReadSeq, seqs });
  await t.step('c reads 3', () => read(cid, 3));
  await t.step('c reads back to 2', () => read(cid, 2));
  await t.step('b reads 3', () => read(bob, 3));
  await t.step('b reads 4 with seqs', () => read(bob, 4, [3, 4]));
  await t.step('b reads back', () => read(bob, 2));
  await t.step('d reads foreign', () => read(dan, 2));
  await t.step('group pull', () => club.pull(ann, range(chat), range(notices)));
  await t.step('d pulls foreign group', () => club.pull(dan, range(chat), range(notices)));
  const seqs = (user, conversations) => connections[user].ask(1005, { userID: user, conversations });
  await t.step('d 1005 foreign group', () => seqs(dan, [{ conversationID: chat, seqs: [1, 2] }]));
  const revoke = (user, seq) => t.as(user, '/msg/revoke_msg', { conversationID: chat, seq, userID: user });
  await t.step('b revokes a message of a', () => revoke(bob, 2));
  await t.step('a (owner) revokes b message 3', () => revoke(ann, 3));
  await t.step('b revokes own 3', () => revoke(bob, 3));
  await t.step('a revokes tip 1', () => revoke(ann, 1));
  await t.step('after revokes pull', () => seqs(cid,
    [{ conversationID: chat, seqs: [1, 2, 3] }, { conversationID: notices, seqs: [1, 2, 3] }]));
  const remove = (IsSyncOther) => t.as(bob, '/msg/delete_msgs',
    { conversationID: chat, userID: bob, seqs: [2], deleteSyncOpt: { IsSyncSelf: true, IsSyncOther } });
  await t.step('b deletes 2 self', () => remove(false));
  await t.step('b deletes 2 for all', () => remove(true));
  await t.step('c clears group', () => t.as(cid, '/msg/clear_conversation_msg',
    { conversationIDs: [chat], userID: cid, deleteSyncOpt: { IsSyncSelf: true, IsSyncOther: false } }));
  await club.lists('deleted', [bob, cid]);
  await club.seqs('deleted');
}

const INFO = [
  { groupName: 'G2' }, { groupName: 'G2' }, { introduction: 'i2' }, { faceURL: 'f2' }, { ex: 'x2' },
  { needVerification: 1 }, { lookMemberInfo: 1 }, { applyMemberFriend: 1 }, { notification: 'note' },
  { notification: 'note' }, { notification: '' }, { groupName: 'G3', introduction: 'i3', notification: 'n3' }, {},
];

async function changingInfo(club) {
  const { t, users: { ann, bob } } = club;
  for (const patch of INFO) {
    await t.step(`set info ${JSON.stringify(patch)}`, () => club.call(ann, 'set_group_info_ex', patch));
    await club.lists(`after ${JSON.stringify(patch)}`, [bob]);
  }
  await t.step('b set info', () => club.call(bob, 'set_group_info_ex', { groupName: 'no' }));
}

async function changingMembers(club) {
  const { t, users: { ann, bob, cid } } = club;
  await t.step('a names b', () => club.member(ann, bob, { nickname: 'Bobby' }));
  await club.lists('named', [bob]);
  await t.step('b names himself', () => club.member(bob, bob, { nickname: 'Bob3', faceURL: 'ff', ex: 'ee' }));
  await t.step('b names himself same', () => club.member(bob, bob, { nickname: 'Bob3' }));
  await club.lists('named again', [bob]);
  await t.step('b names c', () => club.member(bob, cid, { nickname: 'Cy' }));
  await t.step('a makes b admin', () => club.member(ann, bob, { roleLevel: 60 }));
  await club.lists('admin', [bob]);
  await t.step('a makes b admin again', () => club.member(ann, bob, { roleLevel: 60 }));
  await t.step('b (admin) names c', () => club.member(bob, cid, { nickname: 'Cy' }));
  await t.step('b (admin) revokes owner message', () =>
    t.as(bob, '/msg/revoke_msg', { conversationID: club.chat, seq: 4, userID: bob }));
  await t.step('b (admin) makes c admin', () => club.member(bob, cid, { roleLevel: 60 }));
  await t.step('ids order', () => club.memberIDs(ann));
  await t.step('a makes b ordinary', () => club.member(ann, bob, { roleLevel: 20 }));
  await club.lists('ordinary', [bob]);
}

async function muting(club) {
  const { t, users: { ann, bob, cid } } = club;
  const mute = (by) => club.call(by, 'mute_group_member', { userID: cid, mutedSeconds: 100 });
  const unmute = () => club.call(ann, 'cancel_mute_group_member', { userID: cid });
  await t.step('mute c', () => mute(ann));
  await club.lists('muted', [bob]);
  await t.step('c muted sends', () => club.send(cid, 'm'));
  await t.step('b mutes c', () => mute(bob));
  await t.step('unmute c', unmute);
  await t.step('unmute c again', unmute);
  await t.step('c sends', () => club.send(cid, 'm'));
  await t.step('mute group', () => club.call(ann, 'mute_group'));
  await club.lists('group muted', [bob]);
  await t.step('mute group again', () => club.call(ann, 'mute_group'));
  await t.step('b sends in muted', () => club.send(bob, 'm'));
  await t.step('a sends in muted', () => club.send(ann, 'm'));
  await t.step('b unmute group', () => club.call(bob, 'cancel_mute_group'));
  await t.step('unmute group', () => club.call(ann, 'cancel_mute_group'));
  await club.lists('group unmuted', [bob]);
}

const join = (club, user, more) => club.call(user, 'join_group', { inviterUserID: user, joinSource: 3, ...more });
const respond = (club, by, fromUserID, handledMsg, handleResult) =>
  club.call(by, 'group_application_response', { fromUserID, handledMsg, handleResult });
const invite = (club, by, user, reason = 'come') =>
  club.call(by, 'invite_user_to_group', { invitedUserIDs: [user], reason });

async function applying(club) {
  const { t, chat, users: { ann, bob, dan, eve } } = club;
  await t.step('d joins (verification 1)', () => join(club, dan, { reqMessage: 'let me', ex: 'jx' }));
  await t.step('d joins again', () => join(club, dan, { reqMessage: 'let me2', ex: 'jx' }));
  await club.applications('open');
  await t.step('b (ordinary) accepts', () => respond(club, bob, dan, 'x', 1));
  await t.step('a refuses', () => respond(club, ann, dan, 'no', -1));
  await t.step('a accepts refused', () => respond(club, ann, dan, 'no', 1));
  await club.applications('refused');
  const again = () => join(club, dan, { reqMessage: 'pls', joinSource: 4 });
  await t.step('d joins after refusal', again);
  await t.step('a accepts', () => respond(club, ann, dan, 'yes', 1));
  await club.lists('d in', [ann, dan]);
  await club.seqs('d in');
  await club.applications('accepted');
  await t.step('d joins as member', again);
  await t.step('d pulls', () => club.pull(dan, range(chat, 1, 99, 3)));
  await t.step('b (ordinary) invites e, verification 1', () => invite(club, bob, eve));
  await club.applications('invited e');
  await t.step('a accepts e', () => respond(club, ann, eve, '', 1));
}

async function quitting(club) {
  const { t, id, chat, users: { ann, dan }, connections } = club;
  await t.step('d quits', () => club.call(dan, 'quit_group', { userID: dan }));
  await club.lists('d quit', [ann, dan]);
  await club.seqs('d quit');
  await t.step('text after quit', () => club.send(ann, 'afterquit'));
  await club.seqs('text after quit');
  await t.step('d pulls after quit', () => club.pull(dan, range(chat, 1, 99, 3)));
  await t.step('d 1005 after quit', () =>
    connections[dan].ask(1005, { userID: dan, conversations: [{ conversationID: chat, seqs: [5, 6, 40, 50] }] }));
  await t.step('d sends after quit', () => club.send(dan, 'x'));
  await t.step('d set pinned after quit', () => t.as(dan, '/conversation/set_conversations', {
    userIDs: [dan],
    conversation: { conversationID: chat, conversationType: 3, userID: '', groupID: id, isPinned: true },
  }));
  await t.step('d asks member list after quit', () => club.members(dan));
  await t.step('d group info after quit', () => t.as(dan, '/group/get_groups_info', { groupIDs: [id] }));
}

async function inviting(club) {
  const { t, chat, users: { ann, bob, dan, eve, fay } } = club;
  const kick = (by, user, more) => club.call(by, 'kick_group', { kickedUserIDs: [user], reason: 'out', ...more });
  await t.step('verification 2', () => club.call(ann, 'set_group_info_ex', { needVerification: 2 }));
  await t.step('d joins directly', () => join(club, dan, { reqMessage: '' }));
  await club.lists('d again', [ann, dan]);
  await club.seqs('d again');
  await t.step('d pulls after rejoin', () => club.pull(dan, range(chat, 1, 99, 3)));
  await t.step('verification 0', () => club.call(ann, 'set_group_info_ex', { needVerification: 0 }));
  await t.step('b invites f', () => invite(club, bob, fay));
  await t.step('b invites f again', () => invite(club, bob, fay));
  await t.step('b kicks d', () => kick(bob, dan));
  await t.step('a kicks d', () => kick(ann, dan));
  await club.lists('d kicked', [ann, dan]);
  await club.seqs('d kicked');
  await t.step('a kicks d again', () => kick(ann, dan));
  await t.step('a kicks e silent', () => kick(ann, eve, { sendMessage: false }));
  await t.step('a invites d back', () => invite(club, ann, dan, ''));
  await club.lists('d back', [ann, dan]);
}

async function ending(club) {
  const { t, id, notices, users: { ann, bob, cid, dan, fay } } = club;
  const transfer = (oldOwnerUserID, newOwnerUserID) =>
    club.call(ann, 'transfer_group', { oldOwnerUserID, newOwnerUserID });
  await t.step('a transfers to b', () => transfer(ann, bob));
  await club.lists('transferred', [ann, bob]);
  await t.step('b transfers for a', () => transfer(bob, ann));
  await t.step('ids after transfer', () => club.memberIDs(ann));
  await t.step('a dismisses', () => club.call(ann, 'dismiss_group'));
  await t.step('b dismisses', () => club.call(bob, 'dismiss_group', { deleteMember: false }));
  await club.lists('dismissed', [ann, bob, dan]);
  await club.seqs('dismissed');
  await t.step('send in dismissed', () => club.send(ann, 'x'));
  await t.step('info of dismissed', () => t.as(ann, '/group/get_groups_info', { groupIDs: [id] }));
  await t.step('members of dismissed', () => club.members(ann));
  await t.step('ids of dismissed', () => club.memberIDs(ann));
  await t.step('members info of dismissed', () => club.call(ann, 'get_group_members_info', { userIDs: [ann] }));
  await t.step('joined list', () =>
    t.as(ann, '/group/get_joined_group_list', { fromUserID: ann, pagination: PAGE }));
  await t.step('joined ids', () => t.as(ann, '/group/get_full_join_group_ids', { userID: ann, idHash: 0 }));
  await t.step('quit dismissed', () => club.call(cid, 'quit_group', { userID: cid }));
  await t.step('dismiss again', () => club.call(bob, 'dismiss_group'));
  await t.step('join dismissed', () => join(club, fay, { reqMessage: '' }));
  await t.step('dismiss q without message', () =>
    t.as(ann, '/group/dismiss_group', { groupID: `q${id}`, deleteMember: true, sendMessage: false }));
  await club.lists('all dismissed', [ann, bob]);
  await t.step('pull n_ of group', () => club.pull(ann, range(notices)));
}

const PARTS = [
  creating, talking, changingMessages, changingInfo, changingMembers, muting, applying, quitting, inviting, ending,
];

export default {
  name: 'groups',
  async run(t) {
    const [ann, bob, cid, dan, eve, fay] = await t.users('ann', 'bob', 'cid', 'dan', 'eve', 'fay');
    const connections = {};
    for (const user of [ann, bob, cid, dan]) {
      connections[user] = await t.connect(user.replace(t.suffix, ''), user);
    }
    await t.online();
    const club = new Club(t, { ann, bob, cid, dan, eve, fay }, connections);
    for (const part of PARTS) await part(club);
  },
};
