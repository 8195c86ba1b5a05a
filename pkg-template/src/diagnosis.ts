// The entrance of `diagnose`: the checks themselves are loaded when somebody asks.

/** What to look at; without addresses only the browser and the page are. */
export interface DiagnoseParams {
  apiAddr?: string;
  wsAddr?: string;
  userID?: string;
  token?: string;
  platformID?: number;
  /** As in `ClientOptions`: where the engine's wasm file is. */
  wasm?: unknown;
}

/** One thing that was looked at. */
export interface Check {
  name:
    | 'wasm' | 'policy' | 'storage' | 'addresses' | 'token' | 'api' | 'server' | 'user' | 'files' | 'clock' | 'websocket';
  /** `warn`: it works, but not as well as it could. `skip`: a check before it failed, or nothing was given. */
  result: 'ok' | 'warn' | 'fail' | 'skip';
  /** What is wrong; "" where nothing is. */
  problem: string;
  /** What to do about it; "" where nothing is wrong. */
  advice: string;
  /** How long it took, milliseconds. */
  ms: number;
}

/** What `diagnose` found. */
export interface Diagnosis {
  /** Nothing fails. */
  ok: boolean;
  checks: Check[];
  /** The findings as text, for a console or a report. */
  text: string;
}

/**
 * Looks at what keeps people from getting started: the wasm file, the Content-Security-Policy, the database,
 * the addresses, the token, the API and its CORS, the server's version, the user, whether files are taken, the
 * clock, the WebSocket. Resolves within ten seconds, whatever is broken, and never rejects. A session that is logged in is not disturbed.
 */
export async function diagnose(params: DiagnoseParams = {}): Promise<Diagnosis> {
  const { examine } = await import('./diagnose.js');
  return examine(params);
}
