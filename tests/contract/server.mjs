// The test server, started for a run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** `{api, ws, secret, stop}`. */
export async function startServer() {
  const child = spawn(process.env.OPENIM_SERVER, ['--port', '0', '--seed', 'empty'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the server ended with ${code}`)));
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended]);
  ended.catch(() => {});
  const { api, ws } = JSON.parse(line);
  return { api, ws, secret: 'openIM123', stop: () => child.kill() };
}
