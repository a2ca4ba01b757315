import { reasonOf } from '#core/reason-of';
import type { ClockPair } from '#schema/clock-pair';
import type { SamplerSummary } from '#schema/monitor';
import { clockPair } from './clock-pair.ts';
import { Notes } from './notes.ts';
import type { Outcome, Sampler, Tell } from './sampler.ts';

/** What is common to all summaries, and is not the sampler's own business. */
type Own = Omit<SamplerSummary, 'sampler' | 'start' | 'end' | 'missing'>;

/** The part of a sampler that knows what it samples. */
export interface Work {
  /** Begins; a reason means that it did not. Looks at `stopped` while it waits. */
  begin(folder: string, stopped: () => boolean): Promise<string | undefined>;
  running(): boolean;
  progress(): string;
  /** Called once, after a `begin` if there was one, also after one that failed. */
  finish(end: ClockPair): Promise<Own>;
}

/** Makes a sampler of its work: clock pairs at both ends, one start and one end, and nothing thrown that the machine is to blame for. */
export function samplerOf(id: Sampler['id'], tell: Tell, work: (notes: Notes) => Work): Sampler {
  const notes = new Notes(tell);
  const own = work(notes);
  let begun: ClockPair | undefined;
  let starting: Promise<Outcome> | undefined;
  let ending: Promise<SamplerSummary> | undefined;

  const begin = async (folder: string): Promise<Outcome> => {
    begun = clockPair();
    const why = await own.begin(folder, () => ending !== undefined).catch(mishap);
    if (why === undefined) return { sampling: true };
    notes.add(why);
    return { sampling: false, why };
  };
  const finish = async (): Promise<SamplerSummary> => {
    await starting;
    const end = clockPair();
    const rest = await own.finish(end);
    return { sampler: id, ...rest, start: begun ?? end, end, missing: notes.all() };
  };
  return {
    id,
    start: folder => {
      starting ??= begin(folder);
      return starting;
    },
    running: () => ending === undefined && own.running(),
    progress: () => own.progress(),
    stop: () => {
      ending ??= Promise.resolve().then(finish);
      return ending;
    },
  };
}

/** An error of the file system is a reason; any other is a bug. */
const mishap = (error: unknown): string => {
  if (error instanceof Error && 'syscall' in error) return `nothing can be written (${reasonOf(error)})`;
  throw error;
};
