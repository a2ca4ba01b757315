import { stripVTControlCharacters } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import { bytesNamed } from '#app/inputs/bytes-named';
import { machineBytes } from '#app/inputs/memory-guard';
import { ForensicsError } from '#core/errors';
import { bytes } from '#core/format/numbers';
import { sweepTemporary } from '#core/temporary/folder';
import { ownMark } from '#core/temporary/owner';
import type { Bytes, Seconds, Share } from '#core/units';
import { endTagged } from '#record/processes/end';
import { endWithParent, OUT_OF_MEMORY } from '#record/processes/end-with-parent';
import { SESSION_TAG } from '#record/processes/tagged-processes';
import { type WatchedEnding, watchedChild } from '#record/processes/watched-child';
import { interruptible } from './interrupts.ts';
import { type Io, type TextStream, terminalOn } from './terminal.ts';

const COULD_NOT_RUN = 2;

/** Commands that read what strangers made, in a long calculation that hears no signal meanwhile. */
const READERS: ReadonlySet<string> = new Set([
  'analyze',
  'pipeline',
  'doctor',
  'energy',
  'audit',
  'score',
  'compare',
  'targets',
  'history',
  'baseline',
  'card',
]);

/** Tells the child whose it is, and what its standard error was. */
const SUPERVISOR = 'FORENSICS_SUPERVISOR';
/** For how long a step may last, in seconds, where the user says so; 0 is without end. */
const PATIENCE = 'FORENSICS_STEP_SECONDS';

/** A step that lasts so long on a small file does not end. */
const PATIENCE_SECONDS: Seconds = 30;
/** A whole analysis takes 0.04 s a MiB (docs/accuracy.md), and none of its steps half of that: this is fifty times as long. */
const PATIENCE_SECONDS_PER_MIB: Seconds = 1;
/** `doctor` asks nvidia-smi and nsys, each of which may hang for 20 s, and says nothing meanwhile. */
const PROGRAMS_SECONDS: Seconds = 60;
/** Beyond this share of the machine its other programs suffer, and the system chooses whom to kill. */
const MEMORY_SHARE: Share = 0.9;

const commandOf = (words: readonly string[]): string => words.find(word => !word.startsWith('-')) ?? '';

/** Commands that read what strangers made only with this option, or only without it: the rest of the time they measure, for as long as that takes. */
const READERS_BY_OPTION: ReadonlyMap<string, { readonly option: string; readonly isWith: boolean }> = new Map([
  ['certify', { option: '--run', isWith: false }],
  ['snapshot', { option: '--from', isWith: true }],
]);

function reads(words: readonly string[]): boolean {
  const by = READERS_BY_OPTION.get(commandOf(words));
  if (by === undefined) return READERS.has(commandOf(words));
  return words.some(word => word === by.option || word.startsWith(`${by.option}=`)) === by.isWith;
}

/** Whether a command line is run by a child of this process. */
export const isForChild = (words: readonly string[]): boolean => reads(words) && !words.includes('--help') && !words.includes('-h');

function patienceOf(words: readonly string[], env: NodeJS.ProcessEnv): Seconds {
  const said = Number(env[PATIENCE] ?? Number.NaN);
  if (said >= 0) return said === 0 ? Number.POSITIVE_INFINITY : said;
  const programsSeconds = commandOf(words) === 'doctor' ? PROGRAMS_SECONDS : 0;
  return PATIENCE_SECONDS + programsSeconds + Math.round((PATIENCE_SECONDS_PER_MIB * bytesNamed(words)) / 2 ** 20);
}

const mostBytes = (): Bytes => MEMORY_SHARE * machineBytes();

/** The streams of this process where it is such a child, which from now on ends with its parent, or once it takes too much memory. */
export function asChild({ stdout, stderr, env }: Io): Io | undefined {
  const [parent, isTTY, columns] = (env[SUPERVISOR] ?? '').split(' ');
  if (Number(parent) !== process.ppid) return undefined;
  endWithParent(process.ppid, mostBytes());
  const asBefore: TextStream = { write: text => stderr.write(text), isTTY: isTTY === 'tty', columns: Number(columns) || undefined };
  return { stdout, stderr: asBefore, env, ownsProcess: true };
}

/** Why a child did not come to its end, and what to do. */
function failureOf(command: string, ending: WatchedEnding, patienceSeconds: Seconds): ForensicsError {
  const { signal, isSilent, lastLine, complaint } = ending;
  const last = stripVTControlCharacters(lastLine).replace(/ \([^)]*\)$/, '');
  const at = last === '' ? '' : ` (its last step: ${last})`;
  const less = 'record a shorter window, or fewer kinds of events';
  if (isSilent)
    return new ForensicsError(
      'time-limit',
      `forensics ${command} was ended: it got no further in ${patienceSeconds} s${at}`,
      `A file may be made so that it takes for ever. Where it is only large, or the machine slow, allow a step more: ${PATIENCE}=3600.`,
    );
  if (/heap out of memory|Allocation failed/.test(complaint))
    return new ForensicsError(
      'unsupported',
      `forensics ${command} needs more memory than Node gives it, ${bytes(getHeapStatistics().heap_size_limit)}${at}`,
      `Give it more: NODE_OPTIONS=--max-old-space-size=16000 (MiB); or ${less}.`,
    );
  if (signal === OUT_OF_MEMORY)
    return new ForensicsError(
      'unsupported',
      `forensics ${command} needs more memory than this machine has for it, ${bytes(mostBytes())}${at}`,
      `Use a machine with more; or ${less}.`,
    );
  return new ForensicsError(
    'unsupported',
    `forensics ${command} was ended by ${signal ?? 'Node itself'}${at}`,
    signal === 'SIGKILL'
      ? `Somebody killed it, or the system did because memory ran out: then use a machine with more, or ${less}.`
      : 'The file may be damaged in a way that is not known yet: please report it.',
  );
}

/**
 * Runs a command line in a child process, which can be ended whatever it does, and says how it ended.
 * @param script what runs command lines
 * @returns the exit code
 */
export function supervise(script: string, words: readonly string[], io: Io): Promise<number> {
  const { stderr, env } = io;
  const mark = `${process.pid} ${stderr.isTTY === true ? 'tty' : 'pipe'} ${stderr.columns ?? ''}`;
  const patienceSeconds = patienceOf(words, env);
  // Inside a capture all belongs to that.
  const tag = env[SESSION_TAG] === undefined && process.platform === 'linux' ? ownMark() : undefined;
  return interruptible(async ({ stop }) => {
    const running = watchedChild(script, words, {
      ...{ env: { ...env, [SUPERVISOR]: mark, ...(tag === undefined ? {} : { [SESSION_TAG]: tag }) }, patienceSeconds, stop },
      tell: line => void stderr.write(line),
    });
    sweepTemporary();
    const ending = await running;
    // What it left behind where a signal ended it: nsys and the like run in sessions of their own.
    if (ending.signal !== null && tag !== undefined) await endTagged(tag, 0);
    sweepTemporary();
    stop.throwIfAborted();
    if (ending.code !== null && ending.complaint === '') return ending.code;
    if (ending.complaint !== '' && !/memory|Allocation/.test(ending.complaint)) stderr.write(ending.complaint);
    terminalOn(io).printFailure(failureOf(commandOf(words), ending, patienceSeconds));
    return COULD_NOT_RUN;
  });
}
