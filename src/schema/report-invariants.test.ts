import { expect, test } from 'vitest';
import { contradictionsOf } from './report-invariants.ts';

type Checked = Parameters<typeof contradictionsOf>[0];

const device = {
  ...{ device: 'GPU 0', busy_ms: 60, idle_ms: 40, compute_absent_ms: 40, communication_ms: 2, copy_ms: 3 },
  ...{ exposed_communication_ms: 1, exposed_copy_ms: 1, overlapped_ms: 1 },
  gaps: { starved: { lower_ms: 30, upper_ms: 30 }, 'outside-work': { lower_ms: 10, upper_ms: 10 } },
};
const cause = { cause: 'host-compute' as const, excess_ms: 9, share: 0.9, subject: '', root: null, symptom: null };
const incident = {
  ...{ id: 'I1', start_ns: '10000000', end_ns: '30000000', start_ms: 10, end_ms: 30, held_up_ms: 15, requests: 1, excess_ms: 10 },
  ...{ causes: [cause], tied: [], story: '', evidence: [], timeline: null },
};
const sound: Checked = {
  window: { start_ns: '0', end_ns: '100000000', start_ms: 0 },
  incidents: [incident],
  requests: { total: 5, failed: 0, finished: 4, judged: 3, slow: 1, slow_threshold_ms: 1 },
  latency: [{ metric: 'e2e', p50_ms: 1, p95_ms: 2, p99_ms: 3, max_ms: 3 }],
  books: { excess_ms: 10, parts: [cause, { cause: 'unexplained', excess_ms: 1, share: 0.1 }] },
  unexplained: { excess_ms: 1 },
  causes: [{ ...cause, incidents: ['I1'], p99_without_ms: { lower: 1, upper: 2 } }],
  devices: [device],
  grounds: [{ need: 'kernel', available: false, why: 'lost' }],
  statements: [],
  lane_books: [{ process: 1, device: 'GPU 0', parts: [{ what: 'work', ms: 100, share: 1 }] }],
};

test('a report that agrees with itself has nothing against it', () => expect(contradictionsOf(sound)).toEqual([]));

test.each<[string, Partial<Checked>, string]>([
  ['held up for longer than it lasted', { incidents: [{ ...incident, held_up_ms: 36 }] }, 'I1 held up 36 ms within 20 ms'],
  ['an incident outside the window', { incidents: [{ ...incident, end_ms: 130, end_ns: '130000000' }] }, 'I1 lies outside the window'],
  ['two times for one moment', { incidents: [{ ...incident, start_ms: 12 }] }, 'I1 has two times'],
  ['causes beyond their incident', { incidents: [{ ...incident, excess_ms: 5 }] }, 'the causes of I1 cost more than it did'],
  ['books that do not close', { books: { ...sound.books, excess_ms: 12 } }, 'the parts of the books are not their sum'],
  ['gaps that are not the idle time', { devices: [{ ...device, gaps: {} }] }, 'the gaps of GPU 0 are not its idle time'],
  ['time beyond the window', { devices: [{ ...device, busy_ms: 70 }] }, 'busy and idle of GPU 0 are not the window'],
  ['negative time', { devices: [{ ...device, overlapped_ms: -1 }] }, 'GPU 0 has a negative time'],
  [
    'more slow than judged',
    { requests: { total: 5, failed: 0, finished: 4, judged: 1, slow: 2, slow_threshold_ms: 1 } },
    'more requests are slow than were sent',
  ],
  [
    'a p99 that rises without its cause',
    { causes: [{ ...cause, incidents: [], p99_without_ms: { lower: 1, upper: 9 } }] },
    'p99 without host-compute is above p99',
  ],
  [
    'an incident that is not there',
    { causes: [{ ...cause, incidents: ['I7'], p99_without_ms: null }] },
    'host-compute names an incident that is not there',
  ],
  ['a sentence without its ground', { statements: [{ about: 'answer', needs: ['kernel'] }] }, 'answer rests on kernel, which is not there'],
  [
    'time of a lane that is not the window',
    { lane_books: [{ process: 1, device: 'GPU 0', parts: [] }] },
    'the time of process 1 on GPU 0 is not the window',
  ],
])('%s is found', (_, change, sentence) => expect(contradictionsOf({ ...sound, ...change })).toEqual([sentence]));
