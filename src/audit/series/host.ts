import { pairs } from 'd3-array';
import type { Statement } from '#audit/statement';
import type { HostSampleRow } from '#schema/relation';
import { tellerOf } from './frame.ts';
import { tellSum } from './parts.ts';

const MS = 1000;
const US = 1e6;
/** The kernel brings the totals up to date every 2 s (kernel/sched/psi.c, PSI_FREQ), and a log may have whole seconds at both ends. */
const LATE_S = 4;
const PRESSURES = [
  ['psi_cpu_some_us', 'a CPU'],
  ['psi_mem_some_us', 'memory'],
  ['psi_io_some_us', 'input or output'],
] as const;
/** Shares of one average CPU, in percent: these formats always count so. Elsewhere the number of CPUs is not in the rows. */
const OF_ONE_CPU: ReadonlySet<string> = new Set(['vmstat']);
const SHARES = [
  ['user', 'cpu_user_ticks'],
  ['system', 'cpu_system_ticks'],
  ['idle', 'cpu_idle_ticks'],
  ['waiting', 'cpu_iowait_ticks'],
] as const;
const WHOLE_PCT = 100;
/** Each of the four was rounded to a whole percent. */
const CPU_DOUBT_PCT = 2;

/** Shares of CPU time in the interval where they add up to the most; one tick a second is one percent. */
function fullest(rows: readonly HostSampleRow[]): readonly (readonly [string, number])[] {
  const intervals = pairs(rows).flatMap(([a, b]) => {
    const seconds = (b.t_ms - a.t_ms) / MS;
    const parts = SHARES.flatMap(([name, field]) => {
      const [from, to] = [a[field], b[field]];
      return from === null || to === null ? [] : [[name, (to - from) / seconds] as const];
    });
    return seconds > 0 ? [parts] : [];
  });
  const total = (parts: readonly (readonly [string, number])[]) => parts.reduce((n, [, v]) => n + v, 0);
  return intervals.toSorted((a, b) => total(b) - total(a))[0] ?? [];
}

/** Of a host only what time bounds is stated: nobody waits for longer than the clock ran, and the shares of a CPU make 100 %. */
export function statementsOfHost(rows: readonly HostSampleRow[], file: string, format: string): Statement[] {
  const teller = tellerOf(file, ['host'], 'the host');
  for (const [field, resource] of PRESSURES) {
    const known = rows.filter(r => r[field] !== null);
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined || last === first) continue;
    tellSum(teller, {
      of: `pressure (${field.replace(/_us$/, '')})`,
      parts: [[`some task waited for ${resource}`, ((last[field] ?? 0) - (first[field] ?? 0)) / US]],
      whole: ['the time that passed,', (last.t_ms - first.t_ms) / MS],
      unit: 's',
      doubt: LATE_S,
      rule: 'at most',
      path: field,
    });
  }
  if (OF_ONE_CPU.has(format))
    tellSum(teller, {
      of: 'CPU time',
      parts: fullest(rows),
      whole: ['all of it,', WHOLE_PCT],
      unit: '%',
      doubt: CPU_DOUBT_PCT,
      rule: 'at most',
      path: 'CPU shares',
    });
  return teller.statements;
}
