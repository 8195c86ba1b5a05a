// Hundreds of messages, read back to the first one: by who was there, who was away, and who is new.
import assert from 'node:assert/strict';
import { call, heard, history, newMessages, test, until } from '../e2e/harness.mjs';
import { begin, enter, found, holds, idsOf, network, open, pair, receives, register, say, world } from './world.mjs';

/** So many messages one after the other, from each in turn. */
async function talk([from, to], count, text = 'line') {
  const sent = [];
  for (let n = 0; n < count; n += 1) sent.push(await (n % 3 ? say(from, to, `${text} ${n}`) : say(to, from, `${text} ${n}`)));
  return sent;
}

test('300 messages of two, to the first one: on a new device, on one that was away, and backwards', async (context) => {
  const server = await world(context);
  const [ann, bob] = await register('Ann', 'Bob');
  const id = pair(ann, bob);
  const sent = await talk([bob, ann], 60, 'early');
  const a = await enter(server, ann);
  await holds(a, id, sent);
  sent.push(await say(bob, ann, 'now'));
  await receives(a, sent.at(-1));
  await network(a, false);
  sent.push(...await talk([bob, ann], 240, 'while away'));
  await network(a, true);
  await receives(a, sent.at(-1));
  await holds(a, id, sent);
  // Told were those that came after the first sync, each once, in order; Ann's own, said by nobody's device, too.
  assert.deepEqual(idsOf(await newMessages(a)), sent.slice(60));

  const fresh = await open(server, ann);
  await begin(fresh);
  await heard(fresh, 'OnSyncServerFinish');
  await holds(fresh, id, sent);
  assert.deepEqual((await history(fresh, id)).map(({ seq }) => seq), sent.map((_, n) => n + 1), 'no number is missing');
  // From the first one forwards.
  const forward = [sent[0]];
  for (let isEnd = false; !isEnd;) {
    const params = { conversationID: id, startClientMsgID: forward.at(-1), count: 50, viewType: 0 };
    const page = await call(fresh, 'getAdvancedHistoryMessageListReverse', params);
    forward.push(...idsOf(page.messageList));
    isEnd = page.isEnd;
  }
  assert.deepEqual(forward, sent);
}, { seconds: 300 });

test('250 messages of a group, to its first line, as a member has them who was never there', async (context) => {
  const server = await world(context);
  const people = await register('Ann', 'Bob', 'Cid');
  const [ann, bob, cid] = people;
  const groupID = await found(people);
  const a = await enter(server, ann);
  await until('the first line', async () => (await history(a, `sg_${groupID}`)).length > 0);
  const sent = [];
  for (let n = 0; n < 250; n += 1) sent.push(await say(n % 2 ? bob : ann, { groupID }, `line ${n}`));
  await receives(a, sent.at(-1));
  const all = idsOf(await history(a, `sg_${groupID}`));
  assert.deepEqual(all.slice(-250), sent);
  const c = await enter(server, cid);
  await holds(c, `sg_${groupID}`, all);
  assert.equal((await call(c, 'getMultipleConversation', [`sg_${groupID}`]))[0].unreadCount, all.length);
}, { seconds: 300 });
