// The two SDKs in a page: how each is loaded, and what a page notes of it.

const OFFICIAL = '/node_modules/@openim/wasm-client-sdk';

/** What both lanes do with a page of the test server's files. */
export const SDKS = {
  official: async (page) => {
    await page.addScriptTag({ url: `${OFFICIAL}/assets/wasm_exec.js` });
    await page.evaluate(async (path) => {
      const { getSDK, CbEvents } = await import(`${path}/lib/index.es.js`);
      const paths = { coreWasmPath: `${path}/assets/openIM.wasm`, sqlWasmPath: `${path}/assets/sql-wasm.wasm` };
      window.observe(getSDK({ ...paths, debug: false }), CbEvents);
    }, OFFICIAL);
  },
  ours: (page) => page.evaluate(async () => {
    const { getSDK, CbEvents } = await import('/node_modules/openim-web/dist/index.js');
    window.observe(getSDK(), CbEvents);
  }),
};

/**
 * Runs in the page before the SDK: notes events and the ends of calls in their order, revives files.
 * The trace holds JSON texts, because an application may get objects that the SDK changes later.
 */
export function notebook() {
  let trace = [];
  let wake = () => {};
  const note = (entry) => {
    trace.push(JSON.stringify(entry));
    wake();
  };
  window.noted = async (ms) => {
    if (trace.length === 0 && ms > 0) await Promise.race([new Promise((go) => (wake = go)), new Promise((go) => setTimeout(go, ms))]);
    const noted = trace;
    trace = [];
    return noted;
  };
  window.observe = (sdk, { ...names }) => {
    window.sdk = sdk;
    // The core also tells one event under a name that is not in the enum (events.md §2).
    for (const name of [...Object.values(names), 'OnRecvOfflineNewMessages']) {
      sdk.on(name, ({ event, data, errCode }) => note({ event, data, errCode }));
    }
  };
  const revive = (value) => {
    if (value === null || typeof value !== 'object') return value;
    if (value.$file) {
      const { name, type, size, seed = 1 } = value.$file;
      const bytes = new Uint8Array(size);
      for (let n = 0; n < size; n += 1) bytes[n] = (n * 7 + (n >> 8) * 13 + seed) & 255;
      return new File([bytes], name, { type });
    }
    if (Array.isArray(value)) return value.map(revive);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revive(item)]));
  };
  window.run = async (method, args) => {
    const outcome = {};
    try {
      const answer = await window.sdk[method](...args.map(revive));
      outcome.data = method === 'login' ? answer : answer.data;
    } catch (error) {
      outcome.rejected = error?.errCode ?? null;
      outcome.text = `${error?.errMsg ?? error} ${error?.cause ?? ''}`;
    }
    note({ ended: method, ...outcome });
    return outcome;
  };
}

/** A file of so many bytes, for the arguments of a call. */
export const file = (name, type, size, seed) => ({ $file: { name, type, size, seed } });
