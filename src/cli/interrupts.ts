import { setTimeout as sleep } from 'node:timers/promises';
import { Interruption, type StopSignals, whenAborted } from '#record/processes/interruption';

/** Signals of the system by which a terminal or a supervisor asks us to end. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A signal to oneself ends the process well before. */
const LONGEST_END_MS = 5000;

interface Watch extends StopSignals {
  dispose(): void;
}

/** Takes over the signals that would end us: the first aborts `stop`, the second `hurry`. */
function watchInterrupts(names: readonly NodeJS.Signals[]): Watch {
  const [stop, hurry] = [new AbortController(), new AbortController()];
  const onSignal = (name: NodeJS.Signals) => (stop.signal.aborted ? hurry : stop).abort(new Interruption(name));
  for (const name of names) process.on(name, onSignal);
  return {
    stop: stop.signal,
    hurry: hurry.signal,
    dispose: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

/** What an interrupted work throws: the reason of its signal, or an error of Node's own with that as its cause. */
const interruptionIn = (error: unknown): Interruption | undefined =>
  error instanceof Interruption ? error : error instanceof Error && error.cause instanceof Interruption ? error.cause : undefined;

/**
 * Runs work that Ctrl-C stops. Work that keeps what there is ends as it always does; work that gives up, by throwing the reason of
 * its signal, ends this process as the signal would have ended it.
 * @param options.signals which of them are heard; the others end the process by themselves
 * @param options.endsAtSecond whether the second ends the process at once
 */
export async function interruptible<T>(
  work: (signals: StopSignals) => Promise<T>,
  options: { readonly signals?: readonly NodeJS.Signals[]; readonly endsAtSecond?: boolean } = {},
): Promise<T> {
  const watch = watchInterrupts(options.signals ?? SIGNALS);
  if (options.endsAtSecond === true)
    void whenAborted(watch.hurry).then(name => {
      watch.dispose();
      process.kill(process.pid, name);
    });
  try {
    return await work(watch);
  } catch (error) {
    const interruption = interruptionIn(error);
    if (interruption !== undefined) {
      watch.dispose();
      process.kill(process.pid, interruption.signal);
      await sleep(LONGEST_END_MS);
    }
    throw error;
  } finally {
    watch.dispose();
  }
}
