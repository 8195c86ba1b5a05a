// Friends: asked, accepted, refused, deleted; the black list; profiles and who is there.
import assert from 'node:assert/strict';
import { call, events, send, test } from '../e2e/harness.mjs';
import { OTHER_SIDES, begin, enter, eventually, hears, open, receives, refused, register, world } from './world.mjs';

const friendIDs = (list) => list.map(({ userID }) => userID);
const friends = (page, ids) => eventually(`${ids.length} friends`, page, ['getFriendList'], (list) => JSON.stringify(friendIDs(list).sort()) === JSON.stringify(ids.sort()));

for (const sdk of OTHER_SIDES) {
  test(`friendship is asked for, refused, asked again, accepted; only who deletes loses it; the other with ${sdk}`, async (context) => {
    const server = await world(context);
    const [ann, bob] = await register('Ann', 'Bob');
    const [a, b] = [await enter(server, ann), await enter(server, bob, { sdk })];
    await call(a, 'addFriend', { toUserID: bob.id, reqMsg: 'it is me' });
    const asked = await hears(b, 'OnFriendApplicationAdded', ({ fromUserID }) => fromUserID === ann.id);
    assert.deepEqual([asked.fromNickname, asked.reqMsg, asked.handleResult], ['Ann', 'it is me', 0]);
    await call(b, 'refuseFriendApplication', { toUserID: ann.id, handleMsg: 'who?' });
    const no = await hears(a, 'OnFriendApplicationRejected', ({ toUserID }) => toUserID === bob.id);
    assert.deepEqual([no.handleResult, no.handleMsg], [-1, 'who?']);
    await call(a, 'addFriend', { toUserID: bob.id, reqMsg: 'Ann from next door' });
    await hears(b, 'OnFriendApplicationAdded', ({ reqMsg }) => reqMsg === 'Ann from next door');
    await call(b, 'acceptFriendApplication', { toUserID: ann.id, handleMsg: 'oh, hello' });
    await hears(a, 'OnFriendApplicationAccepted', ({ toUserID }) => toUserID === bob.id);
    await friends(a, [bob.id]);
    await friends(b, [ann.id]);
    if (sdk === 'ours') {
      const again = await refused(b, 'acceptFriendApplication', { toUserID: ann.id, handleMsg: '' });
      assert.ok(again.errCode > 0, `answered before: ${JSON.stringify(again)}`);
    }
    await call(a, 'updateFriends', { friendUserIDs: [bob.id], remark: 'Bobby' });
    await eventually('the remark', a, ['getFriendList'], ([friend]) => friend.remark === 'Bobby');

    await call(a, 'deleteFriend', bob.id);
    await hears(a, 'OnFriendDeleted', ({ userID }) => userID === bob.id);
    await friends(a, []);
    // What is sent afterwards comes after the word of it.
    await receives(b, (await send(a, bob.id, 'createTextMessage', 'no longer')).clientMsgID);
    assert.deepEqual(friendIDs(await call(b, 'getFriendList')), [ann.id]);
    assert.deepEqual(await events(b, 'OnFriendDeleted'), []);
    const later = await enter(server, bob);
    assert.deepEqual(friendIDs(await call(later, 'getFriendList')), [ann.id]);
  });
}

test('the black list is one\'s own; who is on it cannot write, until he is off', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const [a, b] = [await enter(server, ann), await enter(server, bob)];
  await call(a, 'addFriend', { toUserID: bob.id, reqMsg: '' });
  await hears(b, 'OnFriendApplicationAdded');
  await call(b, 'acceptFriendApplication', { toUserID: ann.id, handleMsg: '' });
  for (const [page, other] of [[a, bob], [b, ann]]) await friends(page, [other.id]);
  await call(a, 'addBlack', { toUserID: bob.id });
  await hears(a, 'OnBlackAdded', ({ userID }) => userID === bob.id);
  await assert.rejects(send(b, ann.id, 'createTextMessage', 'hello?'), /1302/);
  assert.deepEqual((await call(a, 'getBlackList')).map(({ userID }) => userID), [bob.id]);
  assert.deepEqual(await call(b, 'getBlackList'), []);
  await call(a, 'removeBlack', bob.id);
  await hears(a, 'OnBlackDeleted', ({ userID }) => userID === bob.id);
  await receives(a, (await send(b, ann.id, 'createTextMessage', 'hello!')).clientMsgID);
  for (const name of ['OnBlackAdded', 'OnBlackDeleted']) assert.deepEqual(await events(b, name), []);
  await friends(b, [ann.id]);
});

test('a new name reaches friends, lists and chats', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const [a, b] = [await enter(server, ann), await enter(server, bob)];
  await call(a, 'addFriend', { toUserID: bob.id, reqMsg: '' });
  await hears(b, 'OnFriendApplicationAdded');
  await call(b, 'acceptFriendApplication', { toUserID: ann.id, handleMsg: '' });
  for (const [page, other] of [[a, bob], [b, ann]]) await friends(page, [other.id]);
  const { clientMsgID } = await send(b, ann.id, 'createTextMessage', 'hello');
  await receives(a, clientMsgID);
  await call(b, 'setSelfInfo', { nickname: 'Robert' });
  await hears(b, 'OnSelfInfoUpdated', ({ nickname }) => nickname === 'Robert');
  await hears(a, 'OnFriendInfoChanged', ({ nickname }) => nickname === 'Robert');
  await eventually('the chat\'s name', a, ['getAllConversationList'], ([row]) => row.showName === 'Robert');
});

test('who is subscribed to is told as coming and going', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const a = await enter(server, ann);
  await call(a, 'subscribeUsersStatus', [bob.id]);
  const is = (status) => (state) => state.userID === bob.id && state.status === status;
  const b = await open(server, bob);
  await begin(b);
  await hears(a, 'OnUserStatusChanged', is(1));
  await call(b, 'logout');
  await hears(a, 'OnUserStatusChanged', is(0));
});
