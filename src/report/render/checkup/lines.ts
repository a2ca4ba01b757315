import { plain } from '#core/format/numbers';
import type { Check, Checkup, CheckVerdict } from '#schema/checkup';

const VERDICT: Readonly<Record<CheckVerdict, string>> = { pass: 'pass', warn: 'warn', fail: 'fail', 'cannot-tell': '?   ' };
const NAME: Readonly<Record<Check, string>> = {
  hardware: 'hardware',
  'tensor-parallel': 'tensor parallelism',
  memory: 'memory',
  nccl: 'communication (NCCL)',
  throughput: 'throughput',
  activity: 'activity',
  configuration: 'configuration',
};

/** A checkup for a terminal: the answer, each check, what is wrong and what to do, what cannot be told. */
export function checkupLines(c: Checkup): string[] {
  return [
    c.answer,
    '',
    ...c.checks.map(({ check, verdict, detail }) => `${VERDICT[verdict]}  ${NAME[check]}: ${detail}`),
    ...(c.findings.length === 0 ? [] : ['']),
    ...c.findings.flatMap(f => [`${f.severity}  ${f.title}`, `      ${f.detail}`, `      What to do: ${f.advice}`]),
    ...(c.expected === null
      ? []
      : ['', `Expected: ${plain(c.expected.tokens_per_s)} tokens a second or more, by ${c.expected.from}.`, ...c.expected.doubts]),
    ...(c.cannot_tell.length === 0 ? [] : ['', 'What cannot be told:', ...c.cannot_tell.map(line => `  ${line}`)]),
  ];
}

type Row = readonly { readonly time: string; readonly gpu: number; readonly utilizationPct: number | null }[];

const cell = (text: string, width: number) => text.padStart(width);
const pct = (value: number | null) => (value === null ? '–' : `${plain(value)}%`);
const WIDTH = 5;

/** The head of the table that grows while GPUs are watched: a column for each, and their mean. */
export function tableHead(gpus: readonly number[]): string[] {
  const names = [...gpus.map(gpu => `GPU${gpu}`), 'Avg'];
  return [
    ['Time    ', ...names.map(n => cell(n, WIDTH))].join(' | '),
    ['---------', ...names.map(() => '-'.repeat(WIDTH + 2))].join('+').replace(/-$/, ''),
  ];
}

/** One row of it. @param gpus the columns: a GPU that was not read then has none */
export function tableRow(row: Row, gpus: readonly number[]): string {
  const values = gpus.map(gpu => row.find(r => r.gpu === gpu)?.utilizationPct ?? null);
  const told = values.filter(v => v !== null);
  const average = told.length === 0 ? null : Math.round(told.reduce((sum, v) => sum + v, 0) / told.length);
  return [row[0]?.time ?? '', ...[...values, average].map(v => cell(pct(v), WIDTH))].join(' | ');
}
