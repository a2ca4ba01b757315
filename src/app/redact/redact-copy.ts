import { basename, dirname, join, resolve } from 'node:path';
import { isKinetoFile } from '#app/inputs/kineto-file';
import { withScratch } from '#app/inputs/scratch';
import { onlyTrace } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { type Redaction, redactTrace } from '#record/redaction/redact-trace';

/** Endings of traces, as they come from nsys or compressed. */
const TRACE_ENDING = /(\.(sqlite3?|db|nsys-rep|qdrep|qdstrm))?(\.(gz|xz|zst|zstd))?$/i;

/** Where the copy goes unless told otherwise: beside the trace. */
const besideIt = (trace: string): string => join(dirname(trace), `${basename(trace).replace(TRACE_ENDING, '')}.redacted.sqlite`);

function assertPlain(out: string): void {
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
  env: NodeJS.ProcessEnv,
): Promise<{ readonly copy: string; readonly done: Redaction }> {
  const trace = onlyTrace(request.trace);
  if (isKinetoFile(trace))
    throw new ForensicsError(
      'unsupported',
      `${trace} is a trace of PyTorch's profiler, of which no copy without what is private can be made`,
      'Its names of functions, files and hosts stand in it: look it through before you share it. Exports of nsys can be redacted.',
    );
  const out = request.out ?? besideIt(trace);
  assertPlain(out);
  let last = '';
  const once = (step: string) => {
    if (step !== last) progress(step);
    last = step;
  };
  // What is named as the copy must not be the original, whatever that is unpacked to.
  if (resolve(out) === resolve(trace))
    throw new ForensicsError('bad-argument', `${out} is the trace itself, which is never changed`, 'Name another file with --out.');
  const done = await withScratch({ env, progress: once }, async scratch =>
    redactTrace({ from: await scratch.plain(trace), to: out, keep: request.keepEnv, progress: once, signal }),
  );
  return { copy: resolve(out), done };
}
