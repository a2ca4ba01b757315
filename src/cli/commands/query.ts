import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { askTrace } from '#app/query/ask-trace';
import { describedQuery, queryRows, relationRows } from '#app/query/catalogue';
import type { Answer } from '#app/query/protocol';
import { positiveDuration } from '#cli/durations';
import { interruptible } from '#cli/interrupts';
import { describeQuery } from '#cli/query/describe';
import { requestOf } from '#cli/query/request';
import { formatRows, type RowFormat } from '#cli/rows';
import type { Terminal, TextStream } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { visible, visibleLines } from '#core/format/visible';

const COULD_NOT_RUN = 2;

/** Names stay as they are for a program that reads them; a terminal would act on them. */
const shownOn = ({ isTTY }: TextStream, text: string): string => (isTTY === true ? visibleLines(text.replaceAll('\r\n', '\n')) : text);

function printAnswer(terminal: Terminal, reply: Answer, format: RowFormat): void {
  const { stdout, stderr } = terminal;
  switch (reply.kind) {
    case 'rows':
      stdout.write(shownOn(stdout, formatRows(format, reply.columns, reply.rows)));
      for (const note of reply.notes) stderr.write(`note: ${visible(note)}\n`);
      if (reply.rows.length === 0) stderr.write('no rows\n');
      if (reply.cut) stderr.write(`the first ${reply.rows.length} rows; --limit shows more\n`);
      return;
    case 'cannot-tell':
      stderr.write(`cannot tell: ${visible(reply.missing.join('; '))}\n`);
      terminal.exitCode = COULD_NOT_RUN;
      return;
    case 'failed':
      throw new ForensicsError(reply.code, reply.message, reply.hint);
    case 'bug':
      throw Object.assign(new Error('the query process failed'), { stack: reply.stack });
  }
}

const count = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999999.');
  return Number(text);
};
const collect = (value: string, all: readonly string[]) => [...all, value];

export const queryCommand = (terminal: Terminal) =>
  new Command('query')
    .description('ask a trace by hand: the questions behind the report, or SQL of your own')
    .argument('[name]', 'a query; alone, it is described (with --sql: the trace)')
    .argument(
      '[trace]',
      'a trace of Nsight Systems (.sqlite or .nsys-rep) or of PyTorch’s profiler (.json), also compressed, or a folder that holds one',
    )
    .option('--list', 'list all queries', false)
    .option('--describe', 'say what the query answers, takes and gives', false)
    .option('--relations', 'list the relations and columns that SQL can name', false)
    .option('--param <name=value>', 'a parameter of the query; may be repeated', collect, [])
    .addOption(new Option('--sql <select>', 'ask with SQL of your own').conflicts(['list', 'describe', 'relations']))
    .option('--limit <rows>', 'show at most so many rows (default: what the query says, or 1000)', count)
    .option('--timeout <time>', 'stop after this long', positiveDuration, 60)
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
          return void terminal.stdout.write(formatRows(format, ['name', 'summary'], queryRows()));
        case 'relations':
          return void terminal.stdout.write(formatRows(format, ['relation', 'column', 'type', 'meaning'], relationRows()));
        case 'describe':
          return void terminal.stdout.write(
            options.json ? `${JSON.stringify(describedQuery(request.name), null, 2)}\n` : `${describeQuery(request.name)}\n`,
          );
        case 'ask': {
          const { job } = request;
          const reply = await interruptible(({ stop }) =>
            askTrace(job, options.timeout, { env: terminal.env, progress: terminal.tell }, stop),
          );
          return printAnswer(terminal, reply, format);
        }
      }
    });
