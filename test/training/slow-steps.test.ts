import { describe, expect, test } from 'vitest';
import type { Report } from '#schema/report';
import type { Training } from '#schema/training';
import { some } from '../thorough.ts';
import { analysed } from './analysed.ts';
import { FAULT_MS, type Planted, workerPidOf } from './training-run.ts';

const sum = (parts: readonly { readonly excess_ms: number }[]) => parts.reduce((s, p) => s + p.excess_ms, 0);
const named = (report: Report) => report.causes.filter(c => c.scope === 'incident').map(c => c.cause);

/** The books of a training close: of each slow step, of each rank in it, and of all steps together. */
function expectClosed(training: Training, report: Report): void {
  for (const step of training.slow) {
    expect(sum(step.causes)).toBeCloseTo(step.excess_ms, 6);
    expect(step.duration_ms - step.usual_ms).toBeCloseTo(step.excess_ms, 6);
    for (const other of step.others) expect(sum(other.causes)).toBeCloseTo(other.excess_ms, 6);
  }
  expect(sum(training.books)).toBeCloseTo(training.excess_ms, 6);
  expect(sum(training.slow)).toBeCloseTo(training.excess_ms, 6);
  expect(report.books.excess_ms).toBe(training.excess_ms);
}

const known = (training: Training | null): Training => {
  if (training === null) throw new Error('no training was found');
  return training;
};

const KINDS: readonly (readonly [Planted, number, readonly string[], string])[] = [
  ['loader', 1, ['input-wait'], 'pt_data_pin'],
  ['loader with its worker', 0, ['input-wait'], `worker process ${workerPidOf(0)} was in clock_nanosleep`],
  ['checkpoint', 0, ['storage-io', 'blocking-copy'], 'checkpoint'],
  ['copies without a file', 1, ['host-compute', 'blocking-copy'], ''],
  ['gc', 1, ['host-compute'], 'its own code'],
  ['lock', 0, ['host-blocked'], 'pthread_mutex_lock'],
];
// "Several faults" below has most of them in one run.
describe.each(some(KINDS, 3, 'kinds of slow steps, one in a run'))('a step made slow by %s of rank %s', (kind, rank, causes, subject) => {
  test('is put down to it, once, and the other rank waited for it', async () => {
    const { training, report } = await analysed({ ranks: 2, steps: 40, faults: [{ rank, step: 20, kind }] });
    const t = known(training);
    expect(t.slow).toHaveLength(1);
    const [step] = t.slow;
    expect(step?.rank).toBe(`rank ${rank}`);
    expect(step?.excess_ms).toBeGreaterThan(0.97 * FAULT_MS);
    expect(step?.excess_ms).toBeLessThan(1.03 * FAULT_MS);
    expect(step?.causes.filter(c => c.share > 0.02).map(c => c.cause)).toEqual(causes);
    expect(step?.causes[0]?.subject).toContain(subject);
    const [other] = step?.others ?? [];
    expect(other?.causes[0]).toMatchObject({ cause: 'collective-wait' });
    expect(other?.causes[0]?.subject).toContain(`rank ${rank} was late: ${causes[0]}`);
    expect(other?.causes[0]?.excess_ms).toBeGreaterThan(0.97 * FAULT_MS);
    expectClosed(t, report);
    expect(report.incidents.map(i => i.causes[0]?.cause)).toEqual([causes[0]]);
    expect(named(report)).toEqual(causes);
    // Without a file written after them, copies to the host are none.
    if (kind === 'copies without a file') expect(JSON.stringify(report)).not.toContain('checkpoint');
    expect(report.findings.filter(f => f.id.startsWith('training-')).map(f => f.id)).toEqual(causes.map(c => `training-${c}`));
  });
});

const RANGES: readonly (readonly [string, boolean])[] = [
  ['torch.save', true],
  ['save_checkpoint', true],
  ['save_for_backward', false],
  ['activation checkpoint', false],
];
test.each(some(RANGES, 2, 'ranges of what may be a checkpoint'))(
  'without a file, a range called %s shows a checkpoint: %s',
  async (saveRange, isCheckpoint) => {
    const { training } = await analysed({ ranks: 2, steps: 40, saveRange, faults: [{ rank: 0, step: 20, kind: 'copies without a file' }] });
    const [step] = known(training).slow;
    expect(step?.causes.filter(c => c.share > 0.02).map(c => c.cause)).toEqual([
      isCheckpoint ? 'storage-io' : 'host-compute',
      'blocking-copy',
    ]);
    expect(step?.causes[0]?.subject.startsWith('checkpoint')).toBe(isCheckpoint);
  },
);

test('several faults of both ranks are told apart, each once', async () => {
  const { training, report } = await analysed({
    ranks: 2,
    steps: 60,
    faults: [
      { rank: 1, step: 10, kind: 'loader' },
      { rank: 0, step: 20, kind: 'checkpoint' },
      { rank: 1, step: 30, kind: 'gc' },
      { rank: 0, step: 31, kind: 'gc' },
      { rank: 0, step: 45, kind: 'lock' },
    ],
  });
  const t = known(training);
  expect(t.slow.map(s => [s.rank, s.causes[0]?.cause])).toEqual([
    ['rank 1', 'input-wait'],
    ['rank 0', 'storage-io'],
    ['rank 1', 'host-compute'],
    ['rank 0', 'host-compute'],
    ['rank 0', 'host-blocked'],
  ]);
  // Slow steps that follow one another are one stretch.
  expect(report.incidents).toHaveLength(4);
  expect(t.books[0]).toMatchObject({ cause: 'host-compute', steps: 2, ranks: ['rank 0', 'rank 1'] });
  expect(report.unexplained.share).toBeLessThan(0.01);
  expectClosed(t, report);
});

test('a collective that is slow on every rank makes nobody late', async () => {
  const { training } = await analysed({ ranks: 2, steps: 40, slowCollectives: [20] });
  const t = known(training);
  expect(t.slow.map(s => s.causes[0]?.cause)).toEqual(['slow-collective']);
  expect(t.slow[0]?.others[0]?.causes[0]?.cause).toBe('slow-collective');
});

test('of one rank alone, what it spends in collectives stays unexplained', async () => {
  const { training } = await analysed({ ranks: 1, steps: 40, slowCollectives: [20], marks: { gradients: true } });
  const t = known(training);
  expect(t.slow.map(s => [s.causes[0]?.cause, s.causes[0]?.subject])).toEqual([
    ['unexplained', 'in collectives, with ranks that the trace does not hold'],
  ]);
});

describe('nobody is accused', () => {
  test.each(some([1, 2, 3, 4], 4, 'calm trainings'))('in a calm loop (%s)', async seed => {
    const { training, report } = await analysed({ ranks: 2, steps: 60, seed });
    expect(known(training).slow).toEqual([]);
    expect(named(report)).toEqual([]);
    expect(report.incidents).toEqual([]);
    expect(report.findings.filter(f => f.id.startsWith('training-'))).toEqual([]);
    expect(report.answer).toContain('No step took longer than the noise');
  });
  test('of steps with more work, where they come again and again', async () => {
    const { training } = await analysed({ ranks: 2, steps: 120, evaluateEach: 8 });
    expect(known(training).slow).toEqual([]);
  });
});
