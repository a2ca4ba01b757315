import { describe, expect, test } from 'vitest';
import type { CauseOrRest } from '#schema/causes';
import type { Report } from '#schema/report';
import { sampleReport } from '#test/report-sample/sample';
import { scoreReport } from './score.ts';
import { knownFaults, Truth } from './truth.ts';

const EPOCH = 1_795_311_000_000;
/** Epoch ns of a moment, as the report writes it. */
const stamp = (ms: number) => `${EPOCH + ms}000000`;
const ns = (ms: number) => Number(stamp(ms));

const [sampled] = sampleReport().incidents;
const incident = (from: number, to: number, ...causes: CauseOrRest[]): Report['incidents'][number] => {
  if (sampled === undefined) throw new Error('the sample has no incident');
  return {
    ...sampled,
    start_ns: stamp(from),
    end_ns: stamp(to),
    causes: causes.map(cause => ({ cause, excess_ms: 1, share: 1 / causes.length, subject: '', root: null, symptom: null })),
  };
};
const report = (incidents: Report['incidents'], rest: Partial<Report> = {}): Report => ({
  ...sampleReport(),
  window: { start_ns: stamp(0), end_ns: stamp(10_000), epoch_known: true, start_ms: 0 },
  incidents,
  ...rest,
});
const fault = (from: number, to: number, cause = 'cpu_stall', rest: object = {}) => ({
  cause,
  start_ns: ns(from),
  end_ns: ns(to),
  ...rest,
});
const score = (incidents: Report['incidents'], faults: Truth['faults'], natural: Truth['faults'] = []) =>
  scoreReport('it', report(incidents), { faults, natural });

describe('a fault', () => {
  test('whose cause stands first in its incident is found', () => {
    expect(score([incident(1000, 1140, 'host-compute', 'queueing')], [fault(1000, 1140)])).toMatchObject({
      faults: 1,
      ac1: 1,
      ac3: 1,
      abstained: 0,
      falseAccusations: 0,
    });
  });
  test('whose cause stands third counts among the first three only; a fourth does not', () => {
    const [third, fourth]: [CauseOrRest[], CauseOrRest[]] = [
      ['paging', 'queueing', 'host-compute'],
      ['paging', 'queueing', 'storage-io', 'host-compute'],
    ];
    expect(score([incident(1000, 1140, ...third)], [fault(1000, 1140)])).toMatchObject({ ac1: 0, ac3: 1 });
    expect(score([incident(1000, 1140, ...fourth)], [fault(1000, 1140)])).toMatchObject({ ac1: 0, ac3: 0 });
  });
  test('is not hidden by an unexplained rest that stands before its cause', () => {
    expect(score([incident(1000, 1140, 'unexplained', 'host-compute')], [fault(1000, 1140)]).ac1).toBe(1);
  });
  test('without an incident, or with one that names nothing, is an abstention', () => {
    expect(score([], [fault(1000, 1140)])).toMatchObject({ ac1: 0, abstained: 1, worstStartError_ms: null });
    expect(score([incident(1000, 1140, 'unexplained')], [fault(1000, 1140)])).toMatchObject({ ac1: 0, abstained: 1 });
  });
  test('outside the window of the trace does not count', () => {
    expect(score([], [fault(-500, -300), fault(10_001, 10_100)])).toMatchObject({ faults: 0, ac1: null, ac3: null, abstained: 0 });
  });
  test('and its incident may lie 20 ms apart, not more', () => {
    const at = (from: number) => score([incident(from, from + 50, 'host-compute')], [fault(1000, 1140)]);
    expect([at(1159).ac1, at(1161).ac1]).toEqual([1, 0]);
  });
  test('is matched with the incident that overlaps it most', () => {
    const both = [incident(900, 1010, 'paging'), incident(1010, 1140, 'host-compute')];
    expect(score(both, [fault(1000, 1140)])).toMatchObject({ ac1: 1, worstStartError_ms: expect.closeTo(10, 2) });
  });
  test('lasts until the GPU has finished it', () => {
    expect(score([incident(1200, 1300, 'head-of-line')], [fault(1000, 1001, 'long_prefill', { effect_end_ns: ns(1250) })])).toMatchObject({
      ac1: 1,
    });
  });
});

describe('an incident where nothing is known to be wrong', () => {
  test('is a false accusation', () => expect(score([incident(1000, 1100, 'paging')], []).falseAccusations).toBe(1));
  test.each<CauseOrRest>(['queueing', 'unexplained', 'profiler-artefact'])('is none when it says %s', cause => {
    expect(score([incident(1000, 1100, cause)], []).falseAccusations).toBe(0);
  });
  test('is none where a natural fault is known; missing that one is no miss', () => {
    const natural = [fault(1000, 1100, 'clock-throttle')];
    expect(score([incident(1000, 1100, 'clock-throttle')], [], natural)).toMatchObject({ faults: 0, falseAccusations: 0 });
    expect(score([], [], natural)).toMatchObject({ faults: 0, ac1: null, abstained: 0 });
  });
});

describe('the rest of the score', () => {
  test('start errors are distances, the median and the worst', () => {
    const incidents = [incident(990, 1100, 'paging'), incident(2001, 2100, 'paging'), incident(3015, 3100, 'paging')];
    expect(score(incidents, [fault(1000, 1100), fault(2000, 2100), fault(3000, 3100)])).toMatchObject({
      medianStartError_ms: expect.closeTo(10, 2),
      worstStartError_ms: expect.closeTo(15, 2),
    });
  });
  test('the unexplained share is null where there was no excess', () => {
    const calm = report([], { books: { excess_ms: 0, parts: [] }, unexplained: { excess_ms: 0, share: 0 } });
    expect(scoreReport('calm', calm, { faults: [] }).unexplainedShare).toBeNull();
  });
  test('a capture without faults has nothing to divide by', () => {
    expect(score([], [])).toMatchObject({
      faults: 0,
      ac1: null,
      ac3: null,
      abstained: 0,
      medianStartError_ms: null,
      worstStartError_ms: null,
    });
  });
});

describe('the truth', () => {
  const causeOf = (one: object) => knownFaults(Truth.parse({ faults: [{ start_ns: ns(0), end_ns: ns(1), ...one }] }))[0]?.causes[0];
  test.each([
    ['cpu_stall', 'host-compute'],
    ['sync_copy', 'blocking-copy'],
    ['noisy_neighbour', 'gpu-contention'],
    ['long_prefill', 'head-of-line'],
    ['straggler_cpu', 'collective-wait'],
    ['paging', 'paging'],
  ])('calls %s %s', (name, cause) => expect(causeOf({ cause: name })).toBe(cause));
  test('takes the designed cause before the name', () =>
    expect(causeOf({ cause: 'cpu_stall', design_cause: 'queueing' })).toBe('queueing'));
  test('refuses a fault that nobody knows: it would count as a miss', () => {
    expect(() => causeOf({ cause: 'gremlins' })).toThrow('gremlins');
    expect(() => causeOf({})).toThrow('a fault without a cause');
  });
});
