// The life of a group, from its founding to its end; applications, marks, roles.
import assert from 'node:assert/strict';
import { call, events, history, newMessages, send, test } from '../e2e/harness.mjs';
import {
  OTHER_SIDES, enter, eventually, hears, holds, idsOf, receives, refused, register, world,
} from './world.mjs';

const chatOf = (groupID) => `sg_${groupID}`;
const rowOf = async (page, groupID) => (await call(page, 'getMultipleConversation', [chatOf(groupID)]))[0];
const memberIDs = async (page, groupID) =>
  (await call(page, 'getGroupMemberList', { groupID, filter: 0, offset: 0, count: 100 })).map(({ userID }) => userID).sort();
const members = (page, groupID, people) =>
  eventually('the members', page, ['getGroupMemberList', { groupID, filter: 0, offset: 0, count: 100 }], (list) =>
    JSON.stringify(list.map(({ userID }) => userID).sort()) === JSON.stringify(people.map(({ id }) => id).sort()));

/** A group founded by the first page's person with the others. */
async function create(page, people, more = {}) {
  const group = await call(page, 'createGroup', {
    memberUserIDs: people.map(({ id }) => id), groupInfo: { groupName: 'Garden', groupType: 2, ...more },
  });
  assert.equal(group.ownerUserID, page.person.id);
  assert.equal(group.memberCount, people.length + 1);
  return group.groupID;
}

for (const sdk of OTHER_SIDES) {
  test(`a group is founded, written in, changed and ended; a member with ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
    const [a, b, c] = [await enter(server, ann), await enter(server, bob, { sdk }), await enter(server, cid)];
    const groupID = await create(a, [bob, cid]);
    for (const page of [b, c]) {
      const [group] = await eventually('the group', page, ['getJoinedGroupList'], (list) => list.length === 1);
      assert.deepEqual([group.groupID, group.groupName, group.creatorUserID], [groupID, 'Garden', ann.id]);
      await eventually('the chat', page, ['getAllConversationList'], (list) =>
        list.some(({ conversationID }) => conversationID === chatOf(groupID)));
    }
    const sent = [];
    for (const [page, text] of [[a, 'hello'], [b, 'hello Ann'], [c, 'and me']]) {
      const { clientMsgID } = await send(page, { groupID }, 'createTextMessage', text);
      sent.push(clientMsgID);
      for (const other of [a, b, c].filter((one) => one !== page)) await receives(other, clientMsgID);
    }
    for (const page of [a, b, c]) {
      assert.deepEqual(idsOf(await history(page, chatOf(groupID))).slice(-3), sent);
      await members(page, groupID, [ann, bob, cid]);
    }

    await call(a, 'setGroupMemberInfo', { groupID, userID: bob.id, roleLevel: 60 });
    await hears(c, 'OnGroupMemberInfoChanged', ({ userID, roleLevel }) => userID === bob.id && roleLevel === 60);
    await call(b, 'setGroupInfo', { groupID, groupName: 'Orchard' });
    for (const page of [a, c]) await hears(page, 'OnGroupInfoChanged', ({ groupName }) => groupName === 'Orchard');
    await eventually('the new name', c, ['getMultipleConversation', [chatOf(groupID)]], ([row]) => row.showName === 'Orchard');

    await call(a, 'changeGroupMemberMute', { groupID, userID: cid.id, mutedSeconds: 60 });
    await hears(c, 'OnGroupMemberInfoChanged', ({ userID, muteEndTime }) => userID === cid.id && muteEndTime > Date.now());
    await assert.rejects(send(c, { groupID }, 'createTextMessage', 'muted'), /1402/);
    await call(a, 'changeGroupMemberMute', { groupID, userID: cid.id, mutedSeconds: 0 });
    await eventually('the end of it', c, ['getSpecifiedGroupMembersInfo', { groupID, userIDList: [cid.id] }], ([own]) => own.muteEndTime < Date.now());
    await receives(a, (await send(c, { groupID }, 'createTextMessage', 'free')).clientMsgID);

    await call(a, 'kickGroupMember', { groupID, reason: '', userIDList: [cid.id] });
    await hears(c, 'OnJoinedGroupDeleted', (group) => group.groupID === groupID);
    for (const page of [a, b]) await members(page, groupID, [ann, bob]);
    await assert.rejects(send(c, { groupID }, 'createTextMessage', 'still here?'), /1002|1203/);

    await call(a, 'transferGroupOwner', { groupID, newOwnerUserID: bob.id });
    for (const page of [a, b]) {
      await eventually('the new owner', page, ['getSpecifiedGroupsInfo', [groupID]], ([group]) => group.ownerUserID === bob.id);
      await eventually('the roles', page, ['getSpecifiedGroupMembersInfo', { groupID, userIDList: [bob.id, ann.id] }], (list) =>
        list.find(({ userID }) => userID === bob.id).roleLevel === 100 && list.find(({ userID }) => userID === ann.id).roleLevel === 60);
    }
    await call(b, 'dismissGroup', groupID);
    await hears(a, 'OnGroupDismissed', (group) => group.groupID === groupID);
    await eventually('no group', a, ['getJoinedGroupList'], (list) => list.every((group) => group.groupID !== groupID));
    await assert.rejects(send(a, { groupID }, 'createTextMessage', 'anybody?'), /1204|1002|1203/);
  }, { seconds: 240 });
}

test('who applies is told of, with the group\'s name; accepted and refused; and is in', async (context) => {
  const server = await world(context);
  const [ann, bob, cid, dan] = await register('Ann', 'Bob', 'Cid', 'Dan');
  const [a, b, c, d] = [await enter(server, ann), await enter(server, bob), await enter(server, cid), await enter(server, dan)];
  const groupID = await create(a, [bob]);
  await call(a, 'setGroupVerification', { groupID, verification: 1 });
  await call(c, 'joinGroup', { groupID, reqMsg: 'let me in', joinSource: 3 });
  for (const page of [a, c]) {
    const asked = await hears(page, 'OnGroupApplicationAdded', (one) => one.userID === cid.id);
    assert.deepEqual([asked.groupID, asked.groupName, asked.reqMsg, asked.nickname], [groupID, 'Garden', 'let me in', 'Cid']);
    assert.equal(asked.handleResult, 0);
  }
  assert.equal(await call(a, 'getGroupApplicationUnhandledCount', { time: 0 }), 1);
  await call(a, 'acceptGroupApplication', { groupID, fromUserID: cid.id, handleMsg: 'welcome' });
  const accepted = await hears(c, 'OnGroupApplicationAccepted', (one) => one.groupID === groupID);
  assert.deepEqual([accepted.groupName, accepted.handledMsg, accepted.handleResult], ['Garden', 'welcome', 1]);
  await hears(c, 'OnJoinedGroupAdded', (group) => group.groupID === groupID);
  for (const page of [a, b, c]) await members(page, groupID, [ann, bob, cid]);
  await receives(b, (await send(c, { groupID }, 'createTextMessage', 'thank you')).clientMsgID);

  await call(d, 'joinGroup', { groupID, reqMsg: 'me too', joinSource: 3 });
  await hears(a, 'OnGroupApplicationAdded', (one) => one.userID === dan.id);
  await call(a, 'refuseGroupApplication', { groupID, fromUserID: dan.id, handleMsg: 'full' });
  const no = await hears(d, 'OnGroupApplicationRejected', (one) => one.groupID === groupID);
  assert.deepEqual([no.groupName, no.handledMsg, no.handleResult], ['Garden', 'full', -1]);
  assert.equal(await call(d, 'isJoinGroup', groupID), false);
  const again = await refused(a, 'acceptGroupApplication', { groupID, fromUserID: dan.id, handleMsg: '' });
  assert.ok(again.errCode > 0, `answered before: ${JSON.stringify(again)}`);
  // Both lists, on devices that were not there.
  const [later, own] = [await enter(server, ann), await enter(server, dan)];
  const received = await call(later, 'getGroupApplicationListAsRecipient');
  assert.deepEqual(received.map(({ userID, groupName, handleResult }) => [userID, groupName, handleResult]).sort(), [
    [cid.id, 'Garden', 1], [dan.id, 'Garden', -1],
  ].sort());
  const [mine] = await call(own, 'getGroupApplicationListAsApplicant');
  assert.deepEqual([mine.groupID, mine.groupName, mine.handleResult], [groupID, 'Garden', -1]);
});

test('a mark for who is named, for everybody, and for an announcement; gone when reset', async (context) => {
  const server = await world(context);
  const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
  const [a, b, c] = [await enter(server, ann), await enter(server, bob), await enter(server, cid)];
  const groupID = await create(a, [bob, cid]);
  const at = (...list) => ({
    text: '@', atUserIDList: list.map(({ id }) => id), atUsersInfo: list.map(({ id, name }) => ({ atUserID: id, groupNickname: name })),
  });
  const all = { id: 'AtAllTag', name: 'all' };
  const mark = (page, type) => eventually(`mark ${type}`, page, ['getMultipleConversation', [chatOf(groupID)]], (list) => list[0]?.groupAtType === type);
  const named = await send(a, { groupID }, 'createTextAtMessage', at(bob));
  await receives(c, named.clientMsgID);
  await mark(b, 1);
  assert.equal((await rowOf(c, groupID)).groupAtType, 0);
  assert.equal((await rowOf(a, groupID)).groupAtType, 0);
  await call(b, 'resetConversationGroupAtType', chatOf(groupID));
  await mark(b, 0);
  const everybody = await send(a, { groupID }, 'createTextAtMessage', at(all));
  await receives(c, everybody.clientMsgID);
  // Who is named is more than an announcement: that mark must be seen first.
  for (const page of [b, c]) {
    await mark(page, 2);
    await call(page, 'resetConversationGroupAtType', chatOf(groupID));
    await mark(page, 0);
  }
  await call(a, 'setGroupInfo', { groupID, notification: 'we meet at nine' });
  for (const page of [b, c]) {
    await hears(page, 'OnGroupInfoChanged', ({ notification }) => notification === 'we meet at nine');
    await mark(page, 4);
  }
  // It is not carried on by what comes afterwards without one.
  await call(c, 'resetConversationGroupAtType', chatOf(groupID));
  await receives(c, (await send(a, { groupID }, 'createTextMessage', 'that is all')).clientMsgID);
  await mark(c, 0);
});

test('who owns a group takes others\' messages back; members do not', async (context) => {
  const server = await world(context);
  const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
  const [a, b, c] = [await enter(server, ann), await enter(server, bob), await enter(server, cid)];
  const groupID = await create(a, [bob, cid]);
  const id = chatOf(groupID);
  const { clientMsgID } = await send(b, { groupID }, 'createTextMessage', 'rude');
  for (const page of [a, c]) await receives(page, clientMsgID);
  const { errCode } = await refused(c, 'revokeMessage', { conversationID: id, clientMsgID });
  assert.ok(errCode > 0);
  await call(a, 'revokeMessage', { conversationID: id, clientMsgID });
  for (const page of [a, b, c]) {
    const told = await hears(page, 'OnNewRecvMessageRevoked', (revoked) => revoked.clientMsgID === clientMsgID);
    assert.deepEqual([told.revokerID, told.revokerRole], [ann.id, 100]);
    assert.equal((await history(page, id)).find((one) => one.clientMsgID === clientMsgID).contentType, 2101);
  }
});

test('who joins later, is invited, leaves: the others see it, and the history is as the server has it', async (context) => {
  const server = await world(context);
  const [ann, bob, cid] = await register('Ann', 'Bob', 'Cid');
  const [a, b, c] = [await enter(server, ann), await enter(server, bob), await enter(server, cid)];
  const groupID = await create(a, [bob]);
  await call(a, 'setGroupVerification', { groupID, verification: 2 });
  await receives(b, (await send(a, { groupID }, 'createTextMessage', 'before')).clientMsgID);
  await call(c, 'joinGroup', { groupID, reqMsg: '', joinSource: 3 });
  for (const page of [a, b, c]) await members(page, groupID, [ann, bob, cid]);
  const { clientMsgID } = await send(b, { groupID }, 'createTextMessage', 'after');
  for (const page of [a, c]) await receives(page, clientMsgID);
  const seen = idsOf(await history(a, chatOf(groupID)));
  await holds(b, chatOf(groupID), seen);
  await call(c, 'quitGroup', groupID);
  await hears(a, 'OnGroupMemberDeleted', ({ userID }) => userID === cid.id);
  for (const page of [a, b]) await members(page, groupID, [ann, bob]);
  await eventually('no group', c, ['getJoinedGroupList'], (list) => list.length === 0);
  await call(a, 'inviteUserToGroup', { groupID, reason: '', userIDList: [cid.id] });
  await eventually('the group', c, ['getJoinedGroupList'], (list) => list.length === 1);
  for (const page of [a, b, c]) await members(page, groupID, [ann, bob, cid]);
  const last = await send(c, { groupID }, 'createTextMessage', 'back');
  for (const page of [a, b]) await receives(page, last.clientMsgID);
  assert.deepEqual(await memberIDs(a, groupID), await memberIDs(c, groupID));
  const told = (await newMessages(b)).map(({ clientMsgID: one }) => one);
  assert.equal(new Set(told).size, told.length, 'nothing is told twice');
  assert.deepEqual(await events(b, 'OnJoinedGroupDeleted'), []);
});
