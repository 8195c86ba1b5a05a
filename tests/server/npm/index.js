// The test server in Node. What it knows, decides and waits for is in `dist/server` (Rust as WebAssembly); here are
// the sockets, the clock and the files.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { initSync, Server } from './dist/server/openim_server_node.js';
import { sendFile } from './files.js';

/** Largest message of a client that is read at all, bytes. */
const MESSAGE_BYTES_MAX = 1 << 22;
/** The longest time a timer can be set for, milliseconds. */
const TIMER_MS_MAX = 2 ** 31 - 1;

let loaded = false;

/** The module is loaded once; every server is an object of its own in it. */
function newServer(seed) {
  if (!loaded) initSync({ module: readFileSync(new URL('./dist/server/openim_server_node_bg.wasm', import.meta.url)) });
  loaded = true;
  return new Server(Date.now(), typeof seed === 'string' ? seed : JSON.stringify(seed));
}

/** Starts a server; resolves when it listens. */
export async function startServer({ port = 0, host = '127.0.0.1', seed = 'demo', files } = {}) {
  const shell = new Shell(newServer(seed), files);
  await shell.listen(port, host);
  const actual = shell.http.address().port;
  const address = `${host.includes(':') ? `[${host}]` : host}:${actual}`;
  const control = async (action, body = {}) => shell.control(action, body);
  return {
    port: actual,
    api: `http://${address}`,
    ws: `ws://${address}/ws`,
    control,
    token: async (userID, platformID = 5) => (await control('token', { userID, platformID })).token,
    reset: async (seed = 'demo') => void (await control('reset', { seed })),
    close: () => shell.close(),
  };
}

class Shell {
  /** Connections by number. */
  #links = new Map();
  #timer;
  #delayed = new Set();
  #sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX, perMessageDeflate: false });

  constructor(server, files) {
    this.server = server;
    this.files = files;
    this.http = createServer((request, response) => this.#request(request, response));
    this.http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  listen(port, host) {
    return new Promise((resolve, reject) => {
      this.http.once('error', (error) => {
        reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is in use: choose another one`, { cause: error }) : error);
      });
      this.http.listen(port, host, resolve);
    });
  }

  control(action, body) {
    if (!this.server) throw new Error('the server is closed');
    const [status, , , bytes] = this.#answer('POST', `/control/${action}`, '', [], Buffer.from(JSON.stringify(body)));
    const text = Buffer.from(bytes).toString();
    if (status !== 200) throw new Error(`control ${action}: ${text}`);
    return JSON.parse(text);
  }

  async close() {
    if (!this.server) return;
    clearTimeout(this.#timer);
    for (const timer of this.#delayed) clearTimeout(timer);
    for (const link of [...this.#links.values()]) link.end();
    const closed = new Promise((resolve) => this.http.close(resolve));
    this.http.closeAllConnections?.();
    const { server } = this;
    this.server = undefined;
    await closed;
    server.free();
  }

  /** Something happens to the server; what it wants done is done. */
  #act(happens) {
    if (!this.server) return undefined;
    const value = happens(this.server, Date.now());
    const outputs = this.server.drain();
    for (let n = 0; n < outputs.length; n += 2) this.#links.get(outputs[n])?.put(outputs[n + 1]);
    this.#wait();
    return value;
  }

  #wait() {
    clearTimeout(this.#timer);
    const deadline = this.server?.deadline();
    if (deadline === undefined) return;
    const ms = Math.min(Math.max(deadline - Date.now(), 0), TIMER_MS_MAX);
    this.#timer = setTimeout(() => this.#act((server, now) => server.tick(now)), ms);
  }

  #answer(method, path, query, headers, body) {
    return this.#act((server, now) => server.answer(now, method, path, query, headers, body));
  }

  async #request(request, response) {
    const { pathname, search } = new URL(request.url, 'http://localhost');
    const body = await read(request, Server.body_bytes_max()).catch(() => null);
    if (!body) {
      response.writeHead(413).end();
      return request.destroy();
    }
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    const reply = this.#answer(request.method, pathname, search.slice(1), headers, body);
    if (reply === null) return request.destroy();
    if (!reply) return sendFile(this.files, pathname, request, response);
    const [status, delay, more, bytes] = reply;
    const send = () => response.writeHead(status, more.flat()).end(bytes);
    if (delay === 0) return send();
    const timer = setTimeout(() => {
      this.#delayed.delete(timer);
      send();
    }, delay);
    return this.#delayed.add(timer);
  }

  #upgrade(request, socket, head) {
    const { search } = new URL(request.url, 'http://localhost');
    const link = new Link();
    const conn = this.#act((server, now) => {
      const answer = server.upgrade(now, search.slice(1));
      if (typeof answer === 'number') this.#links.set(answer, link);
      return answer;
    });
    if (typeof conn !== 'number') return refuse(socket, conn ?? '');
    const act = (happens) => this.#act((server, now) => happens(server, now));
    link.onend = () => {
      this.#links.delete(conn);
      act((server, now) => server.gone(now, conn));
    };
    socket.once('close', () => link.end());
    return this.#sockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('message', (data, isBinary) =>
        act((server, now) => (isBinary ? server.binary(now, conn, data) : server.text(now, conn, data.toString()))));
      for (const kind of ['ping', 'pong']) ws.on(kind, () => act((server, now) => server.heard(now, conn)));
      ws.on('error', () => link.end());
      link.open(ws);
    });
  }
}

/** The way to one client. What comes before the upgrade is through is kept. */
class Link {
  onend = () => {};
  #ws;
  #kept = [];
  /** Frames on their way. */
  #pending = 0;
  #ending = false;

  open(ws) {
    this.#ws = ws;
    for (const output of this.#kept.splice(0)) this.put(output);
  }

  put(output) {
    if (!this.#ws) return void this.#kept.push(output);
    if (output === null) {
      this.#ending = true;
      this.#settle();
    } else if (output === true) {
      this.#ws.ping();
    } else if (Array.isArray(output)) {
      this.#ws.close(...output);
    } else if (this.#pending >= Server.queue()) {
      this.end();
    } else {
      this.#pending += 1;
      this.#ws.send(output, () => {
        this.#pending -= 1;
        this.#settle();
      });
    }
  }

  /** What was to be sent goes out before the end. */
  #settle() {
    if (this.#ending && this.#pending === 0) this.#ws.terminate();
  }

  end() {
    const { onend } = this;
    this.onend = () => {};
    this.#ws?.terminate();
    onend();
  }
}

/** An upgrade that is answered with text in place of a WebSocket. */
function refuse(socket, body) {
  const head = ['HTTP/1.1 200 OK', 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close'];
  socket.on('error', () => {});
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

async function read(request, most) {
  const parts = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > most) throw new Error('too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}
