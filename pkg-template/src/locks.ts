// The lock of the browser that makes a tab the leader. Where there is none, who asks long enough has it.

/** A place in the queue of a lock, or the lock. */
export class LeaderLock {
  private readonly _name: string;
  private readonly _told: (what: 'granted' | 'stolen') => void;
  private _place: { release: () => void } | undefined;
  /** The browser has locks and refuses them to this page. */
  private _refused = !hasLocks();

  constructor(name: string, told: (what: 'granted' | 'stolen') => void) {
    this._name = name;
    this._told = told;
  }

  /** Waits in the queue. */
  wait(): void {
    if (!this._refused) this._request(false);
  }

  /** Takes it at once, whoever has it. */
  steal(): void {
    this.release();
    if (this._refused) this._told('granted');
    else this._request(true);
  }

  /** Takes it if it is free; whether that can be said. */
  tryOnce(): Promise<boolean> {
    if (this._refused) return Promise.resolve(true);
    return new Promise((resolve) => {
      const held = (lock: Lock | null) => {
        resolve(lock !== null);
        return lock && new Promise<void>((release) => (this._place = { release }));
      };
      navigator.locks.request(this._name, { ifAvailable: true }, held).catch(() => resolve(true));
    });
  }

  /** Gives it up, or the place in the queue. */
  release(): void {
    this._place?.release();
    this._place = undefined;
  }

  private _request(steal: boolean): void {
    this.release();
    // Two options that exclude each other: a request that steals cannot be taken back.
    const abort = new AbortController();
    let free = () => abort.abort();
    const place = { release: () => free() };
    this._place = place;
    const isMine = () => this._place === place;
    let had = false;
    const held = () => {
      if (!isMine()) return undefined;
      return new Promise<void>((resolve) => {
        free = resolve;
        had = true;
        this._told('granted');
      });
    };
    const options = steal ? { steal: true } : { signal: abort.signal };
    navigator.locks.request(this._name, options, held).catch(() => {
      // Taken back by ourselves, or stolen.
      if (!isMine()) return;
      this._place = undefined;
      if (had) this._told('stolen');
      else this._refused = true;
    });
  }
}

/** Whether the browser has locks: not on pages without TLS, not in old browsers. */
export function hasLocks(): boolean {
  return typeof navigator !== 'undefined' && typeof navigator.locks?.request === 'function';
}

/** Holds a lock as long as this realm lives; resolves when it is held. */
export function holdForLife(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    navigator.locks
      .request(name, () => {
        resolve();
        return new Promise(() => {});
      })
      .catch(reject);
  });
}
