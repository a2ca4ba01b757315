import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { redactCopy } from '#app/redact/redact-copy';
import { interruptible } from '#cli/interrupts';
import type { Terminal } from '#cli/terminal';
import { plain } from '#core/format/numbers';
import type { Redaction } from '#record/redaction/redact-trace';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

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

function inWords(done: Redaction, copy: string): string {
  const kinds = (Object.keys(WORDS) as (keyof typeof WORDS)[]).flatMap(kind => {
    const n = done.kinds[kind] ?? 0;
    return n === 0 ? [] : [`${plain(n)} ${WORDS[kind][n === 1 ? 0 : 1]}`];
  });
  const tables = Object.entries(done.cellsByTable).map(([table, n]) => `${table} ${plain(n)}`);
  const { kept, hidden } = done.variables;
  return [
    `Redacted copy: ${copy}`,
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

export const redactCommand = ({ say, tell, env }: Terminal) =>
  new Command('redact')
    .description('copy a trace without environments, host and user names, home folders and secrets of command lines')
    .argument('<trace>', 'an Nsight Systems trace (.sqlite, also compressed, or .nsys-rep), or a folder that holds one; it is not changed')
    .option('--out <file>', 'the copy (default: beside the trace, NAME.redacted.sqlite)')
    .option('--keep-env <prefix>', 'keep variables with this prefix, besides NCCL_, CUDA_ and the like; may be repeated', oneMore, [])
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
      const request = { trace, out: options.out, keepEnv: options.keepEnv };
      const { copy, done } = await interruptible(({ stop }) => redactCopy(request, tell, stop, env), { signals: SIGNALS });
      say(options.json ? JSON.stringify({ copy, ...done }, null, 2) : inWords(done, copy));
    });
