import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Entry, readJournal } from '#record/capture/journal';
import { Case } from '#schema/case';

const ROOT = resolve(import.meta.dirname, '../..');
const MAIN = resolve(ROOT, 'dist/cli/main.js');
export const WORKLOADS = resolve(ROOT, 'workloads');

/** Where a program is, if it is on the PATH. */
export function onPath(program: string): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'command -v "$0"', program], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
export const NSYS = onPath('nsys') ?? '';
export const HAS_NSYS = NSYS !== '';

/** A variable of our own on all that a test starts: whatever becomes of it, it can be found. */
const TAG = 'FORENSICS_TEST_TAG';
let tags = 0;

/** A short path, since nsys makes sockets below TMPDIR, whose paths must be short. */
export const newRoot = (): string => mkdtempSync(join(tmpdir(), 'fx-'));

export const textOf = (path: string): string => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
};

/** Something that a capture runs, by what it is to the capture. */
export type Role = 'forensics' | 'watchdog' | 'nsys' | 'agent' | 'workload' | 'other';
export interface Found {
  readonly pid: number;
  readonly role: Role;
  readonly command: string;
}

function roleOf(argv: readonly string[]): Role {
  const command = argv.join(' ');
  if (command.includes('watchdog-main')) return 'watchdog';
  if (command.includes(MAIN)) return 'forensics';
  if (/--start-agent|nsys-launcher|nsys-tee/.test(command)) return 'agent';
  if (/^\S*(nsys|QdstrmImporter) /.test(command)) return 'nsys';
  return /python/.test(argv[0] ?? '') ? 'workload' : 'other';
}

/** All running processes with a tag. Of a zombie there is no environment. */
export const processesOf = (tag: string): Found[] =>
  readdirSync('/proc').flatMap(entry => {
    if (!/^\d+$/.test(entry) || !textOf(`/proc/${entry}/environ`).split('\0').includes(`${TAG}=${tag}`)) return [];
    const argv = textOf(`/proc/${entry}/cmdline`).split('\0').slice(0, -1);
    return argv.length === 0 ? [] : [{ pid: Number(entry), role: roleOf(argv), command: argv.join(' ').slice(0, 120) }];
  });

/** A look at all processes takes some milliseconds of a core. */
const POLL_MS = 150;

/** Waits until something holds; says whether it did in time. */
export async function within(seconds: number, holds: () => boolean): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(POLL_MS)) if (holds()) return true;
  return holds();
}

/** Waits until nothing of a tag is left; returns what is left all the same. */
export async function leftOver(tag: string, seconds: number): Promise<readonly Found[]> {
  await within(seconds, () => processesOf(tag).length === 0);
  return processesOf(tag);
}

export const kill = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It has just ended.
  }
};

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A capture that runs, or has run. */
export interface Capture {
  readonly child: ChildProcess;
  readonly tag: string;
  readonly out: string;
  readonly ended: Promise<Ended>;
  readonly isOver: () => boolean;
  readonly stderr: () => string;
}

/** Starts forensics with some arguments, as a shell would, with a tag on all that it starts. */
export function start(args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string; out?: string } = {}): Capture {
  const tag = `${process.pid}-${tags++}`;
  const env = { ...process.env, CI: undefined, FORCE_COLOR: undefined, NO_COLOR: '1', ...options.env, [TAG]: tag };
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: options.cwd ?? ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk;
    });
  let over = false;
  const ended = new Promise<Ended>(done => {
    child.once('exit', () => {
      over = true;
    });
    child.once('close', (code, signal) => done({ code, signal, ...said }));
  });
  return { child, tag, out: options.out ?? '', ended, isOver: () => over, stderr: () => said.stderr };
}

/** Starts `forensics capture` into a folder that is not there, also when a test is tried again. */
export const capture = (
  out: string,
  options: readonly string[],
  workload: readonly string[],
  surroundings: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Capture => {
  for (const folder of [out, `${out}.private`]) rmSync(folder, { recursive: true, force: true });
  return start(['capture', '--out', out, ...options, '--', ...workload], { ...surroundings, out });
};

/** The program without a GPU, with options of its own. */
export const cpu = (...options: string[]): string[] => ['python3', join(WORKLOADS, 'cpu.py'), ...options];

export const jsonIn = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
/** The case.json of a case, which must be valid. */
export const caseIn = (out: string): Case => Case.parse(jsonIn(join(out, 'case.json')));
export const journalIn = (out: string): readonly Entry[] =>
  existsSync(join(out, 'journal.jsonl')) ? readJournal(join(out, 'journal.jsonl')) : [];

/** Waits until the journal says that something happened. @throws Error when it does not */
export async function happened(run: Capture, event: Entry['event'], seconds = 90): Promise<Entry> {
  const find = () => journalIn(run.out).find(e => e.event === event);
  await within(seconds, () => find() !== undefined || run.isOver());
  const entry = find();
  if (entry === undefined) throw new Error(`no ${event} in the journal of ${run.out}:\n${run.stderr()}`);
  return entry;
}

/** All files of a folder, as paths below it. */
export const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(f => f.isFile())
        .map(f => join(f.parentPath, f.name).slice(folder.length + 1))
        .sort()
    : [];

/** Files of a case that were being written when it was cut off. */
export const partsOf = (out: string): string[] => [out, `${out}.private`].flatMap(filesBelow).filter(f => /\.part(\.|$)/.test(f));
