// Files beside the API: the demo, or an application's own folder.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, resolve, sep } from 'node:path';

const TYPES = {
  '.css': 'text/css', '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json',
  '.map': 'application/json', '.mjs': 'text/javascript', '.png': 'image/png', '.svg': 'image/svg+xml', '.txt': 'text/plain',
  '.wasm': 'application/wasm', '.webmanifest': 'application/manifest+json', '.woff2': 'font/woff2',
};

/** Answers with a file below `folder`, or with 404. */
export async function sendFile(folder, path, request, response) {
  const file = folder && (await find(resolve(folder), path));
  const headers = { 'access-control-allow-origin': '*' };
  if (!file || !['GET', 'HEAD'].includes(request.method)) return response.writeHead(404, headers).end();
  // Other files of a built application have their content's hash in their name.
  if (/\.html$|[\\/]sw\.js$/.test(file.name)) headers['cache-control'] = 'no-cache';
  headers['last-modified'] = file.changed;
  if (request.headers['if-modified-since'] === file.changed) return response.writeHead(304, headers).end();
  headers['content-type'] = TYPES[extname(file.name)] ?? 'application/octet-stream';
  headers['content-length'] = file.size;
  response.writeHead(200, headers);
  if (request.method === 'HEAD') return response.end();
  const stream = createReadStream(file.name);
  stream.on('error', () => response.destroy());
  return stream.pipe(response);
}

async function find(root, path) {
  let name;
  try {
    name = join(root, normalize(decodeURIComponent(path)));
  } catch {
    return undefined;
  }
  if (name !== root && !name.startsWith(root + sep)) return undefined;
  let found = await stat(name).catch(() => undefined);
  if (found?.isDirectory()) {
    name = join(name, 'index.html');
    found = await stat(name).catch(() => undefined);
  }
  return found?.isFile() ? { name, size: found.size, changed: found.mtime.toUTCString() } : undefined;
}
