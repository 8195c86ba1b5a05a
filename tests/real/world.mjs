// A real server for a test: people who are new to it, pages of theirs, and what the administrator does over REST.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { sendFile } from '../server/npm/files.js';
import {
  afterwards, call, events, heard, here as e2e, history, newMessages, openBrowser, openOfficial, openSdkPage, repository,
  startWay, until,
} from '../e2e/harness.mjs';

/** Where the server is, and the command that restarts it (`''`: none); set by `run.mjs`. */
export const settings = { api: '', ws: '', secret: '', restart: '' };

const ADMIN = 'imAdmin';
/** The platform of browsers. */
const WEB = 5;
/** A server that has much to do is waited for, seconds. */
const PATIENCE = { seconds: 60 };
/** No two runs have the same users. */
const RUN = Date.now().toString(36);

let admin;
let people = 0;
let browser;

/** Calls the API; the answer's data. `token`: as whom, the administrator if not said. */
export async function rest(path, body, token = undefined) {
  let answer = await ask(path, body, token ?? (await adminToken()));
  // Others who sign in as the administrator end the older tokens.
  if (token === undefined && [1506, 1507].includes(answer.errCode)) {
    admin = undefined;
    answer = await ask(path, body, await adminToken());
  }
  if (answer.errCode) throw new Error(`${path}: ${answer.errCode} ${answer.errMsg} ${answer.errDlt}`);
  return answer.data;
}

/** Calls the API; the whole answer. */
export async function ask(path, body, token = '') {
  const headers = { 'Content-Type': 'application/json', operationID: `real${Date.now()}`, token };
  const response = await fetch(settings.api + path, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json();
}

/** The administrator's token. */
export async function adminToken() {
  admin ??= ask('/auth/get_admin_token', { secret: settings.secret, userID: ADMIN }).then(({ data }) => data.token);
  return admin;
}

/** New users, by names: `{id, name, token}`. */
export async function register(...names) {
  const users = names.map((name) => ({ userID: `${name.toLowerCase()}${RUN}${(people += 1)}`, nickname: name, faceURL: '' }));
  await rest('/user/user_register', { users });
  return Promise.all(users.map(async ({ userID: id, nickname: name }) => {
    const { token } = await rest('/auth/get_user_token', { userID: id, platformID: WEB });
    return { id, name, token };
  }));
}

/** The conversation of two. */
export const pair = (a, b) => `si_${[a.id, b.id].sort().join('_')}`;

/** A message as if a device of `from` sent it, to a person or `{groupID}`; its clientMsgID. */
export async function say(from, to, text) {
  const { clientMsgID } = await rest('/msg/send_msg', messageOf(from, to, text));
  return clientMsgID;
}

/** What `/msg/send_msg` takes. */
export function messageOf(from, to, text) {
  const target = to.groupID ? { groupID: to.groupID, sessionType: 3 } : { recvID: to.id, sessionType: 1 };
  return { sendID: from.id, senderNickname: from.name, senderPlatformID: WEB, contentType: 101, content: { content: text }, ...target };
}

/** Friends both ways. */
export const befriend = (a, ...others) =>
  rest('/friend/import_friend', { ownerUserID: a.id, friendUserIDs: others.map(({ id }) => id) });

/** A group of the first, and its ID. */
export async function found([owner, ...members], more = {}) {
  const groupInfo = { groupName: 'Garden', groupType: 2, ...more };
  const memberUserIDs = members.map(({ id }) => id);
  const { groupInfo: made } = await rest('/group/create_group', { ownerUserID: owner.id, memberUserIDs, groupInfo });
  return made.groupID;
}

/** The browser of all tests of a file. The official core is compiled anew by each page: quickly is best. */
export function theBrowser() {
  browser ??= openBrowser({ defer: (close) => afterwards.push(() => {
    browser = undefined;
    return close();
  }) }, ['--js-flags=--liftoff-only']);
  return browser;
}

/** Serves a folder from an address of its own, as applications are; its address. */
export async function serve(context, folder) {
  const server = createServer((request, response) =>
    void sendFile(folder, new URL(request.url, 'http://localhost').pathname, request, response));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}

export const demoFolder = join(repository, 'www-demo/dist');

/** What pages of a test need to know of the server. */
export async function world(context) {
  return { api: settings.api, site: await serve(context, e2e), context };
}

/** A storage of its own, as a device has it, and a way of its own to the gateway. */
export async function storage({ context }) {
  const own = await (await theBrowser()).newContext();
  context.defer(() => own.close());
  return Object.assign(own, { way: await wayToGateway(context) });
}

/** A way that can be cut: `{ws, cut, mend}`. A gateway with TLS allows none between: then nothing but the address. */
async function wayToGateway(context) {
  const url = new URL(settings.ws);
  if (url.protocol !== 'ws:') return { ws: settings.ws };
  const { address, cut, mend } = await startWay(context, { host: url.hostname, port: Number(url.port || 80) });
  return { ws: `ws://${address}${url.pathname}${url.search}`, cut, mend };
}

/** A page of a person's device: of a new one, or of the one whose storage is given. Nobody is logged in yet. */
export async function open(world, person, { sdk = 'ours', device = undefined } = {}) {
  const own = device ?? (await storage(world));
  const page = await (sdk === 'ours' ? openSdkPage : openOfficial)(world.context, own, world, `${person.name} (${sdk})`);
  return Object.assign(page, { person, sdk, world: { ...world, ws: own.way.ws } });
}

/** Logs the page's person in; does not wait for anything but the call. */
export function begin(page, host = undefined) {
  const { id: userID, token } = page.person;
  const params = { userID, token, platformID: WEB, apiAddr: page.world.api, wsAddr: page.world.ws };
  return page.evaluate(([host, params]) => window.begin(host ? { host } : {}).login(params), [host, params]);
}

/** A page of a person who is logged in, and up to date. */
export async function enter(world, person, options = {}) {
  const page = await open(world, person, options);
  await begin(page, options.host);
  await heard(page, 'OnSyncServerFinish');
  // What is told only at the moment needs a connection that the server knows of.
  await reached(page);
  return page;
}

/** Waits until what the server pushes comes through. A real one takes up to a second after a connect. */
export async function reached(page) {
  const key = `reached ${Math.random()}`;
  let last = 0;
  await until(`pushes at ${page.person.name}`, async () => {
    if (Date.now() - last > 500) {
      await rest('/msg/send_business_notification', { key, data: '', sendUserID: ADMIN, recvUserID: page.person.id });
      last = Date.now();
    }
    return (await events(page, 'OnRecvCustomBusinessMessage')).some((told) => told.key === key);
  }, PATIENCE);
}

/** Waits for a message among those told as new; the message. */
export async function receives(page, clientMsgID) {
  return until(`message ${clientMsgID} at ${page.person.name}`, async () =>
    (await newMessages(page)).find((message) => message.clientMsgID === clientMsgID), PATIENCE);
}

/** Waits for an event of a name whose data passes; the data. */
export async function hears(page, name, test = () => true) {
  return until(`${name} at ${page.person.name}`, async () => (await events(page, name)).find((data) => test(data)), PATIENCE);
}

/** Waits until a call says what it should; what it said. */
export async function eventually(what, page, [method, ...args], test) {
  return until(`${what} at ${page.person.name}`, async () => {
    const data = await call(page, method, ...args);
    return test(data) && { data };
  }, PATIENCE).then(({ data }) => data);
}

/** Ends with the error of a call that is refused. */
export function refused(page, method, ...args) {
  return page.evaluate(async ([method, args]) => {
    try {
      return { resolved: (await window.sdk[method](...args)).data };
    } catch (error) {
      return { errCode: error.errCode, name: error.name, errMsg: error.errMsg };
    }
  }, [method, args]);
}

/** Waits until the history of a conversation is these messages, oldest first. */
export async function holds(page, conversationID, clientMsgIDs) {
  const wanted = JSON.stringify(clientMsgIDs);
  await until(`${clientMsgIDs.length} messages of ${conversationID} at ${page.person.name}`, async () =>
    JSON.stringify(idsOf(await history(page, conversationID))) === wanted, PATIENCE);
}

export const idsOf = (messages) => messages.map(({ clientMsgID }) => clientMsgID);

/** Takes the network from all pages of a device, or gives it back. A browser that is offline keeps open connections. */
export async function network(page, on) {
  const device = page.context();
  if (on) device.way.mend?.();
  else device.way.cut?.();
  await device.setOffline(!on);
}

/** How many connections the server has of a person. */
export async function connections(person) {
  const [{ detailPlatformStatus }] = await rest('/user/get_users_online_status', { userIDs: [person.id] });
  return detailPlatformStatus?.length ?? 0;
}

/** The SDK of the other side: this one, and the official one; `SIDES=ours` for this one alone. */
export const OTHER_SIDES = (process.env.SIDES ?? 'ours,official').split(',');
