import { basename, dirname, join, resolve } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { ForensicsError } from '#core/errors';
import { plain } from '#core/format/numbers';
import { type Redaction, redactTrace } from '#record/redaction/redact-trace';
import { say, tell } from '../output.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
const REPORT = /\.(nsys-rep|qdrep|qdstrm)$/i;
/** A signal to oneself ends the process well before. */
const LONGEST_END_MS = 5000;

const WORDS: Readonly<Record<keyof Redaction['kinds'], readonly [one: string, many: string]>> = {
  environment: ['value of the environment', 'values of the environment'],
  argument: ['secret of a command line', 'secrets of command lines'],
  host: ['spelling of a host name', 'spellings of host names'],
  user: ['user name', 'user names'],
  home: ['home folder', 'home folders'],
  folder: ['working folder', 'working folders'],
  device: ['serial number', 'serial numbers'],
};

/** An empty prefix would keep everything. */
function oneMore(prefix: string, before: readonly string[]): readonly string[] {
  if (prefix === '') throw new InvalidArgumentError('It must not be empty.');
  return [...before, prefix];
}

/** Where the copy goes unless told otherwise: beside the trace. */
const besideIt = (trace: string): string =>
  join(dirname(trace), `${basename(trace).replace(/(\.(sqlite3?|db))?(\.gz)?$/i, '')}.redacted.sqlite`);

function assertExport(trace: string, out: string): void {
  if (REPORT.test(trace))
    throw new ForensicsError(
      'bad-argument',
      `${trace} is a report that only nsys can read and write`,
      'Export it with `nsys export --type sqlite FILE`, redact the export, and share that copy instead of the report.',
    );
  if (/\.gz$/i.test(out))
    throw new ForensicsError('bad-argument', `${out} would not be gzipped`, 'Name a .sqlite file with --out; gzip it afterwards.');
}

function inWords(done: Redaction, out: string): string {
  const kinds = (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap(kind => {
    const n = done.kinds[kind] ?? 0;
    return n === 0 ? [] : [`${plain(n)} ${WORDS[kind][n === 1 ? 0 : 1]}`];
  });
  const tables = Object.entries(done.cellsByTable).map(([table, n]) => `${table} ${plain(n)}`);
  const { kept, hidden } = done.variables;
  return [
    `Redacted copy: ${resolve(out)}`,
    '',
    `Looked for  ${kinds.length === 0 ? 'nothing: the trace names no environment, host or user' : kinds.join(', ')}; tokens, logins and addresses by their shape.`,
    `Changed     ${plain(done.cells)} cells${tables.length === 0 ? '' : `: ${tables.join(', ')}`}.`,
    `Variables   ${plain(hidden)} without their values${kept.length === 0 ? '' : `; kept ${kept.join(', ')}`}.`,
    `Scan        ${plain(done.bytesScanned)} bytes of the copy read for ${plain(done.secrets)} secrets, in UTF-8 and UTF-16: none found.`,
    ...(done.ordinaryWords === 0
      ? []
      : [
          `            ${done.ordinaryWords === 1 ? 'One value is an ordinary word' : `${plain(done.ordinaryWords)} values are ordinary words`} that ${done.ordinaryWords === 1 ? 'stands' : 'stand'} in a function's name or a label too, and stayed there.`,
        ]),
  ].join('\n');
}

/** Runs work that an interrupt stops in order: nothing half-written is left, and the process ends as interrupted ones do. */
async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let received: NodeJS.Signals | undefined;
  const onSignal = (signal: NodeJS.Signals) => {
    received = signal;
    abort.abort();
  };
  for (const s of SIGNALS) process.on(s, onSignal);
  try {
    return await work(abort.signal);
  } finally {
    for (const s of SIGNALS) process.off(s, onSignal);
    if (received !== undefined) {
      process.kill(process.pid, received);
      await new Promise(resolve => setTimeout(resolve, LONGEST_END_MS));
    }
  }
}

export const redactCommand = () =>
  new Command('redact')
    .description('copy a trace without environments, host and user names, home folders and secrets of command lines')
    .argument('<trace>', 'an Nsight Systems export (.sqlite, .sqlite.gz); it is not changed')
    .option('--out <file>', 'the copy (default: beside the trace, NAME.redacted.sqlite)')
    .option('--keep-env <prefix>', 'keep variables with this prefix, besides NCCL_, CUDA_ and the like; may be given again', oneMore, [])
    .option('--json', 'print what was done as JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
The copy is written only if a scan of its bytes finds none of the secrets. See docs/privacy.md for what is removed and what is not.

Examples:
  $ forensics redact trace.sqlite
  $ forensics redact runs/monday/trace.sqlite.gz --out share/monday.sqlite
  $ forensics redact trace.sqlite --keep-env SGLANG_ --keep-env RAY_
`,
    )
    .action(async (trace, options) => {
      const out = options.out ?? besideIt(trace);
      assertExport(trace, out);
      let last = '';
      const progress = (step: string) => {
        if (step !== last) tell(step);
        last = step;
      };
      const done = await untilInterrupted(signal => redactTrace({ from: trace, to: out, keep: options.keepEnv, progress, signal }));
      say(options.json ? JSON.stringify({ copy: resolve(out), ...done }, null, 2) : inWords(done, out));
    });
