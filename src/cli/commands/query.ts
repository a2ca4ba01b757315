import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { QUERY_WORKER } from '#app/paths';
import { ForensicsError } from '#core/errors';
import { describedQuery, describeQuery, queryRows, relationRows } from '../query/catalogue.ts';
import type { Answer, Job } from '../query/protocol.ts';
import { requestOf } from '../query/request.ts';
import { formatRows, type RowFormat } from '../rows.ts';

/** Where a command prints, and how it says that it could not run; tests put their own in place. */
export interface QueryOutput {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly exitCode: (code: number) => void;
}

const COULD_NOT_RUN = 2;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const LATE_HINT = 'Ask for less (a narrower window, fewer relations), or allow more with --timeout.';
const MEMORY_HINT = 'It may have run out of memory: ask for less.';
/** The longest time that a timer holds is 2^31 ms. */
const LONGEST_TIMEOUT = 1_000_000;

function terminal(): QueryOutput {
  // A reader such as `head` that has enough closes the pipe; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    exitCode: code => {
      process.exitCode = code;
    },
  };
}

/** A killed child cannot clean up, and what it unpacks may be large: its temporary files lie where we can remove them. */
function scratchFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'forensics-query-'));
  } catch {
    throw new ForensicsError(
      'not-writable',
      `nothing can be written to ${tmpdir()}`,
      'Set TMPDIR to a folder that can hold the unpacked trace.',
    );
  }
}

/**
 * Has a child process answer, since a running SQLite query cannot be interrupted in its own.
 * @throws ForensicsError time-limit, and whatever the child could not do
 */
function askChild(job: Job, seconds: number): Promise<Answer> {
  const scratch = scratchFolder();
  const child = fork(QUERY_WORKER, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
    env: { ...process.env, TMPDIR: scratch },
  });
  let answer: Answer | undefined;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, seconds * 1000);
  const stop = (signal: NodeJS.Signals) => {
    child.kill('SIGKILL');
    rmSync(scratch, { recursive: true, force: true });
    // The listener is gone by now, so this ends us as the signal would have.
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  child.once('message', (message: Answer) => {
    answer = message;
  });
  return new Promise<Answer>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      for (const s of SIGNALS) process.off(s, stop);
      rmSync(scratch, { recursive: true, force: true });
      if (answer !== undefined) resolve(answer);
      else if (late) reject(new ForensicsError('time-limit', `the query ran past its time limit of ${seconds} s`, LATE_HINT));
      else reject(new ForensicsError('query-failed', `the query ended without an answer (${signal ?? `exit code ${code}`})`, MEMORY_HINT));
    });
    child.send(job);
  });
}

async function answer(out: QueryOutput, job: Job, format: RowFormat, seconds: number): Promise<void> {
  const reply = await askChild(job, seconds);
  switch (reply.kind) {
    case 'rows':
      out.stdout.write(formatRows(format, reply.columns, reply.rows));
      for (const note of reply.notes) out.stderr.write(`note: ${note}\n`);
      if (reply.rows.length === 0) out.stderr.write('no rows\n');
      if (reply.cut) out.stderr.write(`the first ${reply.rows.length} rows; --limit shows more\n`);
      return;
    case 'cannot-tell':
      out.stderr.write(`cannot tell: ${reply.missing.join('; ')}\n`);
      return out.exitCode(COULD_NOT_RUN);
    case 'failed':
      throw new ForensicsError(reply.code, reply.message, reply.hint);
    case 'bug':
      throw Object.assign(new Error('the query process failed'), { stack: reply.stack });
  }
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= LONGEST_TIMEOUT))
    throw new InvalidArgumentError(`It must be a number above 0 and at most ${LONGEST_TIMEOUT}.`);
  return value;
};
const count = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(text);
};
const collect = (value: string, all: readonly string[]) => [...all, value];

export const queryCommand = (out: QueryOutput = terminal()) =>
  new Command('query')
    .description('ask a trace by hand: the questions behind the report, or SQL of your own')
    .argument('[name]', 'a query; alone, it is described (with --sql: the trace)')
    .argument('[trace]', 'an Nsight Systems export (.sqlite, .sqlite.gz)')
    .option('--list', 'list all queries', false)
    .option('--describe', 'say what the query answers, takes and gives', false)
    .option('--relations', 'list the relations and columns that SQL can name', false)
    .option('--param <name=value>', 'a parameter of the query; may be repeated', collect, [])
    .addOption(new Option('--sql <select>', 'ask with SQL of your own').conflicts(['list', 'describe', 'relations']))
    .option('--limit <rows>', 'show at most so many rows (default: what the query says, or 1000)', count)
    .option('--timeout <seconds>', 'give up after so long', positive, 60)
    .option('--json', 'print an array of objects to stdout, and nothing else; integers beyond 2^53 as strings', false)
    .addOption(new Option('--csv', 'print CSV (RFC 4180) to stdout, and nothing else').default(false).conflicts('json'))
    .addHelpText(
      'after',
      `
Times are integer nanoseconds since the session of the trace began. The trace is opened read-only and never changed.

Examples:
  $ forensics query --list
  $ forensics query idle_gap
  $ forensics query idle_gap trace.sqlite --param min_gap_ns=1000000 --csv
  $ forensics query --sql 'SELECT name, count(*) AS n FROM kernel GROUP BY name ORDER BY n DESC' trace.sqlite
`,
    )
    .action(async (first, second, options) => {
      const format: RowFormat = options.json ? 'json' : options.csv ? 'csv' : 'table';
      const request = requestOf({ first, second, ...options });
      switch (request.kind) {
        case 'list':
          return void out.stdout.write(formatRows(format, ['name', 'summary'], queryRows()));
        case 'relations':
          return void out.stdout.write(formatRows(format, ['relation', 'column', 'type', 'meaning'], relationRows()));
        case 'describe':
          return void out.stdout.write(
            options.json ? `${JSON.stringify(describedQuery(request.name), null, 2)}\n` : `${describeQuery(request.name)}\n`,
          );
        case 'ask':
          return await answer(out, request.job, format, options.timeout);
      }
    });
