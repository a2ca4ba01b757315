/** A wish to stop, from the terminal or the system. */
export interface Interrupts {
  /** Resolves with the first signal: end in order and keep what there is. */
  readonly first: Promise<NodeJS.Signals>;
  /** Resolves with the second: end at once. */
  readonly second: Promise<NodeJS.Signals>;
  /** The first signal, once it came. */
  readonly received: () => NodeJS.Signals | undefined;
  /** Whether the second has come. */
  readonly insisted: () => boolean;
  readonly dispose: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Takes over the signals that would end us. */
export function watchInterrupts(): Interrupts {
  let one: (signal: NodeJS.Signals) => void = () => {};
  let two: (signal: NodeJS.Signals) => void = () => {};
  const first = new Promise<NodeJS.Signals>(resolve => {
    one = resolve;
  });
  const second = new Promise<NodeJS.Signals>(resolve => {
    two = resolve;
  });
  let received: NodeJS.Signals | undefined;
  let insisted = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (received === undefined) {
      received = signal;
      one(signal);
    } else {
      insisted = true;
      two(signal);
    }
  };
  for (const s of SIGNALS) process.on(s, onSignal);
  return {
    first,
    second,
    received: () => received,
    insisted: () => insisted,
    dispose: () => {
      for (const s of SIGNALS) process.off(s, onSignal);
    },
  };
}
