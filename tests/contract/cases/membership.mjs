// A group's messages in the eyes of members who read, revoke, delete, clear, leave and come back.
import { bytes, group as groupText, noticesOf, range } from './requests.mjs';
import { Held } from './held.mjs';

const BOTH = { IsSyncSelf: true, IsSyncOther: true };
const SELF = { IsSyncSelf: true, IsSyncOther: false };

class Hall {
  constructor(t, users, connections) {
    Object.assign(this, { t, users, connections });
    this.id = t.id('hall');
    this.chat = `sg_${this.id}`;
    this.notices = `n_${this.id}`;
    this.held = new Held(t);
  }

  call(user, path, body) {
    return this.t.as(user, `/group/${path}`, { groupID: this.id, ...body });
  }

  msg(user, path, body) {
    return this.t.as(user, `/msg/${path}`, { conversationID: this.chat, userID: user, ...body });
  }

  send(user, text, over) {
    return this.connections[user].ask(1003, groupText(user, this.id, text, over));
  }

  pull(user, ranges, order = 0) {
    return this.connections[user].ask(1002, { userID: user, seqRanges: ranges, order });
  }

  seqs(user, seqs, order = 0) {
    return this.connections[user].ask(1005,
      { userID: user, order, conversations: [{ conversationID: this.chat, seqs }] });
  }

  read(user, hasReadSeq, seqs) {
    return this.msg(user, 'mark_conversation_as_read', { hasReadSeq, seqs });
  }

  revoke(user, seq) {
    return this.msg(user, 'revoke_msg', { seq });
  }

  remove(user, seqs, deleteSyncOpt) {
    return this.msg(user, 'delete_msgs', { seqs, deleteSyncOpt });
  }

  clear(user, deleteSyncOpt) {
    return this.msg(user, 'clear_conversation_msg', { conversationIDs: [this.chat], deleteSyncOpt });
  }

  /** Positions, all messages, the row, and what changed of the rows, for these users. */
  look(name, users) {
    return this.t.answer(`look ${name}`, async () => {
      const all = {};
      for (const user of users) {
        const connection = this.connections[user];
        all[user.replace(this.t.suffix, '')] = {
          one: await connection.ask(1001, { userID: user }),
          six: await connection.ask(1006, { userID: user, conversationIDs: [this.chat] }),
          msgs: await this.pull(user, [range(this.chat)]),
          last: await connection.ask(1007, { userID: user, conversationIDs: [this.chat] }),
          row: await this.t.as(user, '/conversation/get_conversations',
            { ownerUserID: user, conversationIDs: [this.chat] }),
          rows: await this.held.list('rows', user),
          joined: await this.held.list('joined', user),
        };
      }
      return all;
    });
  }
}

async function pulling(hall) {
  const { t, chat, notices, users: { ann, bob, eve } } = hall;
  for (const order of [0, 1]) {
    const pull = (name, ...ranges) =>
      t.answer(`1002 ${name} order ${order}`, () => hall.pull(bob, ranges, order));
    await pull('0..2', range(chat, 0, 2, 5));
    await pull('2..3 num 1', range(chat, 2, 3, 1));
    await pull('-4..99 num 2', range(chat, -4, 99, 2));
    await pull('7..9', range(chat, 7, 9, 5));
    await pull('3..3 num 9', range(chat, 3, 3, 9));
    await pull('two of it', range(chat, 1, 2, 5), range(chat, 2, 4, 5));
    await pull('with notices', range(chat, 1, 2, 5), range(notices, 1, 5, 5), range(noticesOf(bob, bob), 1, 5, 5));
    await t.answer(`1005 odd order ${order}`, () => hall.seqs(bob, [4, 1, 99, 0, 1, -3], order));
  }
  await t.answer('1002 of a stranger', () => hall.pull(eve, [range(chat, 1, 4, 9)]));
  await t.answer('1005 of a stranger', () => hall.seqs(eve, [1, 2]));
  await t.answer('1006 of a stranger', () =>
    hall.connections[eve].ask(1006, { userID: eve, conversationIDs: [chat, notices] }));
  await t.answer('1007 of a stranger', () =>
    hall.connections[eve].ask(1007, { userID: eve, conversationIDs: [chat] }));
  await t.answer('1006 of notices', () =>
    hall.connections[ann].ask(1006, { userID: ann, conversationIDs: [notices, noticesOf(ann, ann)] }));
  await t.answer('1007 of notices', () => hall.connections[ann].ask(1007, { userID: ann, conversationIDs: [notices] }));
  await t.answer('newest_seq', () => t.as(bob, '/msg/newest_seq', { userID: bob }));
  await t.answer('get_conversations_has_read_and_max_seq', () =>
    t.as(bob, '/msg/get_conversations_has_read_and_max_seq', { userID: bob, conversationIDs: [chat, t.id('nope')] }));
  await t.answer('pull_msg_by_seq', () => t.as(bob, '/msg/pull_msg_by_seq',
    { userID: bob, seqRanges: [range(chat, 1, 2, 2)], order: 0 }));
}

async function reading(hall) {
  const { t, users: { bob, cid, eve } } = hall;
  await t.step('c reads seqs before its position', () => hall.read(cid, 1, [3, 4]));
  await t.step('c reads 2 without seqs', () => hall.read(cid, 2));
  await t.step('c reads beyond the newest', () => hall.read(cid, 77, []));
  await t.step('c reads a seq beyond the newest', () => hall.read(cid, 2, [88]));
  await t.step('c reads 0', () => hall.read(cid, 0, []));
  await t.step('c reads -1', () => hall.read(cid, -1, []));
  await t.step('e, a stranger, reads', () => hall.read(eve, 2, []));
  await t.step('b marks two messages', () => hall.msg(bob, 'mark_msgs_as_read', { seqs: [2, 3] }));
  await t.step('b marks them backwards', () => hall.msg(bob, 'mark_msgs_as_read', { seqs: [3, 2] }));
  await t.step('b marks beyond the newest', () => hall.msg(bob, 'mark_msgs_as_read', { seqs: [2, 99] }));
  await t.step('e marks', () => hall.msg(eve, 'mark_msgs_as_read', { seqs: [2] }));
  await t.step('b sets 4', () => hall.msg(bob, 'set_conversation_has_read_seq', { hasReadSeq: 4 }));
  await t.step('b sets 2', () => hall.msg(bob, 'set_conversation_has_read_seq', { hasReadSeq: 2 }));
  await t.step('b sets 2 without notification', () =>
    hall.msg(bob, 'set_conversation_has_read_seq', { hasReadSeq: 2, noNotification: true }));
  await t.step('e sets 2', () => hall.msg(eve, 'set_conversation_has_read_seq', { hasReadSeq: 2 }));
  await hall.look('read', [bob, cid]);
}

async function revoking(hall) {
  const { t, chat, users: { ann, bob, cid, dan, eve } } = hall;
  const quote = (seq, from) => ({ contentType: 114, clientMsgID: t.id(`q${seq}`), content: bytes({ text: 'q', quoteMessage: {
    clientMsgID: t.id(`m${seq}`), seq, contentType: 101, sendID: from, groupID: hall.id, content: '{"content":"w"}',
  } }) });
  await t.step('c revokes her own 4', () => hall.revoke(cid, 4));
  await t.step('c revokes 4 again', () => hall.revoke(cid, 4));
  await t.step('c revokes a message of d', () => hall.revoke(cid, 5));
  await t.step('b (admin) revokes a message of d', () => hall.revoke(bob, 5));
  await t.step('b (admin) revokes a message of a (owner)', () => hall.revoke(bob, 2));
  await t.step('a revokes a message of b (admin)', () => hall.revoke(ann, 3));
  await t.step('e, a stranger, revokes', () => hall.revoke(eve, 6));
  await t.step('a revokes a line of the system', () => hall.revoke(ann, 1));
  await t.step('c quotes what is revoked', () => hall.send(cid, '', quote(3, bob)));
  await t.step('c quotes what is there', () => hall.send(cid, '', quote(6, ann)));
  await t.step('the application revokes 6 as itself', () =>
    t.admin('/msg/revoke_msg', { conversationID: chat, seq: 6, userID: 'imAdmin' }));
  await t.step('the application revokes 7 as its sender', () =>
    t.admin('/msg/revoke_msg', { conversationID: chat, seq: 7, userID: dan }));
  await t.step('b reads it all', () => hall.read(bob, 9, []));
  await hall.look('revoked', [ann, dan]);
  await t.answer('1005 of revoked', () => hall.seqs(dan, [3, 4, 5, 6, 7, 8, 9]));
}

async function deleting(hall) {
  const { t, users: { ann, bob, cid, dan, eve } } = hall;
  for (const text of ['d1', 'd2', 'd3']) await hall.send(cid, text);
  await t.settle({ ann: Array(3), bob: Array(3) });
  await t.step('c deletes one of hers for all', () => hall.remove(cid, [10], BOTH));
  await t.step('d deletes one of c for all', () => hall.remove(dan, [11], BOTH));
  await t.step('a deletes one of c for all', () => hall.remove(ann, [11], BOTH));
  await t.step('d deletes several for himself', () => hall.remove(dan, [2, 6, 12, 99], SELF));
  await t.step('d deletes without options', () => hall.remove(dan, [8]));
  await t.step('d deletes only for others', () => hall.remove(dan, [9], { IsSyncSelf: false, IsSyncOther: true }));
  await t.step('d deletes 0', () => hall.remove(dan, [0], SELF));
  await t.step('e, a stranger, deletes', () => hall.remove(eve, [12], SELF));
  await t.step('c revokes what she deleted for all', () => hall.revoke(cid, 10));
  await t.step('c revokes what d deleted for himself', () => hall.revoke(cid, 12));
  await hall.look('deleted', [cid, dan]);
  await t.answer('1005 of deleted', () => hall.seqs(dan, [2, 8, 9, 10, 11, 12]));
  await t.step('b clears for himself', () => hall.clear(bob, SELF));
  await t.step('b clears without options', () => hall.clear(bob));
  await hall.look('cleared by b', [bob, cid]);
  await t.step('text after that', () => hall.send(ann, 'anew'));
  await t.step('b reads it', () => hall.read(bob, 13, [13]));
  await t.step('b reads what is cleared', () => hall.read(bob, 3, [3]));
  await t.step('b deletes what is cleared', () => hall.remove(bob, [3], SELF));
  await t.step('b revokes what is cleared', () => hall.revoke(bob, 2));
  await t.answer('1005 of cleared', () => hall.seqs(bob, [1, 2, 12, 13]));
  await t.answer('1002 desc of cleared', () => hall.pull(bob, [range(hall.chat, 1, 99, 2)], 1));
  await t.step('c, an ordinary member, clears for all', () => hall.clear(cid, BOTH));
  await hall.look('cleared for all', [ann, cid]);
  await t.step('text after clearing for all', () => hall.send(dan, 'second life'));
  await t.step('a clears for others only', () => hall.clear(ann, { IsSyncSelf: false, IsSyncOther: true }));
  await hall.look('cleared by a', [ann, dan]);
  await t.step('e, a stranger, clears', () => hall.clear(eve, SELF));
}

async function leaving(hall) {
  const { t, id, chat, notices, users: { ann, bob, cid, dan, eve } } = hall;
  const row = (user, patch) => t.as(user, '/conversation/set_conversations', {
    userIDs: [user], conversation: { conversationID: chat, conversationType: 3, userID: '', groupID: id, ...patch },
  });
  for (const text of ['l1', 'l2', 'l3']) await hall.send(dan, text);
  await t.settle({ ann: Array(3), bob: Array(3) });
  await t.step('d quits', () => hall.call(dan, 'quit_group', {}));
  await t.step('text without d', () => hall.send(ann, 'without d'));
  await hall.look('d out', [ann, dan]);
  await t.step('d out: reads', () => hall.read(dan, 15, []));
  await t.step('d out: reads with seqs', () => hall.read(dan, 17, [16, 17]));
  await t.step('d out: deletes for himself', () => hall.remove(dan, [15], SELF));
  await t.step('d out: deletes for all', () => hall.remove(dan, [16], BOTH));
  await t.step('d out: revokes his own', () => hall.revoke(dan, 17));
  await t.step('a revokes a message of d, who is out', () => hall.revoke(ann, 17));
  await t.step('d out: mutes the row', () => row(dan, { recvMsgOpt: 2 }));
  await t.step('d out: group info', () => t.as(dan, '/group/get_groups_info', { groupIDs: [id] }));
  await t.step('d out: members', () => hall.call(dan, 'get_group_members_info', { userIDs: [ann, dan] }));
  await t.step('d out: quits again', () => hall.call(dan, 'quit_group', {}));
  await t.step('d out: typing', () =>
    hall.send(dan, '', { contentType: 113, content: bytes({ msgTips: 'yes' }), options: { history: false } }));
  await t.answer('d out: 1002', () => hall.pull(dan, [range(chat), range(notices)], 1));
  await t.answer('d out: 1005', () => hall.seqs(dan, [14, 15, 16, 17, 18, 19]));
  await t.step('d out: clears', () => hall.clear(dan, SELF));
  await hall.look('d out and clear', [dan]);
  await t.step('a invites d and e', () =>
    hall.call(ann, 'invite_user_to_group', { invitedUserIDs: [dan, eve], reason: 'r' }));
  await hall.look('d and e in', [ann, dan, eve]);
  await t.step('e reads everything', () => hall.read(eve, 20, []));
  await t.answer('e: 1002 of what was before', () => hall.pull(eve, [range(chat, 1, 9, 5)]));
  await t.step('e talks', () => hall.send(eve, 'hello'));
  await t.step('a kicks d and e', () =>
    hall.call(ann, 'kick_group', { kickedUserIDs: [dan, eve], reason: 'r' }));
  await hall.look('d and e out', [ann, dan, eve]);
  await t.step('e out: talks', () => hall.send(eve, 'hello'));
  await t.step('e out: revokes', () => hall.revoke(eve, 21));
  await t.step('text without d and e', () => hall.send(bob, 'without both'));
  await t.step('anybody may come', () => hall.call(ann, 'set_group_info_ex', { needVerification: 2 }));
  await t.step('d comes by himself', () =>
    hall.call(dan, 'join_group', { inviterUserID: dan, joinSource: 4, reqMessage: '' }));
  await hall.look('d back', [dan]);
  await t.step('d talks again', () => hall.send(dan, 'back'));
  await t.step('c deletes her row', () =>
    t.as(cid, '/conversation/delete_conversations', { ownerUserID: cid, conversationIDs: [chat] }));
  await t.step('text after that row', () => hall.send(ann, 'x'));
  await hall.look('c without row', [cid]);
}

async function ended(hall) {
  const { t, id, chat, users: { ann, bob, cid, dan } } = hall;
  await t.step('a dismisses', () => hall.call(ann, 'dismiss_group', {}));
  await hall.look('dismissed', [ann, bob, dan]);
  await t.step('dismissed: reads', () => hall.read(bob, 14, []));
  await t.step('dismissed: deletes', () => hall.remove(bob, [14], SELF));
  await t.step('dismissed: deletes for all', () => hall.remove(bob, [18], BOTH));
  await t.step('dismissed: revokes', () => hall.revoke(bob, 22));
  await t.step('dismissed: a revokes', () => hall.revoke(ann, 22));
  await t.step('dismissed: clears', () => hall.clear(bob, SELF));
  await t.step('dismissed: pinned', () => t.as(bob, '/conversation/set_conversations', {
    userIDs: [bob], conversation: { conversationID: chat, conversationType: 3, userID: '', groupID: id, isPinned: true },
  }));
  for (const [path, body] of Object.entries({
    invite_user_to_group: { invitedUserIDs: [cid] }, kick_group: { kickedUserIDs: [cid] },
    transfer_group: { oldOwnerUserID: ann, newOwnerUserID: bob }, set_group_info_ex: { groupName: 'x' },
    mute_group: {}, cancel_mute_group: {}, mute_group_member: { userID: bob, mutedSeconds: 5 },
    cancel_mute_group_member: { userID: bob }, set_group_member_info: { members: [{ groupID: id, userID: ann, nickname: 'x' }] },
    group_application_response: { fromUserID: cid, handleResult: 1 },
    get_recv_group_applicationList: { fromUserID: ann, groupIDs: [id], pagination: { pageNumber: 1, showNumber: 5 } },
    get_group_abstract_info: { groupIDs: [id] },
  })) await t.step(`dismissed: ${path}`, () => hall.call(ann, path, body));
  await t.step('dismissed: renamed user', () =>
    t.as(ann, '/user/update_user_info_ex', { userInfo: { userID: ann, nickname: 'Annie' } }));
  await t.step('dismissed: create again', () => t.as(ann, '/group/create_group', {
    memberUserIDs: [bob], ownerUserID: ann, groupInfo: { groupID: id, groupName: 'again', groupType: 2 },
  }));
}

export default {
  name: 'membership',
  async run(t) {
    const [ann, bob, cid, dan, eve] = await t.users('ann', 'bob', 'cid', 'dan', 'eve');
    const connections = {};
    for (const user of [ann, bob, cid, dan, eve]) {
      connections[user] = await t.connect(user.replace(t.suffix, ''), user);
    }
    await t.phone('bobPhone', bob);
    await t.online();
    const hall = new Hall(t, { ann, bob, cid, dan, eve }, connections);
    await t.step('create', () => t.as(ann, '/group/create_group', {
      memberUserIDs: [cid, dan], adminUserIDs: [bob], ownerUserID: ann,
      groupInfo: { groupID: hall.id, groupName: 'Hall', groupType: 2 },
    }));
    for (const [user, text] of [[ann, 'm2'], [bob, 'm3'], [cid, 'm4'], [dan, 'm5'], [ann, 'm6'], [dan, 'm7']]) {
      await hall.send(user, text, { clientMsgID: t.id(text) });
      await t.settle({ ann: Array(1), bob: Array(1) });
      t.connections.forEach((connection) => connection.take());
    }
    for (const part of [pulling, reading, revoking, deleting, leaving, ended]) await part(hall);
  },
};
