import { join } from 'node:path';
import type { Chance } from '../chance.ts';
import { ODD_TEXT } from '../odd-values.ts';
import { MEANT } from './meant-commands.ts';
import type { Mutant, Workshop } from './mutant.ts';

/** Values that options are given: none of them makes a command run long. */
const VALUES = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1',
    '1.5',
    '1e3',
    '1e400',
    '0x10',
    'NaN',
    'Infinity',
    '9'.repeat(30),
    '10ms',
    '-10ms',
    '1h1',
    '1..2',
    '0-7',
    '7-0',
    '0,0',
    ',',
    '=',
    'a=b',
    '=b',
    'a=',
    'I1',
    'I99',
  ],
  ...[
    '/proc/nowhere',
    '/dev/null',
    '.',
    'high',
    'all',
    'auto',
    'json',
    '[',
    '{}',
    '(',
    '%s',
    '*',
    'a'.repeat(500),
    '\u001b[2J',
    'ä',
    '\u202e',
    '--',
    '-',
    '@',
    '__proto__',
    'toString',
  ],
] as const;

const FLAGS = [
  ...[
    '--out',
    '--json',
    '--force',
    '--csv',
    '--requests',
    '--columns',
    '--gpu',
    '--host',
    '--zone-hours',
    '--align',
    '--clock-pair',
    '--fail-on',
    '--junit',
    '--perfetto',
  ],
  ...[
    '--perfetto-window',
    '--github-summary',
    '--pue',
    '--flops-per-step',
    '--peak-flops',
    '--tokens-per-step',
    '--requests-offset-ms',
    '--nvtx',
    '--compare',
    '--list',
  ],
  ...[
    '--describe',
    '--relations',
    '--param',
    '--sql',
    '--limit',
    '--window',
    '--idle-window',
    '--gpus',
    '--keep-env',
    '--whole',
    '--no-gpu',
    '--preset',
    '--delay',
    '--every',
  ],
  ...[
    '--capture-range',
    '--report-per',
    '--gpu-metrics',
    '--gpu-interval',
    '--no-redact',
    '--api',
    '--arrivals',
    '--prompt-tokens',
    '--extra',
    '--header',
    '--body',
    '--help',
    '-h',
    '-V',
    '-x',
    '--unknown',
    '--no-json',
    '--budget',
    '--metric',
    '--baselines',
    '--history',
    '--from',
    '--diff',
    '--expect',
    '--prometheus',
  ],
] as const;

/** What stays, with the value that follows it: how long a command runs, whom it disturbs, what it starts, and why a server does not. */
const KEPT: ReadonlyMap<string, readonly string[]> = new Map([
  ['load', ['--duration', '--requests', '--timeout', '--drain', '--generators']],
  ['monitor', ['--duration']],
  ['capture', ['--duration', '--nsys-path', '--']],
  ['mock', ['--port']],
  ['demo', ['--out']],
  ['certify', ['--gpu']],
  ['snapshot', ['--from']],
]);

function changeWords(words: readonly string[], chance: Chance): readonly string[] {
  const [command = ''] = words;
  const kept = KEPT.get(command) ?? [];
  const cautious = kept.length > 0;
  const free = words.map((_, i) => i).filter(i => i > 0 && !kept.includes(words[i] ?? '') && !kept.includes(words[i - 1] ?? ''));
  // No argument of a process holds a NUL.
  const value = () => (chance.oneIn(4) ? chance.pick(ODD_TEXT).replaceAll('\0', '') : chance.pick(VALUES));
  const at = free.length === 0 ? words.length : chance.pick(free);
  switch (chance.below(7)) {
    case 0:
      return words.toSpliced(at, 1);
    case 1:
      return words.toSpliced(at, 0, chance.pick(FLAGS));
    case 2:
      return words.toSpliced(at, 0, chance.pick(FLAGS), value());
    case 3:
      return [...words.slice(0, at), words[at] ?? '', ...words.slice(at)];
    case 4:
      return cautious
        ? words.toSpliced(at, 1, value())
        : words.toSpliced(at, 1, value()).toSpliced(1, 0, ...(chance.oneIn(8) ? [value()] : []));
    case 5:
      return cautious ? words.toSpliced(at, 0, value()) : words.with(chance.below(words.length), value());
    default:
      return words.toSpliced(at, 1, value());
  }
}

/** Makes a command line that is not as it is meant. */
export function commandLine({ folder, chance, originals }: Workshop): Mutant {
  const run = chance.weighted(originals.runs);
  let words = changeWords(chance.pick(MEANT)(run, join(folder, 'out'), originals), chance);
  if (chance.oneIn(3)) words = changeWords(words, chance);
  return { what: `of ${run.name}`, ask: { by: 'command', words } };
}
