// Where the engine's wasm module comes from: the file beside the script, what the application gave, or
// the copy inside a script. Every failure says what to mend.

/** The server's answer begins within this time, milliseconds. */
const ANSWER_MS_MAX = 6_000;
/** First bytes of every wasm module. */
const MAGIC = [0x00, 0x61, 0x73, 0x6d];

/** Gives the module's bytes. */
type Copy = () => BufferSource;

let own: Copy | undefined;

/** The one-file build brings its own copy: nothing is fetched. */
export function useCopy(copy: Copy): void {
  own = copy;
}

// Bundlers know this form: they copy the file and put its new address here.
const wasmFile = () => new URL('./wasm/openim_web_bg.wasm', import.meta.url);

/**
 * The compiled module. Without `given` it is the file of the package; if that cannot be had (a bundler
 * did not copy it, the server does not send it), the copy inside a script takes its place, and `note` is told.
 * Rejects with an Error whose message says what to do.
 */
export async function loadModule(
  given?: unknown,
  note: (why: string) => void = complain,
): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === 'undefined') {
    throw new Error('this browser has no WebAssembly; it may be switched off (lockdown mode, a policy)');
  }
  if (given instanceof WebAssembly.Module) return given;
  if (given !== undefined) return fromSource(given);
  if (own) return compile(own());
  try {
    return await fromSource(wasmFile());
  } catch (cause) {
    if (isPolicy(cause)) throw cause;
    return fromCopy(cause as Error, note);
  }
}

async function fromCopy(cause: Error, note: (why: string) => void): Promise<WebAssembly.Module> {
  let copy: Copy;
  try {
    copy = (await import('./copy.js')).bytes;
  } catch {
    throw cause;
  }
  note(cause.message);
  return compile(copy());
}

function complain(why: string): void {
  console.warn(`openim-web: ${why}. The copy inside the script is used, which loads more slowly.`);
}

async function fromSource(source: unknown): Promise<WebAssembly.Module> {
  const answer = await (source as Promise<unknown>);
  if (answer instanceof WebAssembly.Module) return answer;
  if (answer instanceof ArrayBuffer || ArrayBuffer.isView(answer)) return compile(answer as BufferSource);
  if (answer instanceof Response) return fromResponse(answer);
  const address = answer instanceof Request ? answer.url : String(answer);
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ANSWER_MS_MAX);
  let response: Response;
  try {
    response = await fetch(answer as RequestInfo, { signal: abort.signal, credentials: 'same-origin' });
  } catch (cause) {
    const why = abort.signal.aborted ? `no answer within ${ANSWER_MS_MAX / 1000} s` : describe(cause);
    throw new Error(
      `${name(address)} could not be fetched: ${why} — is the server reachable, does connect-src of the ` +
        "Content-Security-Policy name it, does it allow the page's origin?",
    );
  } finally {
    clearTimeout(timer);
  }
  return fromResponse(response, address);
}

async function fromResponse(response: Response, address = response.url): Promise<WebAssembly.Module> {
  if (!response.ok) {
    throw new Error(
      `${name(address)} is not there: HTTP ${response.status} — the bundler or the server leaves the file ` +
        'out: copy it, give its address as `wasm`, or import openim-web/inline',
    );
  }
  // Compiling while loading needs the right type; the bytes are looked at where it is another.
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('application/wasm') && typeof WebAssembly.compileStreaming === 'function') {
    return WebAssembly.compileStreaming(response).catch((cause: unknown) => {
      throw explained(cause, address);
    });
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (MAGIC.some((byte, index) => bytes[index] !== byte)) {
    throw new Error(
      `${name(address)} is not a wasm file: the server answered with ${type || 'an unknown type'}, probably ` +
        'a fallback page — exempt .wasm files from the rewrite, or import openim-web/inline',
    );
  }
  return compile(bytes, address);
}

function compile(bytes: BufferSource, address = ''): Promise<WebAssembly.Module> {
  return WebAssembly.compile(bytes).catch((cause: unknown) => {
    throw explained(cause, address);
  });
}

class PolicyError extends Error {}

function isPolicy(error: unknown): boolean {
  return error instanceof PolicyError;
}

function explained(cause: unknown, address: string): Error {
  const text = describe(cause);
  if (/content security|unsafe-eval|blocked by CSP|embedder/i.test(text)) {
    return new PolicyError(`${text} — the page's Content-Security-Policy needs script-src 'wasm-unsafe-eval'`);
  }
  return new Error(`${name(address)} cannot be compiled: ${text} — is the file whole, the browser too old?`);
}

function name(address: string): string {
  return address ? `openim_web_bg.wasm (${address})` : 'openim_web_bg.wasm';
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
