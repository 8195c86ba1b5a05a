// The gateway's other way in: all arguments in one, and what a web server is asked otherwise.
import { chatOf, single } from './requests.mjs';

const packed = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

async function arguments_(t, { ann, bob }) {
  const good = {
    userID: ann, token: t.tokens[ann], platformID: 5, operationID: 'op', compression: 'gzip', sdkType: 'go',
    sendResponse: true, background: false, sdkVersion: '1',
  };
  const cases = {
    good: good, 'without a first answer': { ...good, sendResponse: false }, 'first answer not said': { ...good, sendResponse: undefined },
    'first answer a text': { ...good, sendResponse: 'true' }, 'first answer null': { ...good, sendResponse: null },
    'in the background': { ...good, background: true }, 'background a text': { ...good, background: 'true' },
    'platform a text': { ...good, platformID: '5' }, 'no platform': { ...good, platformID: undefined },
    'platform 13': { ...good, platformID: 13 }, 'platform 5.5': { ...good, platformID: 5.5 }, 'platform null': { ...good, platformID: null },
    'no user': { ...good, userID: undefined }, 'user a number': { ...good, userID: 5 }, 'user under the other name': { ...good, userID: undefined, sendID: ann },
    'no token': { ...good, token: '' }, 'no operationID': { ...good, operationID: '' }, 'another user': { ...good, userID: bob },
    'another platform': { ...good, platformID: 2 }, 'unknown sdkType': { ...good, sdkType: 'zz' }, 'no sdkType': { ...good, sdkType: undefined },
    'a list': [], 'a number': '5', 'no JSON': '{', 'null': 'null', 'a field more': { ...good, zzz: 1 },
    'capitals': { ...good, userID: undefined, USERID: ann },
  };
  const met = async (query) => {
    const connection = await t.connect('x', ann, query);
    const { frames, closed } = await t.first(connection);
    t.leave(connection);
    return { answer: connection.answer, frames, closed };
  };
  const none = { sendID: null, token: null, platformID: null, operationID: null, isBackground: null, isMsgResp: null };
  for (const [name, value] of Object.entries(cases)) {
    await t.answer(`v: ${name}`, () => met({ ...none, v: packed(value) }));
  }
  await t.answer('v: no base64', () => met({ ...none, v: '!!' }));
  await t.answer('v: base64 with an end', () => met({ ...none, v: Buffer.from(JSON.stringify({ ...good, zz: '' })).toString('base64') + '=' }));
  await t.answer('v: empty, with the others', () => met({ v: '' }));
  await t.answer('v: and others that are wrong', () => met({ v: packed(good), sendID: bob, platformID: 0 }));
}

async function talking(t, { ann, bob }) {
  const value = (more) => packed({ userID: ann, token: t.tokens[ann], platformID: 5, operationID: 'op', sendResponse: true, ...more });
  for (const [sdkType, compression] of [['go', 'gzip'], ['js', ''], ['js', 'gzip']]) {
    // What stands beside `v` is for this side of the connection only.
    const connection = await t.connect('ann', ann, { v: value({ sdkType, compression }), sdkType, compression: compression || null });
    await t.online();
    const kind = `v ${sdkType} ${compression}`;
    await t.step(`${kind}: text`, () => connection.ask(1003, single(ann, bob, 'hi')));
    await t.step(`${kind}: 1007`, () => connection.ask(1007, { userID: ann, conversationIDs: [chatOf(ann, bob)] }));
    await t.step(`${kind}: background`, () => connection.ask(2004, { userID: ann, isBackground: true }));
    await t.answer(`${kind}: online`, async () => {
      const { body } = await t.admin('/user/get_users_online_status', { userIDs: [ann] });
      return body.data.map(({ status, detailPlatformStatus: rows }) => ({ status, rows: rows?.map(({ platformID, isBackground }) => ({ platformID, isBackground })) }));
    });
    t.leave(connection);
  }
  for (const platformID of [1, 2]) {
    const token = await t.token(bob, platformID);
    const phone = await t.connect('bobPhone', bob, { token, platformID, isBackground: 'true' });
    const A = await t.connect('ann', ann);
    await t.online();
    await t.step(`text to a phone ${platformID} that came in the background`, () => A.ask(1003, single(ann, bob, 'bg')));
    await t.step(`it comes to the front ${platformID}`, () => phone.ask(2004, { userID: bob, isBackground: false }));
    await t.step(`text to it ${platformID}`, () => A.ask(1003, single(ann, bob, 'fg')));
    t.leave(phone);
    t.leave(A);
  }
}

export default {
  name: 'doors',
  async run(t) {
    const [ann, bob] = await t.users('ann', 'bob');
    const world = { ann, bob };
    for (const part of [arguments_, talking]) await part(t, world);
  },
};
