// The message boundary between the front and the engine. The engine may sit in the same realm (host
// `page`) or in a worker: both ends only ever post messages.

/** Asks for a method. */
export interface CallMessage {
  id: number;
  method: string;
  params: unknown;
  operationID: string;
}

/** Tells that the page is looked at again or the network is back. */
export interface WakeMessage {
  wake: true;
}

/** Ends the engine. */
export interface CloseMessage {
  close: true;
}

export type ToEngine = CallMessage | WakeMessage | CloseMessage;

/** Why a call failed, in plain data. */
export interface Failure {
  errCode: number;
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

export type FromEngine = ReplyMessage | EventMessage | DeadMessage;

/** From a worker's script: it runs; it needs the wasm module. */
export type FromWorker = FromEngine | { ready: true } | { need: 'module' };

/** To a worker's script: the wasm module, or why there is none. */
export type ToWorker = ToEngine | { module: WebAssembly.Module } | { missing: string };

/** Where the engine of a client runs. */
export interface HostInfo {
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
