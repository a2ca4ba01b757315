import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { Case } from '#schema/case';
import type { Overhead, Recording } from '#schema/recording';
import type { Finished } from './finish.ts';
import type { CaseFolder } from './folder.ts';
import { type Entry, now, type Plan } from './journal.ts';
import { windowNames } from './record.ts';

type Of<E extends Entry['event']> = Extract<Entry, { event: E }>;
const all = <E extends Entry['event']>(entries: readonly Entry[], event: E): Of<E>[] =>
  entries.filter((e): e is Of<E> => e.event === event);
const last = <E extends Entry['event']>(entries: readonly Entry[], event: E): Of<E> | undefined => all(entries, event).at(-1);

/** What is known once a recording is finished, besides the journal. */
export interface Outcome {
  readonly finished: Finished;
  /** Reports by trace file. */
  readonly reports: ReadonlyMap<string, string>;
  /** What could not be analyzed, and other sentences. */
  readonly missing: readonly string[];
  readonly notes: readonly string[];
  readonly overhead: Overhead[] | null;
}

/** The plan of a capture. @throws ForensicsError bad-record when its journal has none */
export function planOf(entries: readonly Entry[], folder: CaseFolder): Plan {
  const plan = last(entries, 'planned')?.plan;
  if (plan === undefined)
    throw new ForensicsError(
      'bad-record',
      `the journal in ${folder.path} does not say what was planned`,
      'Start the capture anew: this one ended before it began.',
    );
  return plan;
}

/** Whether forensics died while it recorded. */
const wasCutOff = (entries: readonly Entry[]): boolean => last(entries, 'recorded') === undefined;

/**
 * How a capture went. A workload that fails after its last window is no failure of the capture, and neither is one that we stopped, such as
 * when the disk filled, or of which nobody can say how it ended, since nsys was killed around it.
 */
function statusOf(entries: readonly Entry[], missing: readonly string[]): Case['status'] {
  if (last(entries, 'interrupted') !== undefined || wasCutOff(entries)) return 'interrupted';
  const stopped = last(entries, 'workload-stopped') !== undefined;
  const failed = !stopped && entries.some(e => e.event === 'workload-ended' && e.code !== null && e.code !== 0);
  const closedByIt = entries.some(e => e.event === 'window-closed' && e.why === 'the workload ended');
  const noWindow = !entries.some(e => e.event === 'window-opened');
  if (failed && (closedByIt || noWindow)) return 'workload-failed';
  return missing.length > 0 ? 'incomplete' : 'complete';
}

/** Builds case.json from the journal and what came of it. */
export function caseOf(entries: readonly Entry[], plan: Plan, outcome: Outcome, files: Case['files']): Case {
  const missing = [
    ...new Set([
      ...all(entries, 'missing').map(e => e.what),
      ...all(entries, 'sampled').flatMap(e => e.summary.missing),
      ...(wasCutOff(entries) ? ['forensics itself was killed while it recorded'] : []),
      ...outcome.finished.missing,
      ...outcome.missing,
    ]),
  ];
  const started = last(entries, 'workload-started');
  const ended = last(entries, 'workload-ended');
  const load = last(entries, 'load-started');
  const lack = missing.filter(m => !all(entries, 'sampled').some(e => e.summary.missing.includes(m)));
  return Case.parse({
    schema: 'forensics.case/1',
    tool: { name: 'forensics', version: plan.version },
    status: statusOf(entries, lack),
    missing,
    notes: [
      ...all(entries, 'note').map(e => e.what),
      ...(last(entries, 'orphaned') !== undefined && !wasCutOff(entries) ? ['forensics was killed before it had finished the case'] : []),
      ...outcome.notes,
    ],
    command: plan.command,
    preset: plan.preset,
    nsys: { version: plan.nsys.version, method: plan.nsys.method, why: plan.nsys.why, flags: plan.nsys.flags },
    started_ns: entries[0]?.at ?? now(),
    ended_ns: last(entries, 'recorded')?.at ?? entries.at(-1)?.at ?? now(),
    clocks: all(entries, 'clock').map(e => ({ at: e.label, ...e.pair })),
    windows: windowNames(plan.windows).map(name => {
      const traces = outcome.finished.traces.get(name) ?? [];
      return {
        name,
        opened_ns: all(entries, 'window-opened').find(e => e.name === name)?.at ?? null,
        closed_ns: all(entries, 'window-closed').find(e => e.name === name)?.at ?? null,
        closed_by: all(entries, 'window-closed').find(e => e.name === name)?.why ?? null,
        traces: traces.map(t => `${t}.sqlite`),
        reports: traces.flatMap(t => outcome.reports.get(`${t}.sqlite`) ?? []),
      };
    }),
    workload: {
      started_ns: started?.at ?? null,
      ended_ns: ended?.at ?? null,
      exit_code: ended?.code ?? null,
      signal: ended?.signal ?? null,
      afterwards: plan.afterwards,
    },
    load:
      load === undefined || plan.load === null
        ? null
        : { command: plan.load, started_ns: load.at, exit_code: last(entries, 'load-ended')?.code ?? null },
    samplers: all(entries, 'sampled').map(e => e.summary),
    redacted: plan.redact,
    overhead: outcome.overhead,
    files,
  } satisfies Case);
}

/** What a report says of how its trace was recorded. */
export function recordingOf(content: Case, trace: string): Recording {
  const window = content.windows.find(w => w.traces.includes(trace));
  return {
    preset: content.preset,
    nsys_version: content.nsys.version,
    method: content.nsys.why,
    flags: content.nsys.flags,
    opened_ns: window?.opened_ns ?? null,
    closed_ns: window?.closed_ns ?? null,
    closed_by: window?.closed_by ?? null,
    overhead: content.overhead,
    missing: content.missing,
  };
}

/** All files of a case, with their hashes; case.json cannot hold its own. */
export async function filesOf(folder: CaseFolder): Promise<Case['files']> {
  const files = readdirSync(folder.path, { recursive: true, withFileTypes: true })
    .filter(f => f.isFile() && !f.name.endsWith('.part'))
    .map(f => join(f.parentPath, f.name))
    .filter(f => f !== folder.caseFile)
    .sort();
  const out: Case['files'] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
    out.push({ path: relative(folder.path, file), bytes: statSync(file).size, sha256: hash.digest('hex') });
  }
  return out;
}

/**
 * Writes case.json, whole or not at all.
 * @throws ForensicsError not-writable
 */
export function writeCase(folder: CaseFolder, content: Case): void {
  const part = `${folder.caseFile}.part`;
  try {
    writeFileSync(part, `${JSON.stringify(content, null, 2)}\n`);
    renameSync(part, folder.caseFile);
  } catch (error) {
    rmSync(part, { force: true });
    throw new ForensicsError(
      'not-writable',
      `${folder.caseFile} cannot be written (${reasonOf(error)})`,
      `Make space, then run forensics capture --resume ${folder.path}.`,
    );
  }
}
