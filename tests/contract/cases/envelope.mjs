// REST: headers, tokens, bodies, routes, registering.
import { createHmac } from 'node:crypto';
import { sleep } from '../connection.mjs';

const PATH = '/user/get_users_info';
/** Two tokens of a user that are issued within one second are the same. */
const SECOND_MS = 1_100;

/** A token as the server makes them. */
function signed(secret, claims) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const data = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${data}.${createHmac('sha256', secret).update(data).digest('base64url')}`;
}

const headersOf = (response, more = []) => ({
  status: response.status,
  h: Object.fromEntries([...response.headers].filter(([key]) => key.startsWith('access') || more.includes(key))),
});

async function headers(t, ann, good) {
  const token = t.tokens[ann];
  await t.answer('good', () => t.as(ann, PATH, good));
  await t.answer('no operationID', () => t.rest(PATH, good, { token, operationID: null }));
  await t.answer('empty operationID', () => t.rest(PATH, good, { token, operationID: '' }));
  await t.answer('no token', () => t.rest(PATH, good));
  await t.answer('empty token', () => t.rest(PATH, good, { token: '' }));
}

async function tokens(t, ann, good) {
  const now = Math.floor(Date.now() / 1000);
  const { secret } = t.server;
  const asking = (token) => t.rest(PATH, good, { token });
  await t.answer('malformed token', () => asking('abc'));
  await t.answer('malformed token 3 parts', () => asking('a.b.c'));
  await t.answer('bad signature', () => asking(`${t.tokens[ann].slice(0, -4)}AAAA`));
  await t.answer('expired token', () =>
    asking(signed(secret, { UserID: ann, PlatformID: 5, exp: now - 60, iat: now - 3600 })));
  await t.answer('token not stored', () =>
    asking(signed(secret, { UserID: ann, PlatformID: 7, exp: now + 3600, iat: now })));
  await t.answer('kicked token', async () => {
    const [user] = await t.users('kick');
    await sleep(SECOND_MS);
    await t.token(user);
    return t.as(user, PATH, good);
  });
  await t.answer('other platform keeps token', async () => {
    const [user] = await t.users('keep');
    await t.token(user, 2);
    return t.as(user, PATH, good);
  });
}

async function bodies(t, ann, good) {
  const token = { token: t.tokens[ann] };
  const sending = (body) => t.rest(PATH, body, token);
  await t.answer('no body', () => sending(undefined));
  await t.answer('empty string body', () => sending(''));
  await t.answer('not json', () => sending('{'));
  await t.answer('json null', () => sending('null'));
  await t.answer('json array', () => sending('[]'));
  await t.answer('wrong type', () => sending({ userIDs: 5 }));
  await t.answer('number as string', () => t.rest('/friend/get_friend_list',
    { userID: ann, pagination: { pageNumber: '1', showNumber: 10 } }, token));
  await t.answer('int64 as string', () => t.rest('/msg/mark_conversation_as_read',
    { userID: ann, conversationID: 'x', hasReadSeq: '1' }, token));
  await t.answer('unknown keys', () => sending({ ...good, zzz: 1 }));
  await t.answer('no content type', () => t.rest(PATH, good, { ...token, 'content-type': 'text/plain' }));
}

async function routes(t, ann, good) {
  const token = { token: t.tokens[ann] };
  await t.answer('unknown route', () => t.rest('/user/nothing', good, token));
  await t.answer('unknown route no token', () => t.rest('/user/nothing', good));
  await t.answer('unknown top route', () => t.rest('/zzz', good, token));
  await t.answer('GET on a POST route', () => t.rest(PATH, undefined, token, 'GET'));
  await t.answer('OPTIONS', async () => headersOf(await fetch(t.server.api + PATH, {
    method: 'OPTIONS',
    headers: {
      Origin: 'http://x',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'token,operationid',
    },
  })));
  await t.answer('headers of an answer', async () => headersOf(await fetch(t.server.api + PATH, {
    method: 'POST',
    headers: { ...token, operationID: 'x', 'content-type': 'application/json', Origin: 'http://x' },
    body: JSON.stringify(good),
  }), ['content-type']));
}

async function issuing(t, ann) {
  await t.answer('parse_token', () => t.rest('/auth/parse_token', { token: t.tokens[ann] }));
  await t.answer('parse_token bad', () => t.rest('/auth/parse_token', { token: 'x' }));
  const token = (userID, platformID) => t.admin('/auth/get_user_token', { userID, platformID });
  await t.answer('user_token by user', () => t.as(ann, '/auth/get_user_token', { userID: ann, platformID: 5 }));
  await t.answer('user_token unknown user', () => token(t.id('nobody'), 5));
  for (const platform of [10, 0, 99]) await t.answer(`user_token platform ${platform}`, () => token(ann, platform));
  await t.answer('admin_token wrong secret', () =>
    t.rest('/auth/get_admin_token', { secret: 'x', userID: 'imAdmin' }));
  await t.answer('admin_token other user', () =>
    t.rest('/auth/get_admin_token', { secret: t.server.secret, userID: ann }));
}

async function registering(t, ann) {
  const register = (users) => t.admin('/user/user_register', { users });
  await t.answer('register again', () => register([{ userID: ann, nickname: 'x' }]));
  await t.answer('register colon', () => register([{ userID: t.id('x:y'), nickname: 'x' }]));
  await t.answer('register none', () => register([]));
  await t.answer('register by user', () =>
    t.as(ann, '/user/user_register', { users: [{ userID: t.id('q'), nickname: 'x' }] }));
}

export default {
  name: 'envelope',
  async run(t) {
    const [ann] = await t.users('ann', 'bob');
    const good = { userIDs: [ann] };
    await headers(t, ann, good);
    await tokens(t, ann, good);
    await bodies(t, ann, good);
    await routes(t, ann, good);
    await issuing(t, ann);
    await registering(t, ann);
  },
};
