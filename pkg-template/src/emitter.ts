// Listeners by event, with the official SDK's rules (api.md §1.4).

import type { CbEvents } from './api.js';
import type { DataOfEvent, WSEvent } from './official.js';

export type Listener<E extends CbEvents> = (event: WSEvent<DataOfEvent<E>>) => void;

type AnyListener = (event: never) => void;

export class Emitter {
  private readonly _listeners = new Map<string, AnyListener[]>();

  /** Adds a listener; the same function may be added twice. */
  on<E extends CbEvents>(event: E, listener: Listener<E>): this {
    const list = this._listeners.get(event);
    if (list) list.push(listener);
    else this._listeners.set(event, [listener]);
    return this;
  }

  /** Adds a listener for the next event only. */
  once<E extends CbEvents>(event: E, listener: Listener<E>): this {
    const once: Listener<E> = (told) => {
      this.off(event, once);
      listener(told);
    };
    return this.on(event, once);
  }

  /** Removes the first listener that is this function. */
  off<E extends CbEvents>(event: E, listener: Listener<E>): this {
    const list = this._listeners.get(event);
    const index = list?.indexOf(listener) ?? -1;
    // A copy: an emit that is running keeps its own list.
    if (list && index >= 0) this._listeners.set(event, [...list.slice(0, index), ...list.slice(index + 1)]);
    return this;
  }

  /** Calls the listeners in order. One that throws ends the round; the error goes to the console. */
  emit<E extends CbEvents>(event: E, told: WSEvent<DataOfEvent<E>>): this {
    try {
      for (const listener of [...(this._listeners.get(event) ?? [])]) listener(told as never);
    } catch (error) {
      console.error(`a listener of ${event} failed`, error);
    }
    return this;
  }
}
