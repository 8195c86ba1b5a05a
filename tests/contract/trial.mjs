// One scenario on one server: its users, their connections, and the steps with what each party got.
import { randomBytes, randomUUID } from 'node:crypto';
import { Connection, orText, sleep } from './connection.mjs';
import { canonical } from './canonical.mjs';

/** Nothing more is on its way when nobody got anything for so long; longer where it is not known what comes. */
const QUIET_MS = 350;
const QUIET_MS_UNKNOWN = 800;
/** What is recorded to come is waited for so long; what is not known to come, so long in all. */
const LATE_MS = 4_000;
const QUIET_MS_MAX = 2_500;
const LOOK_MS = 25;
const FIRST_MS = 500;
/** The server takes note of who is connected once a second, and only then pushes to the newcomer. */
const ONLINE_MS = 1_500;

export class Trial {
  steps = [];
  tokens = {};
  connections = [];
  #adminToken;

  /** `server`: `{api, ws, secret}`. `recorded`: the scenario's recorded steps, or none. */
  constructor(server, scenario, recorded = []) {
    Object.assign(this, { server, scenario, recorded });
    this.suffix = `_${Date.now().toString(36)}${randomBytes(2).toString('hex')}`;
  }

  /** An ID of this run alone. */
  id(name) {
    return name + this.suffix;
  }

  /** A REST call with these headers besides the usual ones; null leaves one out. `{status, body}`. */
  async rest(path, body, headers = {}, method = 'POST') {
    const all = { 'content-type': 'application/json', operationID: `op${randomUUID()}`, ...headers };
    const response = await fetch(this.server.api + path, {
      method,
      headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: orText(await response.text()) };
  }

  /** As the administrator. */
  async admin(path, body) {
    this.#adminToken ??= this.rest('/auth/get_admin_token', { secret: this.server.secret, userID: 'imAdmin' })
      .then(({ body }) => body.data?.token ?? Promise.reject(new Error(`no administrator: ${JSON.stringify(body)}`)));
    return this.rest(path, body, { token: await this.#adminToken });
  }

  /** As a user. */
  as(user, path, body) {
    return this.rest(path, body, { token: this.tokens[user] });
  }

  async token(userID, platformID = 5) {
    return (await this.admin('/auth/get_user_token', { userID, platformID })).body.data.token;
  }

  /** Registers users, with a token each; their IDs. */
  async users(...names) {
    const users = names.map((name) => ({ userID: this.id(name), nickname: `N${name}`, faceURL: `http://f/${name}` }));
    const { body } = await this.admin('/user/user_register', { users });
    if (body.errCode) throw new Error(`users are not registered: ${JSON.stringify(body)}`);
    for (const { userID } of users) this.tokens[userID] = await this.token(userID);
    return users.map(({ userID }) => userID);
  }

  /** A connection that stands, or was refused. */
  async connect(label, user, query = {}) {
    const connection = new Connection(this.server.ws, label, {
      sendID: user, platformID: 5, operationID: `op${randomUUID()}`, isBackground: 'false', isMsgResp: 'true',
      compression: 'gzip', token: this.tokens[user], ...query,
    });
    this.connections.push(connection);
    connection.answer = await connection.opened();
    return connection;
  }

  /** What comes first on a connection; one that is refused in a frame is seen to its end. */
  async first(connection) {
    await sleep(FIRST_MS);
    const begin = Date.now();
    const isRefused = () => connection.frames.some(({ text }) => text?.errCode > 0);
    while (isRefused() && !connection.closed && Date.now() - begin < LATE_MS) await sleep(LOOK_MS);
    return { frames: connection.take(), closed: connection.closed ?? null };
  }

  /** A second device of a user. */
  async phone(label, user, platformID = 2) {
    return this.connect(label, user, { token: await this.token(user, platformID), platformID });
  }

  /** Waits until all connections get pushes. */
  online() {
    return sleep(ONLINE_MS);
  }

  /** Ends a connection; it is no party any more. */
  leave(connection) {
    connection.close();
    this.connections = this.connections.filter((other) => other !== connection);
  }

  /** Waits until everybody got as many frames as are recorded for him, and then nothing more for a while. */
  async settle(recorded) {
    const begin = Date.now();
    const enough = this.recorded.length > 0 ? QUIET_MS : QUIET_MS_UNKNOWN;
    const missing = ({ label, frames }) => frames.length < (recorded?.[label]?.length ?? 0);
    for (;;) {
      await sleep(LOOK_MS);
      const quiet = Date.now() - Math.max(begin, ...this.connections.map(({ last }) => last)) > enough;
      const waited = Date.now() - begin;
      if ((quiet && !this.connections.some(missing)) || waited > (recorded ? LATE_MS : QUIET_MS_MAX)) return;
    }
  }

  /** A step: what the act gives, and which frames each party gets. */
  async step(name, act) {
    this.connections.forEach((connection) => connection.take());
    const result = await this.#outcome(act);
    await this.settle(this.#record(name)?.frames);
    const frames = Object.fromEntries(this.connections.map((connection) => [connection.label, connection.take()]));
    this.#note({ step: name, result, frames });
  }

  /** A step of which only the answer counts. */
  async answer(name, act) {
    this.#note({ step: name, result: await this.#outcome(act) });
  }

  #record(name) {
    const recorded = this.recorded[this.steps.length];
    return recorded?.step === name.replaceAll(this.suffix, '~') ? recorded : undefined;
  }

  #note(step) {
    this.steps.push(canonical(step, this.suffix));
  }

  async #outcome(act) {
    try {
      return await act();
    } catch (error) {
      return { threw: String(error.stack).slice(0, 300) };
    }
  }

  end() {
    this.connections.forEach((connection) => connection.close());
  }
}
