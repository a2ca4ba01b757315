import { basename, dirname, join, resolve } from 'node:path';
import { ForensicsError } from '#core/errors';
import { type Redaction, redactTrace } from '#record/redaction/redact-trace';

/** Files that nsys records into. */
const RECORDING = /\.(nsys-rep|qdrep|qdstrm)$/i;

/** Where the copy goes unless told otherwise: beside the trace. */
const besideIt = (trace: string): string =>
  join(dirname(trace), `${basename(trace).replace(/(\.(sqlite3?|db))?(\.gz)?$/i, '')}.redacted.sqlite`);

function assertExport(trace: string, out: string): void {
  if (RECORDING.test(trace))
    throw new ForensicsError(
      'bad-argument',
      `${trace} is a recording that only nsys can read and write`,
      'Export it with `nsys export --type sqlite FILE`, redact the export, and share that copy instead of the recording.',
    );
  if (/\.gz$/i.test(out))
    throw new ForensicsError('bad-argument', `${out} would not be gzipped`, 'Name a .sqlite file with --out; gzip it afterwards.');
}

/** A trace to copy without what is private. */
export interface RedactRequest {
  readonly trace: string;
  /** The copy; beside the trace where it is undefined. */
  readonly out: string | undefined;
  /** Prefixes of variables that are kept besides those that say nothing private. */
  readonly keepEnv: readonly string[];
}

/**
 * Copies a trace without environments, names and secrets.
 * @param progress told each step once
 * @throws ForensicsError; the reason of `signal` once that is aborted, and then nothing half-written is left
 */
export async function redactCopy(
  request: RedactRequest,
  progress: (step: string) => void,
  signal: AbortSignal,
): Promise<{ readonly copy: string; readonly done: Redaction }> {
  const out = request.out ?? besideIt(request.trace);
  assertExport(request.trace, out);
  let last = '';
  const once = (step: string) => {
    if (step !== last) progress(step);
    last = step;
  };
  const done = await redactTrace({ from: request.trace, to: out, keep: request.keepEnv, progress: once, signal });
  return { copy: resolve(out), done };
}
