import type { Ask } from '../mutants/mutant.ts';
import { badNumbers } from './numbers.ts';
import { badError, badText, rawControl } from './text.ts';

/** What a command line came to. */
export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit codes that the help of each command names; 0, 1 and 2 are everybody's. */
const MORE_CODES: ReadonlyMap<string, readonly number[]> = new Map([
  ['capture', [3, 4, 129, 130, 143]],
  ['load', [3, 4, 129, 130, 143]],
  ['compare', [3]],
  ['targets', [3]],
]);
/** Options that are answered in words, whatever else was asked. */
const ANSWERED_AT_ONCE: ReadonlySet<string> = new Set(['--help', '-h', '--version', '-V']);
const STACK = /^\s+at .+(:\d+:\d+|\(node:)/m;

/** Failures that a command printed: each a sentence and, below it, a hint. Commander words its own. */
function errorsIn(stderr: string): readonly string[] {
  const lines = stderr.split('\n');
  return lines.flatMap((line, i) => {
    if (!line.startsWith('error ')) return [];
    return badError(line.slice('error '.length), (lines[i + 1] ?? '').startsWith('      ') ? (lines[i + 1] ?? '').trim() : '');
  });
}

function jsonProblems(stdout: string): readonly string[] {
  try {
    return badNumbers(JSON.parse(stdout));
  } catch {
    return [`--json printed what is no JSON: ${JSON.stringify(stdout.slice(0, 200))}`];
  }
}

/** What is wrong with how a command ended, whatever it was asked. @param planted what the mutant itself holds, which may be quoted */
export function commandProblems(
  words: Extract<Ask, { by: 'command' }>['words'],
  { code, stdout, stderr }: Ran,
  planted: string,
): readonly string[] {
  const [command = ''] = words;
  const codes = [0, 1, 2, ...(MORE_CODES.get(command) ?? [])];
  const saysWhy = /^(error|cannot tell)[: ]/m.test(stderr);
  const isJson = words.includes('--json') && code !== 2 && stdout !== '' && !words.some(word => ANSWERED_AT_ONCE.has(word));
  const isRaw = command === 'query';
  return [
    ...(stderr.includes('This is a bug') || STACK.test(stderr)
      ? [`a stack trace: ${stderr.slice(stderr.indexOf('This is a bug')).slice(0, 700)}`]
      : []),
    ...(codes.includes(code) ? [] : [`exit code ${code}, which is not documented`]),
    ...(code === 2 && !saysWhy ? [`exit code 2 without a reason: ${JSON.stringify((stderr + stdout).slice(-300))}`] : []),
    ...errorsIn(stderr),
    ...(isJson ? jsonProblems(stdout) : []),
    ...(isRaw ? [] : rawControl('stdout', stdout)),
    ...rawControl('stderr', stderr),
    ...(isJson ? [] : badText('stdout', stdout, planted)),
    ...badText('stderr', stderr, planted),
  ].slice(0, 10);
}
