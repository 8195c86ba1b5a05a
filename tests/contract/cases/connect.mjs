// The gateway: arguments of a connect, both envelopes, requests it does not know, heartbeats.
import { gzipSync } from 'node:zlib';
import { sleep } from '../connection.mjs';
import { chatOf, range, single } from './requests.mjs';

const FIRST_MS = 500;

/** What the connect was answered, what came first, and whether it ended. */
async function met(t, label, user, query) {
  const connection = await t.connect(label, user, query);
  const { frames, closed } = await t.first(connection);
  t.leave(connection);
  return { answer: connection.answer, frames, closed };
}

async function queries(t, { ann, bob }) {
  const cases = {
    good: {},
    'without a first answer': { isMsgResp: 'false' },
    'first answer not said': { isMsgResp: null },
    'first answer no bool': { isMsgResp: 'x' },
    'background true': { isBackground: 'true' },
    'background no bool': { isBackground: 'x' },
    'background not said': { isBackground: null },
    'no token': { token: null },
    'empty token': { token: '' },
    'malformed token': { token: 'abc' },
    'no sendID': { sendID: null },
    'another sendID': { sendID: bob },
    'no platform': { platformID: null },
    'platform no number': { platformID: 'x' },
    'platform 0': { platformID: 0 },
    'platform 12': { platformID: 12 },
    'another platform': { platformID: 2 },
    'no operationID': { operationID: null },
    'unknown sdkType': { sdkType: 'zz' },
    'sdkType go': { sdkType: 'go' },
    'sdkType js': { sdkType: 'js' },
    'unknown compression': { compression: 'zz' },
    'no compression': { compression: null },
  };
  for (const [name, query] of Object.entries(cases)) {
    await t.answer(`connect: ${name}`, () => met(t, 'x', ann, query));
    if (query.isMsgResp === undefined && !name.startsWith('sdkType') && name !== 'good') {
      await t.answer(`connect: ${name}, without a first answer`, () =>
        met(t, 'x', ann, { ...query, isMsgResp: 'false' }));
    }
  }
}

async function envelopes(t, { ann, bob }) {
  for (const sdkType of ['go', 'js']) {
    for (const compression of ['gzip', null]) {
      const kind = `${sdkType} ${compression ?? 'plain'}`;
      const connection = await t.connect('ann', ann, { sdkType, compression });
      await t.online();
      await t.step(`${kind}: 1001`, () => connection.ask(1001, { userID: ann }));
      await t.step(`${kind}: text`, () => connection.ask(1003, single(ann, bob, 'hi')));
      await t.step(`${kind}: refused`, () => connection.ask(1003, single(bob, ann, 'hi')));
      await t.step(`${kind}: 1004`, () => connection.ask(1004, Buffer.from('x')));
      await t.step(`${kind}: 2004`, () => connection.ask(2004, { userID: ann, isBackground: true }));
      await t.step(`${kind}: heartbeat text`, async () => {
        connection.raw(JSON.stringify({ type: 'ping', body: 'b' }));
        return {};
      });
      await t.step(`${kind}: other text`, async () => {
        connection.raw('hello');
        return {};
      });
      t.leave(connection);
    }
  }
}

async function requests(t, { ann, bob }) {
  const open = (query) => t.connect('ann', ann, query);
  /** Each on a connection of its own: some end it. */
  const each = async (name, act, query) => {
    const connection = await open(query);
    await sleep(FIRST_MS);
    await t.step(name, () => act(connection));
    t.leave(connection);
  };
  await each('unknown request', (c) => c.ask(1999, Buffer.from('x'), { wait: 1_500 }));
  await each('request 0', (c) => c.ask(0, Buffer.from('x'), { wait: 1_500 }));
  await each('push as a request', (c) => c.ask(2001, Buffer.from('x'), { wait: 1_500 }));
  await each('another sendID', (c) => c.ask(1001, { userID: bob }, { SendID: bob, wait: 1_500 }));
  await each('1001 of another', (c) => c.ask(1001, { userID: bob }));
  await each('1006 of another', (c) => c.ask(1006, { userID: bob, conversationIDs: [] }));
  await each('no sendID', (c) => c.ask(1001, { userID: ann }, { SendID: '', wait: 1_500 }));
  await each('no operationID', (c) => c.ask(1001, { userID: ann }, { OperationID: '', wait: 1_500 }));
  await each('no msgIncr', (c) => c.ask(1001, { userID: ann }, { MsgIncr: '', wait: 1_500 }));
  await each('no data', (c) => c.ask(1001, null, { wait: 1_500 }));
  await each('data is garbage', (c) => c.ask(1001, Buffer.from([0xff, 0xff, 0xff]), { wait: 1_500 }));
  await each('text is garbage', (c) => c.ask(1003, Buffer.from([0xff, 0xff, 0xff]), { wait: 1_500 }));
  await each('logout is garbage', (c) => c.ask(2003, Buffer.from([0xff, 0xff, 0xff]), { wait: 1_500 }));
  await each('logout of another', (c) => c.ask(2003, { userID: bob, platformID: 5 }, { wait: 1_500 }));
  await each('background is garbage', (c) => c.ask(2004, Buffer.from([0xff, 0xff, 0xff]), { wait: 1_500 }));
  await each('subscription is garbage', (c) => c.ask(2005, Buffer.from([0xff, 0xff, 0xff]), { wait: 1_500 }));
  const raw = (bytes) => async (connection) => {
    connection.raw(bytes);
    return {};
  };
  await each('frame is garbage', raw(Buffer.from('garbage')));
  await each('frame is zipped garbage', raw(gzipSync('garbage')));
  await each('frame is garbage, plain', raw(Buffer.from('garbage')), { compression: null });
  await each('frame is garbage, js', raw(Buffer.from('garbage')), { sdkType: 'js', compression: null });
  await each('empty frame', raw(Buffer.alloc(0)));
  await each('pull of too much', (c) =>
    c.ask(1002, { userID: ann, seqRanges: [range(chatOf(ann, bob), 1, 1_000_000, 1_000_000)] }));
}

export default {
  name: 'connect',
  async run(t) {
    const [ann, bob] = await t.users('ann', 'bob');
    const world = { ann, bob };
    await queries(t, world);
    await envelopes(t, world);
    await requests(t, world);
  },
};
