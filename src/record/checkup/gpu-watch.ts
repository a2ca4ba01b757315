import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { Seconds } from '#core/units';
import { until } from '#record/processes/end';
import { endChild } from '#record/samplers/gpu/end-child';
import { firstLine } from '#record/samplers/nvidia-smi';
import type { AskedMachine } from './asked.ts';
import { type GpuReading, inRounds, READING_QUERY, readingsIn } from './gpu-readings.ts';

const INTERVAL_MS = 1000;
const POLL_MS = 200;
const GRACE_SECONDS = 2;
/** A driver that sleeps needs seconds for each GPU. */
const PATIENCE_SECONDS = 30;
const PIECE_BYTES = 64 * 1024;

/** GPUs that are being read, once a second. */
export interface GpuWatch {
  /** All readings so far, those of one moment together. */
  rounds(): readonly (readonly GpuReading[])[];
  /** Ends it. Nothing is read afterwards. */
  stop(): Promise<void>;
}

/** A file that grows. */
class Tail {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(PIECE_BYTES);
  #at = 0;
  #rest = '';
  constructor(file: string) {
    this.#fd = openSync(file, 'a+');
  }
  /** Whole lines that came since the last time. */
  lines(): string {
    for (let got = this.#read(); got > 0; got = this.#read()) {
      this.#rest += this.#buffer.toString('utf8', 0, got);
      this.#at += got;
    }
    const end = this.#rest.lastIndexOf('\n') + 1;
    const whole = this.#rest.slice(0, end);
    this.#rest = this.#rest.slice(end);
    return whole;
  }
  #read(): number {
    return readSync(this.#fd, this.#buffer, 0, PIECE_BYTES, this.#at);
  }
  close(): void {
    closeSync(this.#fd);
  }
}

/**
 * Reads all GPUs of a machine once a second.
 * @param seconds after which it ends by itself, should we be killed
 * @param folder for what nvidia-smi prints
 * @param each is told the readings of a moment when those of the next begin
 * @returns when the first reading is there
 * @throws ForensicsError not-found, unsupported where none comes
 */
export async function watchGpus(
  machine: AskedMachine,
  seconds: Seconds,
  folder: string,
  each: (round: readonly GpuReading[]) => void,
): Promise<GpuWatch> {
  const [stdout, stderr] = [join(folder, 'readings.csv'), join(folder, 'readings.err')];
  const tail = new Tail(stdout);
  const child = await machine.start(['nvidia-smi', ...READING_QUERY, '-lms', String(INTERVAL_MS)], seconds, { stdout, stderr });
  const readings: GpuReading[] = [];
  let told = 0;
  const take = () => {
    readings.push(...readingsIn(tail.lines()));
    const rounds = inRounds(readings);
    // The last may not be whole yet.
    for (; told < rounds.length - 1; told++) each(rounds[told] ?? []);
  };
  const clock = setInterval(take, POLL_MS);
  const stop = async () => {
    clearInterval(clock);
    await endChild(child, GRACE_SECONDS);
    take();
    tail.close();
  };
  await until(() => readings.length > 0 || child.ending() !== undefined, PATIENCE_SECONDS);
  if (readings.length === 0) await stop();
  if (readings.length > 0) return { rounds: () => inRounds(readings), stop };
  const said = firstLine(readFileSync(stderr, 'utf8'));
  throw new ForensicsError(
    'unsupported',
    `nvidia-smi gave no reading of the GPUs${said === '' ? ` within ${PATIENCE_SECONDS} s` : `: ${said}`}`,
    'Look whether nvidia-smi answers on that machine.',
  );
}
