import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { until } from '#record/processes/end';
import { type Started, start } from '#record/processes/start';
import { askSmi, firstLine, inUtc, NVIDIA_SMI, smiFailure } from '../nvidia-smi.ts';
import { endChild } from './end-child.ts';
import { afterRefusal, type Choice, chooseFields, fieldsIn } from './fields.ts';
import { hasSample } from './recorded.ts';

export interface StreamOptions {
  readonly file: string;
  /** What nvidia-smi writes to stderr; removed when it is nothing. */
  readonly errors: string;
  readonly intervalMs: number;
  readonly env: NodeJS.ProcessEnv;
  /** How long the first sample may take: a driver that sleeps needs seconds for each GPU. */
  readonly patienceSeconds: number;
  /** Whether it is to give up waiting. */
  readonly stopped: () => boolean;
}

/** A stream that runs, or why there is none. */
export type Stream = { readonly child: Started; readonly lacking: readonly string[] } | { readonly why: string };

const HEAD_BYTES = 64 * 1024;

const headOf = (file: string): string => {
  const buffer = Buffer.alloc(HEAD_BYTES);
  const fd = openSync(file, 'r');
  try {
    return buffer.toString('utf8', 0, readSync(fd, buffer));
  } finally {
    closeSync(fd);
  }
};

/**
 * Starts `nvidia-smi --query-gpu=… -lms …`, with the fields that this driver knows, and waits for the first sample. A field
 * that is refused although it is listed costs a new start, not the stream.
 */
export async function startGpuStream(options: StreamOptions): Promise<Stream> {
  const help = await askSmi(['--help-query-gpu'], options.env);
  if (help.late || help.code === undefined) return { why: smiFailure(help) ?? '' };
  const known = fieldsIn(help.stdout);
  let refused: ReadonlySet<string> = new Set();
  for (;;) {
    const choice = chooseFields(known, refused);
    const attempt = await tryStream(choice, options);
    if ('child' in attempt) return { ...attempt, lacking: choice.lacking };
    for (const file of [options.file, options.errors]) rmSync(file, { force: true });
    const more = afterRefusal(attempt.said, choice, refused);
    if (more === undefined) return { why: attempt.why };
    refused = more;
  }
}

async function tryStream(choice: Choice, options: StreamOptions): Promise<{ child: Started } | { why: string; said: string }> {
  const args = [`--query-gpu=${choice.fields.join(',')}`, '--format=csv', '-lms', String(options.intervalMs)];
  let child: Started;
  try {
    child = await start(NVIDIA_SMI, args, { env: inUtc(options.env), stdout: options.file, stderr: options.errors });
  } catch (error) {
    if (error instanceof ForensicsError) return { why: error.message, said: '' };
    throw error;
  }
  const sampled = () => hasSample(headOf(options.file));
  await until(() => sampled() || child.ending() !== undefined || options.stopped(), options.patienceSeconds);
  if (sampled() && child.ending() === undefined) return { child };
  const ending = child.ending();
  await endChild(child, 2);
  const said = headOf(options.file) + headOf(options.errors);
  if (options.stopped()) return { why: 'it was stopped before the first GPU sample', said: '' };
  if (ending === undefined) return { why: `nvidia-smi gave no sample within ${options.patienceSeconds} s`, said };
  return { why: `nvidia-smi says ${JSON.stringify(firstLine(said) || `exit code ${ending.code ?? ending.signal}`)}`, said };
}
