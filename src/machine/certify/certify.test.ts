import { describe, expect, test } from 'vitest';
import type { MeasurementRow } from '#schema/measurement';
import { ALL_SIZES, LARGEST, measured, row, sampled } from '#test/measured-machine';
import { certify, type Evidence, earlierOf } from './certify.ts';

const judged = (rows: readonly MeasurementRow[], more: Partial<Evidence> = {}) =>
  certify({ rows, samples: [], facts: [], history: [], gpu: undefined, ...more });
const accused = (rows: readonly MeasurementRow[], more: Partial<Evidence> = {}) => {
  const c = judged(rows, more);
  const bad = [...c.figures, ...c.odd, ...c.history].filter(f => f.verdict === 'fail' || f.verdict === 'warn');
  return [...new Set([...c.failed_checks.map(f => `check ${f.subject}`), ...bad.map(f => `${f.what} ${f.subject}`)])];
};

describe('planted faults, each alone', () => {
  test.each([1, 2, 3, 4, 8])('a healthy machine of %d GPUs is not accused', gpus => {
    expect(accused(measured({ gpus }))).toEqual([]);
    expect(judged(measured({ gpus })).verdict).toBe('pass');
  });

  test('one GPU of eight that is 20 % slow is found, and no other', () =>
    expect(accused(measured({ slowGpu: { gpu: 5, by: 1.25 } }))).toEqual(['matmul GPU 5']));
  test('one of four is found from 15 % on, one of two is not: which of them is odd cannot be told', () => {
    expect(accused(measured({ gpus: 4, slowGpu: { gpu: 1, by: 1.25 } }))).toEqual(['matmul GPU 1']);
    expect(accused(measured({ gpus: 4, slowGpu: { gpu: 1, by: 1.12 } }))).toEqual([]);
    expect(accused(measured({ gpus: 2, slowGpu: { gpu: 1, by: 1.25 } }))).toEqual([]);
  });
  test('10 % is worth a look, 5 % is what healthy GPUs differ by', () => {
    const at = (by: number) => judged(measured({ slowGpu: { gpu: 5, by } })).verdict;
    expect([at(1.11), at(1.05)]).toEqual(['warn', 'pass']);
  });

  test('one slow pair of 56 is found, in its own direction', () =>
    expect(accused(measured({ slowPair: { from: 2, to: 6, by: 1.4 } }))).toEqual(['peer-copy GPU 2 → GPU 6']));
  test('half of the bandwidth everywhere is found by the published peak, where no peer is better', () => {
    const found = accused(measured({ gpus: 2, slowLinks: 2 }));
    expect(found).toEqual(['collective 2 GPUs', 'peer-copy GPU 0 → GPU 1', 'peer-copy GPU 1 → GPU 0']);
  });
  test('small messages alone accuse nobody: bandwidth does not show in them', () => {
    const small = judged(measured({ gpus: 2, sizes: ALL_SIZES.filter(s => s <= 2 ** 22) }));
    expect(small.figures.filter(f => f.what === 'peer-copy').map(f => [f.why, f.verdict])).toEqual([
      ['too-small', 'not-judged'],
      ['too-small', 'not-judged'],
    ]);
  });
  test('a check that failed fails, one that was skipped does not', () => {
    const check = (passed: boolean | null) => row({ what: 'check', test: 'pcie', from: 'GPU 1', passed, detail: 'x8' });
    expect(accused([...measured(), check(false)])).toEqual(['check GPU 1']);
    expect(accused([...measured(), check(null), check(true)])).toEqual([]);
    expect(judged([check(true)])).toMatchObject({ verdict: 'pass', checks_passed: 1 });
    expect(judged([check(null)]).verdict).toBe('not-judged');
  });
});

describe('peaks', () => {
  const product = (value: number, model: string | null, test = '8192x8192x8192') =>
    row({ what: 'matmul', test, from: 'GPU 0', precision: 'bfloat16', value, unit: 'TFLOP/s', gpu_model: model });
  const copy = (value: number, more: Partial<MeasurementRow> = {}) =>
    row({ what: 'peer-copy', test: 'copy', from: 'GPU 0', to: 'GPU 1', value, unit: 'GB/s', gpu_model: 'NVIDIA H200', ...more });
  const share = (r: MeasurementRow, more: Partial<Evidence> = {}) => judged([r], more).figures[0]?.share;

  test("the brief's 720 TFLOP/s is 86 % of an H200 NVL, 73 % of the SXM", () => {
    expect(share(product(720, 'NVIDIA H200 NVL'))).toBeCloseTo(0.862, 3);
    expect(share(product(720, null), { gpu: 'H200 SXM' })).toBeCloseTo(0.728, 3);
  });
  test('its 133 GB/s is 30 % of 18 links, 89 % of the six of its topology, and without that not judged', () => {
    const r = copy(133.26, { gpu_model: 'NVIDIA H200 NVL' });
    const links = (value: number) => ({ facts: [{ entity: 'GPU 0-GPU 1', name: 'nvlinks', value, unit: '' }] });
    expect(judged([r]).figures[0]).toMatchObject({ verdict: 'not-judged', why: 'bridge' });
    expect(judged([r], links(6)).figures[0]).toMatchObject({ verdict: 'pass', peak: 150 });
    expect(judged([r], links(18)).figures[0]).toMatchObject({ verdict: 'fail', peak: 450 });
    expect(share(r, links(18))).toBeCloseTo(0.296, 3);
  });
  test('a model that is not in the table is not judged, and said', () => {
    const c = judged([product(100, 'NVIDIA H300')]);
    expect(c).toMatchObject({ verdict: 'not-judged', figures: [{ why: 'no-board', peak: null }] });
    expect(c.unknown).toContainEqual({ what: 'board', models: ['NVIDIA H300'] });
  });
  test('both ways are twice one way', () => expect(share(copy(700, { both_ways: true }))).toBeCloseTo(700 / 900));
  test('an all-reduce above the links is the switch, a copy above them another board', () => {
    const reduce = row({
      what: 'collective',
      test: 'all_reduce',
      ranks: 8,
      bytes: LARGEST,
      value: 480,
      unit: 'GB/s',
      gpu_model: 'NVIDIA H200',
    });
    expect(judged([reduce]).figures[0]).toMatchObject({ verdict: 'pass', why: 'in-switch' });
    expect(judged([copy(480)]).figures[0]).toMatchObject({ verdict: 'warn', why: 'above-peak' });
  });
  test('more ranks than the fabric joins are the network’s', () => {
    const reduce = row({
      what: 'collective',
      test: 'all_reduce',
      ranks: 64,
      bytes: LARGEST,
      value: 45,
      unit: 'GB/s',
      gpu_model: 'NVIDIA H200',
    });
    expect(judged([reduce]).figures[0]).toMatchObject({ verdict: 'not-judged', why: 'beyond-fabric' });
  });
  test('a small product and one that memory limits are not judged, a large one is', () => {
    const why = (value: number, shape: string) => judged([product(value, 'NVIDIA H200', shape)]).figures[0]?.why;
    expect(why(300, '512x8192x8192')).toBe('too-small');
    expect(why(300, '128x131072x8192')).toBe('memory-bound');
    expect(why(300, '8192x8192x8192')).toBe('below-half');
  });
  test('of copies within a GPU and of those that ran together nothing is judged', () => {
    const why = (r: MeasurementRow) => judged([r]).figures[0]?.why;
    expect(why(row({ ...copy(20), what: 'device-copy', to: 'GPU 0' }))).toBe('local-copy');
    expect(why(row({ ...copy(20), to: null }))).toBe('together');
    expect(why(row({ ...copy(20), what: 'host-copy', test: 'host_to_all_memcpy_ce', from: 'CPU 0' }))).toBe('together');
    expect(why(row({ ...copy(20), gpu_model: 'NVIDIA L40S' }))).toBe('no-nvlink');
  });
});

test('where latency ends is told for pairs whose sizes lie on both sides of it', () => {
  const [knee] = judged(measured({ gpus: 2 })).knees;
  expect(knee).toMatchObject({ subject: 'GPU 0 → GPU 1', sizes: 11 });
  expect(knee?.latency_us).toBeCloseTo(12, 3);
  expect(judged(measured({ gpus: 2, sizes: ALL_SIZES.slice(-4) })).knees).toEqual([]);
});

describe('the state of GPUs', () => {
  test('clocks, heat and reasons are those of the time at work', () => {
    const { state } = judged(measured(), { samples: [sampled(2, { gpu: 1, sm_clock_mhz: 1200, temperature_c: 88, event_reasons: 0x40 })] });
    expect(state).toMatchObject([
      { gpu: 0, sm_clock_mhz: [1980, 1980], temperature_c: 60, reasons: 0 },
      { gpu: 1, sm_clock_mhz: [1200, 1200], temperature_c: 88, reasons: 0x40 },
    ]);
  });
  test('a slow GPU whose clocks were lowered says so, its peers do not', () => {
    const { odd } = judged(measured({ slowGpu: { gpu: 1, by: 1.5 } }), { samples: [sampled(8, { gpu: 1, event_reasons: 0x44 })] });
    expect(odd.every(o => o.slowed === 0x44 && o.subject === 'GPU 1')).toBe(true);
    expect(odd.length).toBeGreaterThan(0);
  });
  test('the model of the samples counts where the results name none', () =>
    expect(judged(measured({ model: null }), { samples: [sampled(8, { gpu: 0 })] })).toMatchObject({
      gpu_model: 'NVIDIA H200',
      verdict: 'pass',
    }));
});

describe('history', () => {
  const runs = (n: number) => Array.from({ length: n }, () => earlierOf(measured()));
  test('five runs tell what is usual: half a machine later is found', () => {
    const later = judged(measured({ slowGpu: { gpu: 0, by: 1.04 } }), { history: runs(5) });
    expect(later.history.filter(e => e.verdict === 'warn').map(e => e.subject)).toEqual(Array(5).fill('GPU 0'));
    expect(accused(measured(), { history: runs(5) })).toEqual([]);
  });
  test('four runs are too few: the change is told, nothing is judged', () => {
    const { history, verdict } = judged(measured({ slowGpu: { gpu: 0, by: 1.04 } }), { history: runs(4) });
    expect(new Set(history.map(e => e.why))).toEqual(new Set(['too-few']));
    expect(history[0]?.change).toBeCloseTo(1 / 1.04 - 1, 2);
    expect(verdict).toBe('pass');
  });
});
