// What a scenario acts on: a fresh server, devices with one of the two SDKs, and the record of what they said.
import { sleep, startServer, until, here } from '../e2e/harness.mjs';
import { notebook, SDKS } from './sdks.mjs';

const NAMES = { a: 'Ann', b: 'Bob', c: 'Cid', d: 'Dan', e: 'Eve' };
const BARRIER = '~barrier';
/** The core drops a sync that begins earlier after the last one (W1). */
const SYNC_GUARD_MS = 5_000;
/** A page is not asked again and again: it answers when there is news, or after this. */
const PATIENCE_MS = 250;

/** One device of a user: a page of its own, with storage of its own. */
export class Device {
  /** All that was noted, in order: `{event, data, errCode}` and `{ended, data | rejected}`. */
  trace = [];
  total;
  #settled = 0;
  #syncBegan = 0;

  constructor(world, name, { user = name[0], platformID = 5 } = {}) {
    Object.assign(this, { world, name, user, platformID });
  }

  async open() {
    const { browser, server, context } = this.world;
    this.storage = await browser.newContext();
    context.defer(() => this.storage.close());
    await this.storage.addInitScript(notebook);
    const counted = (request) => request.url().startsWith(server.api) && request.method() === 'POST';
    this.storage.on('request', (request) => counted(request) && this.world.requests.add(request));
    for (const end of ['requestfinished', 'requestfailed']) {
      this.storage.on(end, (request) => this.world.requests.delete(request));
    }
    this.page = await this.storage.newPage();
    this.page.on('console', (message) => context.log.push(`${this.name}: ${message.text().slice(0, 300)}`));
    await this.load();
    return this;
  }

  async load() {
    await this.page.goto(`${this.world.server.api}/pages/index.html`);
    await SDKS[this.world.lane](this.page);
  }

  /** Takes over what the page noted, or notes within `patience` milliseconds. */
  async look(patience = 0) {
    const noted = (await this.page.evaluate((ms) => window.noted(ms), patience)).map((text) => JSON.parse(text));
    if (noted.some(({ event }) => event === 'OnSyncServerStart')) this.#syncBegan = Date.now();
    this.trace.push(...noted);
    return this.trace;
  }

  /** The page as if it was loaded again; the storage stays. */
  async reload() {
    await this.look();
    await this.load();
    this.trace.push({ ended: 'reload' });
  }

  /** Calls a method and records what it ended with; its data. */
  async call(method, ...args) {
    const outcome = await this.page.evaluate(([method, args]) => window.run(method, args), [method, args]);
    const { text, ...result } = outcome;
    this.world.record.results.push({ device: this.name, method, ...result });
    if (text) this.world.context.log.push(`${this.name}.${method} rejected: ${outcome.rejected} ${text}`);
    return outcome.data;
  }

  /** Sends a message that was created; `to` is a user's ID, or `{groupID}`. */
  send(to, message, more = {}) {
    const target = to.groupID ? { recvID: '', groupID: to.groupID } : { recvID: to, groupID: '' };
    return this.call('sendMessage', { ...target, message, ...more });
  }

  async text(to, content) {
    return this.send(to, await this.call('createTextMessage', content));
  }

  /** Pages back to the beginning; how it went is recorded call by call. */
  async allHistory(conversationID, count = 20) {
    let start = '';
    for (;;) {
      const page = await this.history(conversationID, start, count);
      if (!page || page.isEnd || page.errCode || page.messageList.length === 0) return;
      start = page.messageList[0].clientMsgID;
    }
  }

  /** The newest page of a conversation, or the one before a message. */
  async history(conversationID, startClientMsgID = '', count = 20) {
    return this.call('getAdvancedHistoryMessageList', { conversationID, startClientMsgID, count, viewType: 0 });
  }

  async login(token = undefined, more = {}) {
    const { server } = this.world;
    this.token = token ?? this.token ?? (await this.world.token(this.user, this.platformID));
    return this.call('login', {
      userID: this.user, token: this.token, platformID: this.platformID, apiAddr: server.api, wsAddr: server.ws, ...more,
    });
  }

  /** Waits for an event that was not there at the last settling. */
  heard(name, test = () => true, seconds = 90) {
    return until(`${name} at ${this.name}`, async () =>
      (await this.look(PATIENCE_MS)).slice(this.#settled).find(({ event, data }) => event === name && test(data)), { seconds });
  }

  /** Waits until a method says something; not recorded. */
  async eventually(method, args, test) {
    await until(`${method} at ${this.name}`, async () => {
      const { data } = await this.page.evaluate(([method, args]) => window.run(method, args), [method, args]);
      const told = this.trace.length;
      await this.look();
      const at = this.trace.findIndex(({ ended }, n) => n >= told && ended === method);
      if (at >= 0) this.trace.splice(at, 1);
      return test(data);
    }, { seconds: 90 });
  }

  /** Whether the connection stands, as far as the device says. */
  get online() {
    const last = this.trace.findLast(({ event, ended }) => CONNECTION.has(event) || ended === 'logout' || ended === 'reload');
    return last?.event === 'OnConnectSuccess';
  }

  /** How often a connection that stood was opened again. */
  get reconnects() {
    let stands = false;
    return this.trace.reduce((sum, { event, ended }) => {
      const again = stands && event === 'OnConnecting';
      if (event === 'OnConnectSuccess') stands = true;
      else if (CONNECTION.has(event) || ended === 'logout' || ended === 'reload') stands = false;
      return sum + again;
    }, 0);
  }

  /** Waits until everything the server sent before has been worked off. */
  async barrier() {
    await this.look();
    if (!this.online) return;
    const key = `${BARRIER}${(this.world.barriers += 1)}`;
    await this.world.server.business(this.user, key);
    await until(`the barrier at ${this.name}`, async () =>
      (await this.look(PATIENCE_MS)).some(({ event, data }) => event === BUSINESS && data?.key === key) || !this.online,
    { seconds: 90 });
  }

  /** What was noted since the last time, without barriers. */
  take() {
    const own = this.trace.slice(this.#settled).filter((entry) => isTold(entry) && this.#isNews(entry));
    this.#settled = this.trace.length;
    return own;
  }

  /** The same total once more is no news. */
  #isNews({ event, data }) {
    if (event !== 'OnTotalUnreadMessageCountChanged') return true;
    const before = this.total;
    this.total = data;
    return data !== before;
  }

  /** What the first sync of a device ends with need not be told: from here on it is known. */
  async learnTotal() {
    const first = this.trace.slice(this.#settled).some(({ event, data }) => event === 'OnSyncServerStart' && data === true);
    if (first) {
      const { data } = await this.page.evaluate(() => window.run('getTotalUnreadMsgCount', []));
      this.total = data;
      await this.look();
      this.trace.pop();
    }
  }

  /** Waits until a sync that begins now is not dropped by the official core (W1). */
  async pastGuard() {
    await this.look();
    await sleep(Math.max(0, this.#syncBegan + SYNC_GUARD_MS + 300 - Date.now()));
  }
}

const BUSINESS = 'OnRecvCustomBusinessMessage';
const isTold = ({ event, data }) => event !== BUSINESS || !data?.key?.startsWith(BARRIER);
const CONNECTION = new Set([
  'OnConnecting', 'OnConnectFailed', 'OnConnectSuccess', 'OnKickedOffline', 'OnUserTokenExpired', 'OnUserTokenInvalid',
]);

/** A server and its devices, for one run of one scenario with one SDK. */
export class World {
  devices = [];
  requests = new Set();
  barriers = 0;
  /** IDs by the name that stands for them in the record. */
  names = new Map();
  steps = [];
  record = { results: [] };

  constructor(context, browser, lane) {
    Object.assign(this, { context, browser, lane });
  }

  async open(seed = 'empty') {
    this.server = await startServer(this.context, { seed, files: here });
    const { post } = this.server;
    const { data } = await post('/auth/get_admin_token', { secret: 'openIM123', userID: 'imAdmin' }, { operationID: 'diff' });
    this.admin = data.token;
    // What is stored in a connection's first second the official core finds by chance only, and marks it has
    // only where the server sets them.
    await this.control('config', { onlineTickMs: 0, marks: true });
    this.server.business = (recvUserID, key, data = '', more = {}) =>
      this.api('/msg/send_business_notification', { key, data, sendUserID: 'imAdmin', recvUserID, ...more });
    if (seed === 'empty') {
      const users = Object.entries(NAMES).map(([userID, nickname]) => ({ userID, nickname, faceURL: '' }));
      await this.api('/user/user_register', { users });
    }
    return this;
  }

  /** The server's API as the administrator. */
  async api(path, body, token = this.admin) {
    const answer = await this.server.post(path, body, { token, operationID: 'diff' });
    if (answer.errCode) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.data;
  }

  token(user, platformID = 5) {
    return this.server.token(user, platformID);
  }

  control(action, body) {
    return this.server.control(action, body);
  }

  /** A page that has loaded the SDK, logged out. */
  async device(name, options) {
    const device = new Device(this, name, options);
    this.devices.push(device);
    return device.open();
  }

  /** Devices that have logged in and finished their first sync. What happens until then is not recorded. */
  async ready(...names) {
    const devices = await Promise.all(names.map((name) =>
      (typeof name === 'string' ? this.device(name) : this.device(...name))));
    for (const device of devices) await device.login();
    for (const device of devices) await device.heard('OnSyncServerFinish');
    await this.quiet();
    for (const device of devices) device.take();
    this.record.results.length = 0;
    return devices;
  }

  /** A group of users; the first is its owner. Members in the order of their joining. */
  async group(groupID, [ownerUserID, ...memberUserIDs], adminUserIDs = []) {
    const groupInfo = { groupID, groupName: groupID.toUpperCase(), groupType: 2, needVerification: 0 };
    await this.api('/group/create_group', { ownerUserID, memberUserIDs, adminUserIDs, groupInfo });
    // So that what comes next is later than the line about it in the chat.
    await sleep(3);
  }

  /** Friends both ways, told to nobody. */
  befriend(userID, ...friends) {
    return this.control('befriend', { userID, friends });
  }

  /** Messages as if a user without a device sent them. */
  async send(from, to, text, count = 1) {
    const target = to.groupID ? { groupID: to.groupID } : { to };
    const { clientMsgIDs } = await this.control('send', { from, ...target, text, count });
    clientMsgIDs.forEach((id, n) => this.names.set(id, `${from}:${text.replace('{n}', n + 1)}`));
    return clientMsgIDs;
  }

  /**
   * Waits until the devices are done with all that was sent to them: two rounds of barriers with nothing noted in
   * between, and no request under way.
   */
  async quiet() {
    const noted = () => this.devices.reduce((sum, device) => sum + device.trace.filter(isTold).length, 0);
    let before = -1;
    await until('quiet', async () => {
      await Promise.all(this.devices.map((device) => device.barrier()));
      const now = noted();
      const is = now === before && this.requests.size === 0;
      before = now;
      if (!is) await sleep(120);
      return is;
    }, { seconds: 120 });
    for (const device of this.devices) await device.learnTotal();
  }

  /**
   * Ends a step: what was called and told since the last one is recorded under a label. `onlyLast`: of conversations
   * and the total only the last state counts, because many messages came.
   */
  async settle(label, { onlyLast = false } = {}) {
    await this.quiet();
    const events = Object.fromEntries(this.devices.map((device) => [device.name, device.take()]));
    this.steps.push({ label, results: this.record.results.splice(0), events, onlyLast });
  }

  /** Cuts a user's connections and lets nobody in until `mend`. */
  async cut(user) {
    await this.control('refuse', { on: true });
    await this.control('disconnect', { userID: user });
  }

  async mend() {
    await this.control('refuse', { on: false });
  }
}
