import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ForensicsError } from '#core/errors';
import { until } from '#record/processes/end';
import { killGroup, run } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import type { StorageStep } from '#schema/storage-plan';
import type { StorageStepResult } from '#schema/storage-step';
import { coverageOf, LOG_MS, type Span } from './coverage.ts';
import { fioDocument, fioReads, logTimesMs } from './fio-output.ts';

type Level = NonNullable<StorageStep['contention']>;
type Result = NonNullable<StorageStepResult['contention']>;

const OUTPUT = 'fio.json';
/** fio adds the ending by itself. */
const LOG = 'fio-reads';
const LOG_FILE = `${LOG}_iops.log`;
/** Longer than any step; it is ended when the load is over. */
const RUNTIME_SECONDS = 7 * 86_400;
const LAY_SECONDS = 3600;
const BEGIN_SECONDS = 30;
/** It writes its log and its document at the signal. */
const END_SECONDS = 20;
/** So that the log has a line after the last answer. */
const AFTER_MS = 2 * LOG_MS;

/** Where it reads. */
export interface Target {
  readonly file: string;
  readonly size_mib: number;
}

const job = ({ file, size_mib }: Target): string[] => [
  '--name=contention',
  `--filename=${file}`,
  `--size=${size_mib}M`,
  '--rw=randread',
  '--direct=1',
];

const failed = (what: string) =>
  new ForensicsError('unsupported', what, 'Look at contention.folder of the config: fio reads there past the page cache (direct=1).');

/** Lays the file that is read, so that no step begins by writing. @throws ForensicsError unsupported where there is no fio, or it cannot */
export async function layFile(target: Target, env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stdout, stderr } = await run('fio', [...job(target), '--create_only=1'], { seconds: LAY_SECONDS, env });
  if (code === undefined)
    throw new ForensicsError(
      'unsupported',
      'fio is not installed, so nothing can load the disk',
      'Install it (apt-get install fio), or take h4 out of the config.',
    );
  if (code !== 0) throw failed(`fio cannot lay ${target.file} (${(stderr || stdout).trim().split('\n').at(-1)?.slice(0, 160)})`);
}

const bytesRead = (pid: number): number => {
  try {
    return Number(/^read_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** fio at work beside a load. */
export class Fio {
  readonly #child: Started;
  readonly #folder: string;

  private constructor(child: Started, folder: string) {
    this.#child = child;
    this.#folder = folder;
  }

  /** Starts it, and waits until it reads. @throws ForensicsError unsupported when it does not */
  static async begin(target: Target, level: Level, folder: string, env: NodeJS.ProcessEnv): Promise<Fio> {
    const { iodepth, jobs, block_kib, rate_iops } = level;
    const args = [
      ...job(target),
      // Jobs as threads: one process, whose reads /proc tells, and which one signal ends.
      ...['--ioengine=libaio', '--thread', '--group_reporting', '--time_based', `--runtime=${RUNTIME_SECONDS}`],
      ...[`--iodepth=${iodepth}`, `--numjobs=${jobs}`, `--bs=${block_kib}k`, ...(rate_iops === null ? [] : [`--rate_iops=${rate_iops}`])],
      ...[`--write_iops_log=${LOG}`, '--per_job_logs=0', `--log_avg_msec=${LOG_MS}`, '--log_unix_epoch=1'],
      ...['--output-format=json', `--output=${OUTPUT}`],
    ];
    const err = join(folder, 'fio.err');
    const child = await start('fio', args, { env, cwd: folder, stdout: err, stderr: err });
    const begun = bytesRead(child.pid);
    const reads = await until(() => child.ending() !== undefined || bytesRead(child.pid) > begun + 4 * block_kib * 1024, BEGIN_SECONDS);
    const fio = new Fio(child, folder);
    if (reads && child.ending() === undefined) return fio;
    await fio.#end();
    const said = existsSync(err) ? readFileSync(err, 'utf8').trim().split('\n').at(-1)?.slice(0, 160) : '';
    throw failed(`fio does not read ${target.file} (${said || 'it said nothing'})`);
  }

  async #end(): Promise<void> {
    if (this.#child.ending() === undefined) killGroup(this.#child.pid, 'SIGINT');
    if (await until(() => this.#child.ending() !== undefined, END_SECONDS)) return;
    killGroup(this.#child.pid, 'SIGKILL');
    await this.#child.ended;
  }

  /** Ends it after a load, and says what it did, and whether it did so for the whole of it. @throws ForensicsError unsupported where it left nothing */
  async finish(span: Span): Promise<Result> {
    const ended = this.#child.ending();
    if (ended === undefined) await sleep(AFTER_MS);
    await this.#end();
    const file = join(this.#folder, OUTPUT);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const reads = fioReads(text);
    const times = logTimesMs(join(this.#folder, LOG_FILE));
    const [first, last] = [times[0], times.at(-1)];
    if (reads === undefined || first === undefined || last === undefined)
      throw failed(
        ended === undefined ? 'fio left no account of its reads' : `fio ended before the load did (code ${ended.code ?? ended.signal})`,
      );
    // Without what it says of the signal, so that the file is JSON.
    writeFileSync(file, fioDocument(text));
    const { covers, longestGapMs } = coverageOf(times, span);
    return {
      begun_ns: `${first}000000`,
      ended_ns: `${last}000000`,
      longest_gap_ms: longestGapMs,
      covers,
      ...reads,
    };
  }
}
