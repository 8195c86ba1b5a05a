// The message boundary between the front and the engine. The engine may sit in the same realm (host
// `page`) or in a worker: both ends only ever post messages.

import type { ErrName } from './api.js';

/** Asks for a method. */
export interface CallMessage {
  id: number;
  method: string;
  params: unknown;
  operationID: string;
}

/** Tells that the page is looked at or hidden; that it came back from sleep, or the network did. */
export interface PageMessage {
  page: 'visible' | 'hidden' | 'back';
}

/** Ends the engine. */
export interface CloseMessage {
  close: true;
}

export type ToEngine = CallMessage | PageMessage | CloseMessage;

/** Why a call failed, in plain data. */
export interface Failure {
  errCode: number;
  /** Without it: the name that the code always has. */
  errName?: ErrName | '';
  errMsg: string;
  cause?: string;
}

/** Answers a call. */
export type ReplyMessage = { id: number; data: unknown } | { id: number; error: Failure };

/** Tells something. */
export interface EventMessage {
  event: string;
  data: unknown;
  errCode: number;
  errMsg: string;
}

/** The engine has stopped for good. */
export interface DeadMessage {
  dead: Failure;
}

/** What the tab is to the others. */
export interface TabMessageToPage {
  tab: TabInfo;
}

export type FromEngine = ReplyMessage | EventMessage | DeadMessage | TabMessageToPage;

/** From a worker's script: it runs; it needs the wasm module; it holds the lock that is free when it is gone. */
export type FromWorker = FromEngine | { ready: true } | { need: 'module' } | { alive: true };

/** To a worker's script: the wasm module, or why there is none; the name of the lock to hold. */
export type ToWorker = ToEngine | { module: WebAssembly.Module } | { missing: string } | { alive: string };

/** What a tab is to the other tabs of its user. */
export interface TabInfo {
  /**
   * `leader`: the engine of all tabs runs here. `follower`: it runs in another tab. `alone`: this tab cannot
   * speak to others and has an engine of its own. `none`: nobody is logged in.
   */
  role: 'leader' | 'follower' | 'alone' | 'none';
  /** What the browser lacks for tabs to work together, and what follows from it; '' if nothing. */
  lacks: string;
}

/** Where the engine of a client runs, and what its tab is to the others. */
export interface HostInfo extends TabInfo {
  /** `worker`: off the page's thread. `page`: on it. */
  kind: 'worker' | 'page';
  /** Why it is the page, if the page was not asked for. */
  reason: string;
}

/** One end of the boundary: what MessagePort and Worker have in common. */
export interface Port<Out, In> {
  postMessage(message: Out): void;
  onmessage: ((event: { data: In }) => void) | null;
}

class LocalPort<Out, In> implements Port<Out, In> {
  onmessage: ((event: { data: In }) => void) | null = null;
  peer: LocalPort<In, Out> | null = null;

  postMessage(message: Out): void {
    const { peer } = this;
    // Never within the sender's call: a listener may call back at once.
    queueMicrotask(() => peer?.onmessage?.({ data: message }));
  }
}

/** Two connected ends in one realm. Messages arrive in order, by reference. */
export function localPair(): [Port<ToEngine, FromEngine>, Port<FromEngine, ToEngine>] {
  const front = new LocalPort<ToEngine, FromEngine>();
  const engine = new LocalPort<FromEngine, ToEngine>();
  front.peer = engine;
  engine.peer = front;
  return [front, engine];
}
