// The checks of `diagnose`. Each has a time-out; what one finds is an answer, never an exception.

import type { Check, Diagnosis, DiagnoseParams } from './diagnosis.js';
import { loadModule } from './load.js';

/** No check takes longer, milliseconds. */
const CHECK_MS_MAX = 7_000;
/** Clocks that differ by more make tokens fail and messages sort wrongly, milliseconds. */
const SKEW_MS_MAX = 60_000;
/** Less free space than this will not do for long, bytes. */
const SPACE_MIN = 5_000_000;

/** What a server without object storage says of files. */
const NO_STORAGE = 's3 disabled';

/** A violation of the policy is told within this time, milliseconds. */
const REPORT_MS = 200;

/** What a check finds; nothing if all is well. */
interface Finding {
  result: 'warn' | 'fail' | 'skip';
  problem: string;
  advice: string;
}

type Found = Finding | undefined;

const fail = (problem: string, advice: string): Finding => ({ result: 'fail', problem, advice });
const warn = (problem: string, advice: string): Finding => ({ result: 'warn', problem, advice });
const skip: Finding = { result: 'skip', problem: '', advice: '' };

/** Runs every check. */
export async function examine(params: DiagnoseParams): Promise<Diagnosis> {
  const policy = watchPolicy();
  const api = timed('api', () => lookAtApi(params, policy));
  const checks = [
    await Promise.all([
      timed('wasm', () => lookAtWasm(params)),
      timed('storage', lookAtStorage),
      timed('addresses', async () => lookAtAddresses(params)),
      timed('token', async () => lookAtToken(params)),
      api,
      timed('server', async () => ((await api).result === 'ok' ? lookAtServer(params) : skip)),
      timed('user', async () => ((await api).result === 'ok' ? lookAtUser(params) : skip)),
      timed('files', async () => ((await api).result === 'ok' ? lookAtFiles(params) : skip)),
      timed('clock', async () => ((await api).result === 'ok' ? lookAtClock(params) : skip)),
      timed('websocket', () => lookAtSocket(params, policy)),
    ]),
    await timed('policy', async () => policy.found()),
  ].flat();
  policy.stop();
  const ok = checks.every(({ result }) => result !== 'fail');
  return { ok, checks, text: checks.map(line).join('\n') };
}

function line({ name, result, problem, advice }: Check): string {
  return `${result.padEnd(4)} ${name}${problem ? `: ${problem}` : ''}${advice ? ` — ${advice}` : ''}`;
}

async function timed(name: Check['name'], look: () => Promise<Found>): Promise<Check> {
  const begin = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<Found>((resolve) => {
    const give = () => resolve(fail(`no answer within ${CHECK_MS_MAX / 1000} s`, hanging(name)));
    timer = setTimeout(give, CHECK_MS_MAX);
  });
  const found = await Promise.race([look().catch((cause) => fail(String(cause), 'please report this')), late]);
  clearTimeout(timer);
  return { ...{ name, result: 'ok', problem: '', advice: '' }, ...found, ms: Date.now() - begin };
}

function hanging(name: Check['name']): string {
  if (name === 'storage') return 'another tab holds the database open: close it, or restart the browser';
  if (name === 'wasm') return 'the server does not send the wasm file: see its log, or import openim-web/inline';
  return 'the server or something before it takes the request and does not answer: see its log and its load';
}

/** Watches for what the page's Content-Security-Policy forbids. */
function watchPolicy() {
  const seen: { directive: string; uri: string }[] = [];
  const hear = (event: SecurityPolicyViolationEvent) =>
    void seen.push({ directive: event.effectiveDirective, uri: event.blockedURI });
  const target = typeof document === 'undefined' ? undefined : document;
  target?.addEventListener('securitypolicyviolation', hear);
  const blocks = async (address: string) => {
    // The report comes after the failure.
    await new Promise((resolve) => setTimeout(resolve, REPORT_MS));
    const origin = originOf(address);
    return seen.some(({ directive, uri }) => directive === 'connect-src' && origin !== '' && uri.startsWith(origin));
  };
  const found = (): Found => {
    const [first] = seen;
    if (!first) return undefined;
    return fail(
      `the Content-Security-Policy forbids ${first.uri || 'something'} (${first.directive})`,
      first.directive.startsWith('script-src')
        ? "it needs script-src 'self' 'wasm-unsafe-eval'"
        : `add ${originOf(first.uri) || first.uri} to ${first.directive}`,
    );
  };
  return { blocks, found, stop: () => target?.removeEventListener('securitypolicyviolation', hear) };
}

type Policy = ReturnType<typeof watchPolicy>;

function originOf(address: string): string {
  try {
    return new URL(address).origin;
  } catch {
    return '';
  }
}

async function lookAtWasm({ wasm }: DiagnoseParams): Promise<Found> {
  let told = '';
  try {
    await loadModule(wasm, (why) => (told = why));
  } catch (cause) {
    const [problem, advice] = (cause as Error).message.split(' — ');
    return fail(problem!, advice ?? 'see the README, "If it does not load"');
  }
  if (!told) return undefined;
  const [problem, advice] = told.split(' — ');
  return warn(problem!, `the copy inside the script is used; better: ${advice ?? 'serve the file'}`);
}

async function lookAtStorage(): Promise<Found> {
  const memory = 'it works in memory: nothing is kept when the page closes';
  if (typeof indexedDB === 'undefined' || !indexedDB) {
    return warn('this browser has no IndexedDB here (private mode, a webview setting, a sandboxed frame)', memory);
  }
  const { quota, usage } = await estimate();
  if (quota !== undefined && usage !== undefined && quota - usage < SPACE_MIN) {
    const left = Math.max(0, quota - usage);
    return warn(`the browser gives this site only ${left} more bytes`, 'free disk space, or delete data of the site');
  }
  const name = 'openim-web-diagnose';
  try {
    const database = await opened(name);
    await written(database);
    database.close();
    indexedDB.deleteDatabase(name);
  } catch (cause) {
    const error = cause as DOMException;
    if (error.name === 'QuotaExceededError') {
      return warn('the disk or the quota of this site is full', 'free disk space, or delete data of the site');
    }
    return warn(`IndexedDB does not work here: ${error.name} ${error.message}`, memory);
  }
  return undefined;
}

async function estimate(): Promise<StorageEstimate> {
  return (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore('rows');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function written(database: IDBDatabase): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction('rows', 'readwrite');
    transaction.objectStore('rows').put(1, 'row');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
  });
}

function lookAtAddresses({ apiAddr, wsAddr }: DiagnoseParams): Found {
  if (apiAddr === undefined && wsAddr === undefined) return skip;
  if (!/^https?:$/.test(protocol(apiAddr))) {
    return fail(`apiAddr is "${apiAddr}"`, 'it begins with http:// or https://, as in http://localhost:10002');
  }
  if (!/^wss?:$/.test(protocol(wsAddr))) {
    return fail(`wsAddr is "${wsAddr}"`, 'it begins with ws:// or wss://, as in ws://localhost:10001');
  }
  const insecure = [apiAddr!, wsAddr!].filter((address) => /^(http|ws):/.test(address) && !isLocal(address));
  if (location.protocol === 'https:' && insecure.length > 0) {
    return fail(
      `a page with https may not connect to ${insecure.join(' and ')} (mixed content)`,
      'serve both through TLS: https:// and wss://, by a reverse proxy in front of ports 10002 and 10001',
    );
  }
  return undefined;
}

function protocol(address = ''): string {
  try {
    return new URL(address).protocol;
  } catch {
    return '';
  }
}

function isLocal(address: string): boolean {
  return /^(localhost|127\.|\[::1\])/.test(new URL(address).host);
}

interface Claims {
  UserID?: string;
  PlatformID?: number;
  exp?: number;
  iat?: number;
}

function claims(token: string): Claims | undefined {
  try {
    const payload = token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/');
    return JSON.parse(atob(payload)) as Claims;
  } catch {
    return undefined;
  }
}

function lookAtToken({ token, userID, platformID }: DiagnoseParams): Found {
  if (!token) return skip;
  const fetchAnother = 'let your server fetch one with POST /auth/get_user_token';
  const found = claims(token);
  if (!found) return fail('the token is not a token of OpenIM', fetchAnother);
  if (platformID !== undefined && found.PlatformID !== undefined && found.PlatformID !== platformID) {
    return fail(
      `the token is for platform ${found.PlatformID}, the login says platform ${platformID}`,
      `${fetchAnother}, with platformID ${platformID}`,
    );
  }
  if (userID !== undefined && found.UserID !== undefined && found.UserID !== userID) {
    return fail(`the token is of user "${found.UserID}", the login says "${userID}"`, `${fetchAnother} for that user`);
  }
  if (found.exp !== undefined && found.exp * 1000 < Date.now()) {
    return fail(`the token expired at ${new Date(found.exp * 1000).toISOString()}`, fetchAnother);
  }
  return undefined;
}

interface ApiAnswer {
  status: number;
  body: { errCode?: number; errMsg?: string; errDlt?: string; data?: { serverTime?: number; usersInfo?: unknown[] | null } } | undefined;
  text: string;
}

async function post({ apiAddr, token }: Pick<DiagnoseParams, 'apiAddr' | 'token'>, path: string, body: object): Promise<ApiAnswer> {
  const headers = { 'Content-Type': 'application/json', operationID: `diagnose${Date.now()}`, token: token ?? '' };
  const response = await fetch(apiAddr + path, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await response.text();
  try {
    return { status: response.status, body: JSON.parse(text), text };
  } catch {
    return { status: response.status, body: undefined, text };
  }
}

async function lookAtApi(params: DiagnoseParams, policy: Policy): Promise<Found> {
  const { apiAddr } = params;
  if (!apiAddr || lookAtAddresses(params)?.result === 'fail') return skip;
  let answer: ApiAnswer;
  try {
    answer = await post(params, '/msg/get_server_time', {});
  } catch (cause) {
    return unreachable(params, policy, cause);
  }
  const { status, body, text } = answer;
  if (status === 429) return fail('the API answers "too many requests"', 'wait, or raise the limit in openim-api.yml');
  if (body?.errCode === undefined) {
    const what = `${apiAddr} answers with HTTP ${status} and ${text.startsWith('<') ? 'a page' : 'no JSON of OpenIM'}`;
    if (status >= 500) return fail(what, 'the server or the proxy before it fails: see its log');
    const other = await exchanged(params);
    if (other) return other;
    return fail(what, 'is apiAddr the address of openim-api (port 10002), with the path the proxy gives it?');
  }
  if (body.errCode >= 1501 && body.errCode <= 1507 && params.token) {
    return fail(`the server refuses the token: ${body.errCode} ${body.errMsg}`, tokenAdvice(body.errCode));
  }
  return undefined;
}

function tokenAdvice(code: number): string {
  if (code === 1501) return 'it is too old: fetch a new one (POST /auth/get_user_token)';
  if (code === 1504) return "it is not valid yet: the clocks of the server's machines differ";
  if (code === 1506) return 'another login on the same platform took its place: fetch a new one';
  if (code === 1507) return 'the server does not know it: it is of another server, or newer tokens have replaced it';
  return 'fetch a new one (POST /auth/get_user_token) from this very server';
}

/** Whether the API answers at an address: it tells its time, or wants a token first, as it does at any path. */
async function isApi(address: string, token: string | undefined): Promise<boolean> {
  const apiAddr = address.replace(/^ws/, 'http').replace(/\/+$/, '');
  const answer = await post({ apiAddr, token }, '/msg/get_server_time', {}).catch(() => undefined);
  if (!token) return answer?.body?.errDlt === 'header must have token';
  return typeof answer?.body?.data?.serverTime === 'number';
}

/** Whether the message gateway answers at an address. */
async function isGateway(address: string): Promise<boolean> {
  return (await connect(address.replace(/^http/, 'ws'), 'diagnose', 'diagnose', 5)) === 'answer';
}

/** The gateway does not answer pages, so that it looks like an API without CORS. */
async function exchanged({ apiAddr, wsAddr, token }: DiagnoseParams): Promise<Found> {
  if (!wsAddr || !(await isApi(wsAddr, token))) return undefined;
  return fail(
    `the addresses are exchanged: at ${wsAddr} is the API`,
    `apiAddr is ${wsAddr.replace(/^ws/, 'http')}, wsAddr is ${apiAddr!.replace(/^http/, 'ws')}`,
  );
}

/** A request that fails tells nothing; one without CORS tells whether somebody is there. */
async function unreachable(params: DiagnoseParams, policy: Policy, cause: unknown): Promise<Finding> {
  const address = params.apiAddr!;
  if (await policy.blocks(address)) {
    return fail(`the Content-Security-Policy forbids ${address}`, `add ${originOf(address)} to connect-src`);
  }
  if (typeof navigator !== 'undefined' && navigator.onLine === false) return fail('the browser is offline', 'connect it');
  const other = await exchanged(params);
  if (other) return other;
  const isThere = await fetch(address, { mode: 'no-cors' }).then(() => true, () => false);
  if (isThere) {
    if (await isGateway(address)) {
      return fail(`${address} is the message gateway`, 'apiAddr is the address of openim-api (port 10002)');
    }
    return fail(
      `${address} is there, but does not allow this page (CORS)`,
      `let the API or the proxy before it answer with Access-Control-Allow-Origin: ${location.origin}, and with ` +
        'Access-Control-Allow-Headers: token, operationID, content-type, for OPTIONS too',
    );
  }
  return fail(`nobody answers at ${address} (${String(cause)})`, 'is openim-api running, is the port (10002) right and open?');
}

async function lookAtServer(params: DiagnoseParams): Promise<Found> {
  if (!params.token || !params.userID) return skip;
  const { status } = await post(params, '/conversation/get_full_conversation_ids', { userID: params.userID, idHash: 1 });
  if (status !== 404) return undefined;
  return fail('the server is older than v3.8', 'update open-im-server to the v3.8 line');
}

async function lookAtUser(params: DiagnoseParams): Promise<Found> {
  const { token, userID } = params;
  if (!token || !userID) return skip;
  const { body } = await post(params, '/user/get_users_info', { userIDs: [userID] });
  if (body?.errCode !== 0 || (body.data?.usersInfo ?? []).length > 0) return undefined;
  return fail(`the server has no user "${userID}"`, 'let your server register users with POST /user/user_register');
}

async function lookAtFiles(params: DiagnoseParams): Promise<Found> {
  if (!params.token) return skip;
  const { body } = await post(params, '/object/part_limit', {});
  if (!body?.errCode) return undefined;
  const isOff = [body.errMsg, body.errDlt].some((text) => text?.includes(NO_STORAGE));
  if (!isOff) return warn(`the server takes no files: ${body.errCode} ${body.errMsg}`, 'see the log of openim-rpc-third');
  return warn(
    'the server has no object storage: pictures and other files cannot be sent',
    'set object.enable in openim-rpc-third.yml (minio, cos, oss, kodo or aws)',
  );
}

async function lookAtClock(params: DiagnoseParams): Promise<Found> {
  if (!params.token) return skip;
  const begin = Date.now();
  const { body } = await post(params, '/msg/get_server_time', {});
  const server = body?.data?.serverTime;
  if (!server) return skip;
  const skew = Math.round((begin + Date.now()) / 2 - server);
  if (Math.abs(skew) <= SKEW_MS_MAX) return undefined;
  const seconds = Math.round(Math.abs(skew) / 1000);
  return warn(
    `this device's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the server's`,
    'set the clock by the network: times of messages and the life of tokens depend on it',
  );
}

/** Connects with a token that is refused, so that no session is disturbed: a refusal is all we want. */
async function lookAtSocket(params: DiagnoseParams, policy: Policy): Promise<Found> {
  const { wsAddr, userID, token, platformID } = params;
  if (!wsAddr || lookAtAddresses(params)?.result === 'fail') return skip;
  let end = await connect(wsAddr, 'diagnose', 'diagnose', 5);
  // Firefox loses a refusal that comes together with the end. The login's own token keeps the connection.
  if (end === 'never open' && userID && token && (await isThere(wsAddr))) {
    end = await connect(wsAddr, userID, token, platformID ?? 5);
  }
  if (end === 'answer') return undefined;
  if (end === 'other') return fail(`${wsAddr} is a WebSocket, but not that of OpenIM`, 'is wsAddr that of openim-msggateway (port 10001)?');
  return refused(params, end === 'opened', policy);
}

/** How a connect ends: the gateway answers, something else does, it closes after or before it was open. */
function connect(
  wsAddr: string,
  userID: string,
  token: string,
  platformID: number,
): Promise<'answer' | 'other' | 'opened' | 'never open'> {
  const query =
    `sendID=${encodeURIComponent(userID)}&token=${encodeURIComponent(token)}&platformID=${platformID}` +
    '&operationID=diagnose&isBackground=false&isMsgResp=true';
  return new Promise((resolve) => {
    const socket = new WebSocket(`${wsAddr}${wsAddr.includes('?') ? '&' : '?'}${query}`);
    let open = false;
    socket.onopen = () => (open = true);
    socket.onmessage = ({ data }) => {
      socket.onclose = socket.onerror = null;
      socket.close();
      resolve(typeof data === 'string' && data.includes('errCode') ? 'answer' : 'other');
    };
    // What a policy forbids errs without closing.
    socket.onclose = socket.onerror = () => resolve(open ? 'opened' : 'never open');
  });
}

function isThere(wsAddr: string): Promise<boolean> {
  return fetch(wsAddr.replace(/^ws/, 'http'), { mode: 'no-cors' }).then(() => true, () => false);
}

async function refused({ wsAddr, token }: DiagnoseParams, wasOpen: boolean, policy: Policy): Promise<Finding> {
  const address = wsAddr!;
  if (await policy.blocks(address)) {
    return fail(`the Content-Security-Policy forbids ${address}`, `add ${originOf(address)} to connect-src`);
  }
  if (wasOpen) {
    return fail(
      `${address} opens and closes at once`,
      'a proxy cuts the connection, or this is not the message gateway: see the log of openim-msggateway',
    );
  }
  if (await isApi(address, token)) {
    return fail(`${address} is the API`, 'wsAddr is the address of openim-msggateway (port 10001)');
  }
  if (await isThere(address)) {
    return fail(
      `${address} answers, but does not become a WebSocket`,
      'a proxy must pass the headers Upgrade and Connection (nginx: proxy_http_version 1.1; proxy_set_header Upgrade ' +
        '$http_upgrade; proxy_set_header Connection "upgrade"), and wsAddr must be that of openim-msggateway',
    );
  }
  return fail(`nobody answers at ${address}`, 'is openim-msggateway running, is the port (10001) right and open?');
}
