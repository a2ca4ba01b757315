import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { Method } from '#schema/case';
import { ClockPair } from '#schema/clock-pair';
import { SamplerSummary } from '#schema/monitor';
import { EpochNs } from '#schema/relation';

/** A window a second for a day; a journal that plans more was not written by a capture. */
const MOST_WINDOWS = 86_400;

/** What a capture set out to do: enough to finish it later. */
export const Plan = z.strictObject({
  version: z.string(),
  /** Secrets are taken out. */
  command: z.array(z.string()),
  preset: z.string(),
  nsys: z.strictObject({ path: z.string(), version: z.string(), method: Method, why: z.string(), flags: z.array(z.string()) }),
  delay_s: z.number(),
  duration_s: z.number().nullable(),
  windows: z.number().int().positive().max(MOST_WINDOWS),
  /** Whether traces can come from ranks, each named by its own. */
  per_rank: z.boolean(),
  /** The load test's results, as the user named them. */
  requests: z
    .string()
    .refine(file => !['', '.', '..'].includes(basename(file)), 'names no file')
    .nullable(),
  load: z.string().nullable(),
  control: z.enum(['before', 'after']).nullable(),
  afterwards: z.enum(['wait', 'stop', 'leave']),
  redact: z.boolean(),
  keep_env: z.array(z.string()),
});
export type Plan = z.infer<typeof Plan>;

const event = <const E extends string, S extends z.ZodRawShape>(name: E, shape: S) =>
  z.strictObject({ at: EpochNs, event: z.literal(name), ...shape });

/** One line of the journal. `at` is epoch ns. */
export const Entry = z.discriminatedUnion('event', [
  event('planned', { plan: Plan }),
  event('clock', { label: z.string(), pair: ClockPair }),
  event('workload-started', { pid: z.number().int() }),
  /** We ended it, by this signal: how it ended then says nothing of it. */
  event('workload-stopped', { signal: z.string() }),
  event('workload-ended', { code: z.number().int().nullable(), signal: z.string().nullable() }),
  event('ready', {}),
  event('window-opened', { name: z.string() }),
  event('window-closed', { name: z.string(), why: z.string() }),
  event('load-started', {}),
  event('load-ended', { code: z.number().int().nullable() }),
  event('control-window', { opened: EpochNs, closed: EpochNs }),
  event('collecting', { file: z.string() }),
  /** Something that was asked for and will be missing, or just something worth knowing. */
  event('missing', { what: z.string() }),
  event('note', { what: z.string() }),
  event('interrupted', { signal: z.string() }),
  event('orphaned', {}),
  event('swept', {}),
  event('sampled', { summary: SamplerSummary }),
  event('recorded', {}),
]);
export type Entry = z.infer<typeof Entry>;
type Told = Entry extends infer E ? (E extends Entry ? Omit<E, 'at'> : never) : never;

/** What has happened so far, on disk at once: whatever way we end, this is known. */
export interface Journal {
  tell(entry: Told): void;
  entries(): readonly Entry[];
}

export const JOURNAL = 'journal.jsonl';

/** Epoch ns by the wall clock, exact to a millisecond: enough to say when something happened. */
export const now = (): string => String(BigInt(Date.now()) * 1_000_000n);

/** An entry as it may lie in a case: sentences without secrets, and of a file beyond the case its name alone. */
function cleaned(entry: Entry, clean: (text: string) => string): Entry {
  switch (entry.event) {
    case 'planned': {
      const { nsys, requests } = entry.plan;
      return {
        ...entry,
        plan: { ...entry.plan, requests: requests === null ? null : basename(requests), nsys: { ...nsys, path: clean(nsys.path) } },
      };
    }
    case 'note':
    case 'missing':
      return { ...entry, what: clean(entry.what) };
    case 'sampled':
      return { ...entry, summary: { ...entry.summary, missing: entry.summary.missing.map(clean) } };
    default:
      return entry;
  }
}

/**
 * Opens the journal of a case for writing, and keeps what is in it.
 * @param clean takes out of a text what must not be in a case
 */
export function openJournal(path: string, clean: (text: string) => string): Journal {
  const entries: Entry[] = existsSync(path) ? readJournal(path) : [];
  // What a kill cut off is kept apart from what follows.
  let torn = existsSync(path) && !readFileSync(path, 'utf8').endsWith('\n');
  return {
    tell: entry => {
      const whole = cleaned(Entry.parse({ at: now(), ...entry }), clean);
      entries.push(whole);
      // A full disk must not stop the capture: what is collected is still kept, and the case is built from `entries`.
      try {
        const fd = openSync(path, 'a');
        try {
          // Where somebody removed it, all of it is written again; asked of what is open, for it may be removed at any moment.
          const lines = fstatSync(fd).size > 0 ? [whole] : entries;
          writeSync(fd, `${torn ? '\n' : ''}${lines.map(line => `${JSON.stringify(line)}\n`).join('')}`);
          torn = false;
          fsyncSync(fd);
        } finally {
          closeSync(fd);
        }
      } catch (error) {
        entries.push({ at: now(), event: 'note', what: `the journal could not be written (${reasonOf(error)})` });
      }
    },
    entries: () => entries,
  };
}

/**
 * Reads a journal. A line that was cut off, by a kill or a full disk, is passed over.
 * @throws ForensicsError bad-record when a whole line makes no sense
 */
export function readJournal(path: string): Entry[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line, i) => {
      const json = jsonOf(line);
      if (json === undefined) return [];
      const parsed = Entry.safeParse(json);
      if (parsed.success) return [parsed.data];
      throw new ForensicsError(
        'bad-record',
        `${path}, line ${i + 1}, is no entry of a capture's journal`,
        'It may be of another version of forensics; what was recorded lies in the private folder.',
      );
    });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
