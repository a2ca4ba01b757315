import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonOf } from '#core/reason-of';
import type { Seconds } from '#core/units';
import type { Nsys } from '#record/nsys/installed';
import { launchArgs, type Recording, startArgs } from '#record/nsys/recording';
import { signalProcess } from '#record/processes/end';
import { openFiles } from '#record/processes/open-files';
import { killGroup } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import { waitWhileBusy } from './busy.ts';
import { type CaseFolder, recordingsOf } from './folder.ts';
import { LAUNCHES, type Recorder, type Stop } from './recorder.ts';
import { waitFor } from './wait.ts';
import { tracked } from './workload.ts';

/** A collection begins within a second or two; one that takes longer than this will not begin. */
const OPEN_SECONDS = 60;
/** nsys fails now and then for no reason of ours: how often it is asked. */
const TRIES = 2;
/** Time to save what was collected when we were killed. */
const SAVE_SECONDS = 60;
const LOOK_SECONDS = 0.5;
/** nsys writes what it collects here, before it makes a recording of it. */
const RAW = /\.qdstrm$/;

const lastLine = (file: string): string =>
  (existsSync(file) ? readFileSync(file, 'utf8') : '')
    .trim()
    .split(/[\r\n]+/)
    .at(-1) ?? '';

interface SessionOptions {
  readonly session: string;
  readonly name: string;
  readonly sessionTag: string;
  readonly patienceSeconds: Seconds;
  /** Is told a file that was left behind. */
  readonly tell: (file: string) => void;
}

/** Records by `nsys launch`, `start` and `stop` with a session of its own. */
export class SessionRecorder implements Recorder {
  readonly endsWithWorkload = true;
  readonly finished?: (name: string) => Promise<void>;
  readonly shutdownActions: Recorder['shutdownActions'];
  readonly #nsys: Nsys;
  readonly #what: Recording;
  readonly #folder: CaseFolder;
  readonly #env: NodeJS.ProcessEnv;
  readonly #options: SessionOptions;
  /** A session whose launch failed may linger under its name. */
  readonly #sessions: readonly string[];
  #launches = 0;
  #session: string;
  #launched: Started | undefined;
  /** Why a collection that waits for ranges did not begin. */
  #failure: string | undefined;
  /** Where nsys writes what it collects, by window. */
  readonly #raw = new Map<string, readonly string[]>();

  constructor(nsys: Nsys, what: Recording, folder: CaseFolder, env: NodeJS.ProcessEnv, options: SessionOptions) {
    this.#nsys = nsys;
    this.#what = what;
    this.#folder = folder;
    this.#env = env;
    this.#options = options;
    this.#session = options.session;
    this.#sessions = Array.from({ length: LAUNCHES }, (_, i) => `${options.session}${i === 0 ? '' : `-${i + 1}`}`);
    this.shutdownActions = this.#sessions.map(s => ({ command: nsys.path, args: ['stop', `--session=${s}`], seconds: SAVE_SECONDS }));
    if (what.range !== undefined) this.finished = name => this.#rangesRecorded(name, what.ranges);
  }

  async launch(command: readonly string[], pidFile: string): Promise<Started> {
    this.#session = this.#sessions[this.#launches++] ?? this.#options.session;
    // What the application's ranges open must wait for them from the beginning.
    if (this.#what.range !== undefined) this.#failure = await this.#begin(this.#options.name);
    const args = [...launchArgs(this.#nsys, this.#session, this.#what), ...tracked(pidFile, command)];
    this.#launched = await this.#start(args, 'workload');
    return this.#launched;
  }

  async open(name: string): Promise<string | undefined> {
    return this.#what.range === undefined ? this.#begin(name) : this.#failure;
  }

  async close(name: string, why: Stop | 'time'): Promise<string | undefined> {
    const { range, ranges } = this.#what;
    if (range !== undefined && this.#recordings(name) >= ranges) return undefined;
    // A collection stops by itself with its workload, and nsys launch then waits for the recording.
    const launched = this.#launched;
    let command = why === 'workload' && launched !== undefined && launched.ending() === undefined ? launched : await this.#askToStop();
    for (let tries = 1; ; tries++) {
      const asked = command;
      const { sessionTag, patienceSeconds } = this.#options;
      if ((await waitWhileBusy(() => asked.ending() !== undefined, sessionTag, patienceSeconds)) === 'hung') {
        signalProcess(asked.pid, 'SIGKILL');
        this.#salvage(name);
        return `nsys hung: it did nothing for ${patienceSeconds} s while it should have written the recording`;
      }
      if (this.#recordings(name) > 0) return undefined;
      if (tries === TRIES || asked.ending()?.code === 0 || launched?.ending() !== undefined) break;
      command = await this.#askToStop();
    }
    this.#salvage(name);
    const code = command.ending()?.code;
    if (range !== undefined && code === 0) return 'there is no recording: the application never opened the range';
    return `nsys ended without a recording (exit code ${code ?? 'none'})`;
  }

  /** Into files: the agent that nsys may leave behind would hold a pipe, and break with it. */
  #start(args: readonly string[], log: 'nsys' | 'workload'): Promise<Started> {
    const file = this.#folder.log(log);
    return start(this.#nsys.path, args, { env: this.#env, stdout: file, stderr: file });
  }

  #askToStop(): Promise<Started> {
    return this.#start(['stop', `--session=${this.#session}`], 'nsys');
  }

  #recordings(name: string): number {
    return recordingsOf(this.#folder, name).length;
  }

  /** Opens a collection. @returns why it could not be opened, or undefined */
  async #begin(name: string, tries = TRIES): Promise<string | undefined> {
    const command = await this.#start(startArgs(this.#nsys, this.#session, this.#what, this.#folder.stem(name)), 'nsys');
    if ((await waitFor(OPEN_SECONDS, [{ why: 'ended', when: command.ended }])) === 'time') {
      killGroup(command.pid, 'SIGKILL');
      return `nsys start did not answer within ${OPEN_SECONDS} s`;
    }
    if (command.ending()?.code !== 0) {
      const again = tries > 1 && this.#launched?.ending() === undefined;
      return again ? this.#begin(name, tries - 1) : `nsys start failed: ${lastLine(this.#folder.log('nsys'))}`;
    }
    this.#raw.set(name, openFiles(this.#options.sessionTag, RAW));
    return undefined;
  }

  /** Resolves when all ranges are recorded. */
  async #rangesRecorded(name: string, ranges: number): Promise<void> {
    // A recording has its name long before it is whole.
    const writing = () => openFiles(this.#options.sessionTag, /\.(nsys-rep|qdstrm)$/).length > 0;
    while (this.#recordings(name) < ranges || writing()) await sleep(LOOK_SECONDS * 1000, undefined, { ref: false });
  }

  /** Takes over what an nsys that broke off has left where it was writing. */
  #salvage(name: string): void {
    const left = (this.#raw.get(name) ?? []).find(existsSync);
    if (left === undefined || this.#recordings(name) > 0) return;
    try {
      // It may lie on another disk.
      copyFileSync(left, `${this.#folder.stem(name)}.qdstrm`);
      rmSync(left);
    } catch (error) {
      this.#options.tell(`${left} (it could not be moved: ${reasonOf(error)})`);
    }
  }
}
