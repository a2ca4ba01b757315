import { describe, expect, test } from 'vitest';
import { complete } from '#test/completeness-sample';
import type { Completeness } from '#trace/completeness/completeness';
import { hiddenCollectives, incompleteness, ranksEnd, whyForbidden } from './completeness.ts';

const words = { pidOf: (globalPid: number) => globalPid * 100, from: 1e9 };
const said = (facts: Partial<Completeness>) => incompleteness(complete(facts), words);

test('graphs that two GPUs ran together hide the collectives inside them', () =>
  expect(hiddenCollectives([{ device: 'GPU 0', peer: 'GPU 1', count: 2033 }])).toEqual([
    'Who kept whom waiting in the collectives inside 2,033 CUDA graphs that GPU 0 and GPU 1 ran together: each graph is one row of the trace, so only a rank that came late to a whole graph shows. Record them with --cuda-graph-trace=node.',
  ]));

const NO_DAMAGE = { relation: 'kernel', malformed: 0, reversed: 0, outside: 0, repeated: 0, isLost: false } as const;

test('a whole trace needs no word', () => expect(said({})).toEqual([]));

test.each<[string, Partial<Completeness>, string]>([
  [
    'graphs without work',
    { launches: [{ kind: 'graph', n: 1000, unrecorded: 11 }] },
    'What the GPU did: 11 of 1,000 launches of CUDA graphs left no work in the trace, so it looks idle where it was not. Record them: --cuda-graph-trace=node (or graph), nsys 2024.2 or later.',
  ],
  [
    'kernels without work',
    { launches: [{ kind: 'kernel', n: 1000, unrecorded: 500 }] },
    'What the GPU did: 500 of 1,000 launches of kernels left no work in the trace, so it looks idle where it was not. Records were lost or cut away: capture a shorter window, or export the whole report.',
  ],
  [
    'copies without work',
    { launches: [{ kind: 'copy', n: 10, unrecorded: 5 }] },
    'What the GPU copied: 5 of 10 calls that copy left no work in the trace. Copies that no record shows are held for idle time.',
  ],
  [
    'a few rows that cannot be right',
    { damaged: [{ ...NO_DAMAGE, rows: 1000, kept: 990, malformed: 4, reversed: 3, outside: 2, repeated: 1 }] },
    'What 10 of 1,000 rows of kernel were: 4 hold a value that cannot be, 3 end before they start, 2 lie outside of the session, 1 repeat another; they are left out. The file is damaged: copy or export it again.',
  ],
  [
    'many such rows',
    { damaged: [{ ...NO_DAMAGE, rows: 100, kept: 50, repeated: 50, isLost: true }] },
    'What 50 of 100 rows of kernel were: 50 repeat another; so many that all of them count as missing. The file is damaged: copy or export it again.',
  ],
  [
    'work and calls on two clocks',
    { disorders: [{ order: 'launch', n: 1000, broken: 990 }] },
    'When calls and GPU work ran beside one another: 990 of 1,000 operations begin before the call that launched them, so their times are not on one clock. Export the report again, and change no table of it.',
  ],
  [
    'calls into the operating system at other times than their own',
    { osCalls: { why: 'order', n: 1000, broken: 300 } },
    'What threads did in the operating system: 300 of 1,000 CUDA calls begin while their own thread sits in a call into the operating system, so those calls are not at their times. Export the report again.',
  ],
  [
    'calls into the operating system that end early',
    { osCalls: { why: 'end', end: 3e9, othersEnd: 5e9, longestSilence: 2e8 } },
    'What threads did in the operating system from 2.000 s on: its calls end there, CUDA calls go on for 2,000 ms, and there had never been none for more than 200 ms. Their records were lost.',
  ],
  [
    'calls that were lost',
    { lostCalls: { n: 2000, unlaunched: 990 } },
    'What threads called: 990 of 2,000 operations of the GPU have no call that launched them. Calls were lost, and a thread that sat in one looks as if it computed. Export the whole report again.',
  ],
  [
    'a file too large to check',
    { isChecked: false },
    'Whether the trace file is damaged: it is too large to check each time. To check, run sqlite3 TRACE "PRAGMA quick_check".',
  ],
  ['work without times', { untimed: 1 }, 'When 1 operation of the GPU ran: the trace has no times for it, and it is left out.'],
  [
    'a process whose records end early',
    { earlyEnds: [{ process: 7, end: 8e9, othersEnd: 12e9, longestSilence: 5e7 }] },
    'What process 700 did from 7.000 s on: its CUDA records end there, those of others go on for 4,000 ms, and it had never been silent for more than 50 ms. It ended, had nothing left to do, or its records were lost.',
  ],
  [
    'processes that may share a GPU',
    { devices: [{ why: 'unmapped', devices: ['GPU 0'], processes: [1, 2] }] },
    'Whether processes 100, 200 share a GPU: all call it GPU 0, and the trace does not tell which one each of them means (CUDA_VISIBLE_DEVICES renumbers them).',
  ],
  [
    'a number of two GPUs',
    { devices: [{ why: 'number', devices: ['GPU 0'], processes: [1] }] },
    'Which of two GPUs GPU 0 is: the trace gives one number to both.',
  ],
  [
    'two numbers at one address',
    { devices: [{ why: 'bus', devices: ['GPU 0', 'GPU 1'], processes: [1] }] },
    'Whether GPU 0 and GPU 1 are one GPU: they have one PCI address, and no UUIDs tell them apart.',
  ],
  [
    'a shifted export',
    { shift: 5e6 },
    'How the trace lies beside other files: its times were shifted by 5 ms on export (--ts-shift), and whether the begin of its session was shifted alike is not told.',
  ],
  [
    'what the profiler held up',
    { profiler: [{ process: 7, from: 2e9, to: 3e9, ns: 4.5e8, mostly: 'flush' }] },
    'How process 700 runs unprofiled: the profiler itself held threads of it for 450 ms between 1.000 s and 2.000 s, mostly for "flush".',
  ],
])('%s are told in a sentence', (_, facts, sentence) => expect(said(facts)).toEqual([sentence]));

test('a rank whose records end early cannot be followed', () => {
  expect(ranksEnd(complete(), words)).toBeUndefined();
  const earlyEnds = [{ process: 7, end: 8e9, othersEnd: 12e9, longestSilence: 5e7 }];
  expect(ranksEnd(complete({ earlyEnds }), words)).toBe('the CUDA records of process 700 at 7.000 s end before those of the others');
});

describe('why an answer is forbidden', () => {
  test('says what is missing of the work, or that GPUs cannot be told apart', () => {
    expect(whyForbidden(complete({ launches: [{ kind: 'graph', n: 1000, unrecorded: 11 }] }), 'compute')).toBe(
      '11 of 1,000 launches of CUDA graphs left no work in the trace',
    );
    expect(whyForbidden(complete(), 'devices')).toBe('the trace does not tell whether two of its GPUs are one');
  });
});
