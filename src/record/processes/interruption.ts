/** The reason of a signal that was aborted because the system asked this process to end. */
export class Interruption extends Error {
  readonly signal: NodeJS.Signals;
  constructor(signal: NodeJS.Signals) {
    super(`interrupted by ${signal}`);
    this.name = 'Interruption';
    this.signal = signal;
  }
}

/** The wish to stop, which comes in two steps. */
export interface StopSignals {
  /** Aborted first: end in order and keep what there is. */
  readonly stop: AbortSignal;
  /** Aborted when that takes too long: end at once. */
  readonly hurry: AbortSignal;
}

/** The signal of the system that something was aborted by, SIGINT where none is named; undefined while it is not aborted. */
export function interruptOf(aborted: AbortSignal): NodeJS.Signals | undefined {
  if (!aborted.aborted) return undefined;
  return aborted.reason instanceof Interruption ? aborted.reason.signal : 'SIGINT';
}

const promises = new WeakMap<AbortSignal, Promise<NodeJS.Signals>>();

/** Resolves when a signal is aborted, with what it was aborted by. There is one promise for each: many may wait, time and again. */
export function whenAborted(signal: AbortSignal): Promise<NodeJS.Signals> {
  const known = promises.get(signal);
  if (known !== undefined) return known;
  const made = new Promise<NodeJS.Signals>(resolve => {
    const tell = () => resolve(interruptOf(signal) ?? 'SIGINT');
    if (signal.aborted) tell();
    else signal.addEventListener('abort', tell, { once: true });
  });
  promises.set(signal, made);
  return made;
}

/** Waits for work, but not longer than until a signal is aborted. @throws the signal's reason, once it is aborted */
export function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const stopped = whenAborted(signal).then((): never => {
    throw signal.reason;
  });
  return Promise.race([stopped, work]);
}
