import { count, msOf, plain, seconds } from '#core/format/numbers';
import type { Ns } from '#core/units';
import type { WhyForbidden } from '#diagnosis/causes/forbidden';
import type { Completeness } from '#trace/completeness/completeness';
import type { EarlyEnd } from '#trace/completeness/early-ends';
import type { LaunchCount } from '#trace/completeness/launches';
import type { LostCalls } from '#trace/completeness/lost-calls';
import type { Disorder } from '#trace/completeness/order-of-events';
import type { DoubtfulOsCalls } from '#trace/completeness/os-calls';
import type { ProfilerTime } from '#trace/completeness/profiler-time';
import type { UncertainDevice } from '#trace/completeness/uncertain-devices';
import type { DamagedRows } from '#trace/source';
import { newerLayout } from './written-by.ts';

/** What sentences about a trace count from, and call its processes by. */
export interface TraceWords {
  /** What the operating system calls a process, by its number in the trace. */
  readonly pidOf: (globalPid: number) => number;
  /** Where the report's times begin, ns since the session began. */
  readonly from: Ns;
}

const WORK = {
  kernel: ['launches of kernels', 'Records were lost or cut away: capture a shorter window, or export the whole report.'],
  graph: ['launches of CUDA graphs', 'Record them: --cuda-graph-trace=node (or graph), nsys 2024.2 or later.'],
  copy: ['calls that copy', 'Copies that no record shows are held for idle time.'],
  fill: ['calls that fill memory', 'Fills that no record shows are held for idle time.'],
} as const;

const leftNothing = ({ kind, n, unrecorded }: LaunchCount) =>
  `${plain(unrecorded)} of ${plain(n)} ${WORK[kind][0]} left no work in the trace`;

const launchSentence = (l: LaunchCount): string =>
  l.kind === 'kernel' || l.kind === 'graph'
    ? `What the GPU did: ${leftNothing(l)}, so it looks idle where it was not. ${WORK[l.kind][1]}`
    : `What the GPU ${l.kind === 'copy' ? 'copied' : 'filled'}: ${leftNothing(l)}. ${WORK[l.kind][1]}`;

const at = (t: Ns, { from }: TraceWords) => seconds((t - from) / 1e6);

const earlySentence = ({ process, end, othersEnd, longestSilence }: EarlyEnd, words: TraceWords): string =>
  `What process ${words.pidOf(process)} did from ${at(end, words)} on: its CUDA records end there, those of others go on for ${msOf(othersEnd - end)}, and it had never been silent for more than ${msOf(longestSilence)}. It ended, had nothing left to do, or its records were lost.`;

function deviceSentence({ why, devices, processes }: UncertainDevice, { pidOf }: TraceWords): string {
  const [device = '', other = ''] = devices;
  switch (why) {
    case 'unmapped':
      return `Whether processes ${processes.map(pidOf).join(', ')} share a GPU: all call it ${device}, and the trace does not tell which one each of them means (CUDA_VISIBLE_DEVICES renumbers them).`;
    case 'number':
      return `Which of two GPUs ${device} is: the trace gives one number to both.`;
    case 'bus':
      return `Whether ${device} and ${other} are one GPU: they have one PCI address, and no UUIDs tell them apart.`;
  }
}

const profilerSentence = ({ process, from, to, ns, mostly }: ProfilerTime, words: TraceWords): string =>
  `How process ${words.pidOf(process)} runs unprofiled: the profiler itself held threads of it for ${msOf(ns)} between ${at(from, words)} and ${at(to, words)}, mostly for "${mostly}".`;

const FAULTS = {
  malformed: 'hold a value that cannot be',
  reversed: 'end before they start',
  outside: 'lie outside of the session',
  repeated: 'repeat another',
} as const;

const leftOut = ({ relation, rows, kept }: DamagedRows) => `${plain(rows - kept)} of ${count(rows, 'row')} of ${relation}`;

function damageSentence(damaged: DamagedRows): string {
  const faults = (Object.keys(FAULTS) as (keyof typeof FAULTS)[]).filter(f => damaged[f] > 0);
  const each = faults.map(f => `${plain(damaged[f])} ${FAULTS[f]}`).join(', ');
  const then = damaged.isLost ? 'so many that all of them count as missing' : 'they are left out';
  return `What ${leftOut(damaged)} were: ${each}; ${then}. The file is damaged: copy or export it again.`;
}

const BROKEN: Readonly<Record<Disorder['order'], string>> = {
  launch: 'operations begin before the call that launched them',
  stream: 'operations run before what was launched before them on their stream',
  wait: 'copies end after the call that waited for them returned',
};
const outOfOrder = ({ order, n, broken }: Disorder) => `${plain(broken)} of ${plain(n)} ${BROKEN[order]}`;

const disorderSentence = (d: Disorder): string =>
  `When calls and GPU work ran beside one another: ${outOfOrder(d)}, so their times are not on one clock. Export the report again, and change no table of it.`;

const osOrder = (n: number, broken: number) =>
  `${plain(broken)} of ${plain(n)} CUDA calls begin while their own thread sits in a call into the operating system`;

const missingWaits = (gaps: number, n: number) =>
  `between ${plain(gaps)} of ${plain(n)} pairs of waits with a time limit that follow one another there is room for exactly one more, or several`;

function osSentence(doubt: DoubtfulOsCalls, words: TraceWords): string {
  switch (doubt.why) {
    case 'order':
      return `What threads did in the operating system: ${osOrder(doubt.n, doubt.broken)}, so those calls are not at their times. Export the report again.`;
    case 'end':
      return `What threads did in the operating system from ${at(doubt.end, words)} on: its calls end there, CUDA calls go on for ${msOf(doubt.othersEnd - doubt.end)}, and there had never been none for more than ${msOf(doubt.longestSilence)}. Their records were lost.`;
    case 'gaps':
      return `What threads did in the operating system: ${missingWaits(doubt.gaps, doubt.n)}. Calls were lost: export the whole report again.`;
    case 'stop':
      return `What threads did in the operating system from ${at(doubt.end, words)} on: a thread that had waited for ${msOf(doubt.limit)} over and over stops there, and CUDA calls of its process go on for ${msOf(doubt.othersEnd - doubt.end)}. Their records were lost.`;
  }
}

const lostCallsSentence = ({ n, unlaunched }: LostCalls): string =>
  `What threads called: ${plain(unlaunched)} of ${plain(n)} operations of the GPU have no call that launched them. Calls were lost, and a thread that sat in one looks as if it computed. Export the whole report again.`;

/** Graphs that two GPUs ran together, each one row of the trace. */
export interface GraphsTogether {
  readonly device: string;
  readonly peer: string;
  readonly count: number;
}

/** What whole graphs hide of the collectives inside them. */
export const hiddenCollectives = (together: readonly GraphsTogether[]): string[] =>
  together.map(
    ({ device, peer, count: n }) =>
      `Who kept whom waiting in the collectives inside ${count(n, 'CUDA graph')} that ${device} and ${peer} ran together: each graph is one row of the trace, so only a rank that came late to a whole graph shows. Record them with --cuda-graph-trace=node.`,
  );

/** What a trace lacks, in sentences: each names first what cannot be told. */
export function incompleteness(c: Completeness, words: TraceWords): string[] {
  return [
    ...c.launches.map(launchSentence),
    ...c.disorders.map(disorderSentence),
    ...(c.osCalls === undefined ? [] : [osSentence(c.osCalls, words)]),
    ...(c.lostCalls === undefined ? [] : [lostCallsSentence(c.lostCalls)]),
    ...(c.untimed > 0
      ? [
          `When ${count(c.untimed, 'operation')} of the GPU ran: the trace has no times for ${c.untimed === 1 ? 'it, and it is' : 'them, and they are'} left out.`,
        ]
      : []),
    ...c.damaged.map(damageSentence),
    ...[newerLayout(c.recorder) ?? []].flat(),
    ...(c.isChecked
      ? []
      : ['Whether the trace file is damaged: it is too large to check each time. To check, run sqlite3 TRACE "PRAGMA quick_check".']),
    ...c.earlyEnds.map(e => earlySentence(e, words)),
    ...c.devices.map(d => deviceSentence(d, words)),
    ...(c.shift === 0
      ? []
      : [
          `How the trace lies beside other files: its times were shifted by ${msOf(c.shift)} on export (--ts-shift), and whether the begin of its session was shifted alike is not told.`,
        ]),
    ...c.profiler.map(p => profilerSentence(p, words)),
  ];
}

/** Why a rank cannot be followed to the end, as a reason of "cannot tell"; undefined where all can. */
export function ranksEnd({ earlyEnds }: Completeness, words: TraceWords): string | undefined {
  const ends = earlyEnds.map(e => `of process ${words.pidOf(e.process)} at ${at(e.end, words)}`);
  return ends.length === 0 ? undefined : `the CUDA records ${ends.join(', ')} end before those of the others`;
}

function whyOsCalls(doubt: DoubtfulOsCalls | undefined): string {
  if (doubt?.why === 'order') return osOrder(doubt.n, doubt.broken);
  if (doubt?.why === 'gaps') return missingWaits(doubt.gaps, doubt.n);
  return 'the calls into the operating system end before the CUDA calls do';
}

/** Why an answer is forbidden, as a reason of "cannot tell". */
export function whyForbidden(c: Completeness, why: WhyForbidden): string {
  if (why === 'devices') return 'the trace does not tell whether two of its GPUs are one';
  if (why === 'os-calls') return whyOsCalls(c.osCalls);
  return [
    ...c.launches.map(leftNothing),
    ...c.disorders.map(outOfOrder),
    ...c.damaged.filter(d => d.isLost).map(d => `${leftOut(d)} are damaged`),
  ].join('; ');
}
