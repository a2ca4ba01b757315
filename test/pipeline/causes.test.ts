import { describe, expect, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { copyPairs } from '#multi-gpu/peer-copies/copy-pairs';
import { copiesAcross } from '#multi-gpu/pipeline/transfers';
import { parallelCauses } from '#report/build/parallel/causes';
import { pipelineAnswer } from '#report/build/parallel/pipeline-answer';
import { pipelineCauses } from '#report/build/parallel/pipeline-causes';
import type { Schedule } from '#schema/pipeline';
import { type Op, type Plan, sourcesOf, truthOf } from './generate.ts';
import { toldPipeline } from './told.ts';

const MS = 1_000_000;
const plan = (more: Partial<Plan> = {}): Plan => ({
  ...{ schedule: '1f1b', p: 4, m: 8, copy: 100_000, time: kind => (kind === 'F' ? MS : 2 * MS) },
  ...more,
});
const analyzed = (more: Partial<Plan> = {}) => toldPipeline(sourcesOf(plan(more)), { detectors })!;
const causes = (more: Partial<Plan>) => pipelineCauses(analyzed(more));
const part = (s: Schedule, why: Schedule['excess'][number]['why']) => s.excess.find(e => e.why === why)!.ms;

test('exposed hand-offs', () => expect(causes({ copy: 800_000 })[0]!.cause).toBe('handoff-exposed'));
test('an uneven stage', () =>
  expect(causes({ time: (_, stage) => (stage === 2 ? 3 * MS : 2 * MS) })[0]).toMatchObject({
    cause: 'stage-imbalance',
    subject: '1f1b: GPU 2 computes longest',
  }));
test('a pipeline as it should be has none', () => expect(causes({ copy: 1 })).toEqual([]));

describe('launches that came late are put down to what their thread did', () => {
  test.each([
    ['pthread_cond_timedwait', true, 'host-blocked'],
    ['poll', true, 'host-blocked'],
    ['fsync', true, 'storage-io'],
    ['read', true, 'storage-io'],
    ['cudaMalloc', false, 'memory-allocation'],
    ['cudaFree', false, 'memory-allocation'],
    ['cuModuleLoadData', false, 'code-load'],
    ['cudaMemcpy', false, 'blocking-copy'],
  ] as const)('%s', (name, os, cause) => {
    const [first] = causes({ late: () => 900_000, copy: 1, doing: () => ({ name, os }) });
    expect(first).toMatchObject({ cause, subject: `1f1b: launches after their device was free: ${name}` });
  });
  test('its own code', () => expect(causes({ late: () => 900_000, copy: 1 })[0]!.cause).toBe('host-compute'));
  test('without detectors nothing is made up', () => {
    const found = toldPipeline(sourcesOf(plan({ late: () => 900_000, copy: 1 })))!;
    expect(pipelineCauses(found).map(c => c.cause)).toEqual(['unexplained']);
  });

  test('two causes share it by what each one cost, and add up to it', () => {
    const more: Partial<Plan> = {
      copy: 1,
      late: (kind, stage, mb) =>
        kind === 'F' && stage === 3 && mb > 0 && mb < 4 ? 700_000 : kind === 'B' && stage === 3 && mb > 4 ? 1_900_000 : 0,
      doing: (o: Op) => ({ name: o.kind === 'F' ? 'poll' : 'fsync', os: true }),
    };
    const [s] = analyzed(more).schedules;
    const total = part(s!, 'launch-starvation');
    const without = (kind: 'F' | 'B') => truthOf(plan({ ...more, late: (k, ...at) => (k === kind ? 0 : more.late!(k, ...at)) })).length;
    const all = truthOf(plan(more)).length;
    // What the iteration would gain without either one, from the generator's own times.
    const gains = { 'host-blocked': all - without('F'), 'storage-io': all - without('B') };
    expect(s!.launch_causes!.map(l => l.cause)).toEqual(['storage-io', 'host-blocked']);
    expect(s!.launch_causes!.reduce((n, l) => n + l.ms, 0)).toBeCloseTo(total, 9);
    for (const { cause, ms } of s!.launch_causes!)
      expect(ms / total).toBeCloseTo(gains[cause as 'storage-io'] / (gains['host-blocked'] + gains['storage-io']), 6);
  });

  test('the device whose launches came late has what the others waited for it', () => {
    const of = (stages: readonly number[]) => (_: string, stage: number, mb: number) => (stages.includes(stage) && mb > 1 ? 900_000 : 0);
    const [one] = analyzed({ copy: 1, late: of([2]) }).schedules;
    expect(one!.launch_ranks!.map(r => r.stage)).toEqual([2]);
    expect(one!.launch_ranks![0]!.ms).toBeCloseTo(part(one!, 'launch-starvation'), 9);
    const two = analyzed({ copy: 1, late: of([0, 3]) });
    expect(two.schedules[0]!.launch_ranks!.reduce((n, r) => n + r.ms, 0)).toBeCloseTo(part(two.schedules[0]!, 'launch-starvation'), 9);
    const words = pipelineAnswer(two);
    expect(words.split('\n')[0]).toMatch(
      /goes to launches that came late \(host computing\), a device's own and its partners': CUDA graphs, or fewer and larger launches, would help\.$/,
    );
    expect(words).toMatch(/\(\d+ % on GPU \d and \d+ % on GPU \d, what the others wait for it meanwhile included\)/);
  });

  test('one stall of a thread is no want of CUDA graphs: the device is named, and what its thread did is to be looked at', () => {
    const found = analyzed({ copy: 1, late: (kind, stage, mb) => (kind === 'F' && stage === 2 && mb === 3 ? 9 * MS : 0) });
    expect(pipelineAnswer(found).split('\n')[0]).toMatch(
      /goes to launches that came late \(host computing\) on GPU 2, which the others wait for\.$/,
    );
    const [first] = parallelCauses(found, null);
    expect(first).toMatchObject({ cause: 'host-compute', advice: expect.stringMatching(/py-spy or perf on that thread/) });
    expect(first).not.toHaveProperty('action');
  });
  test('launches that are late all along are too many or too small: so says the table', () =>
    expect(parallelCauses(analyzed({ copy: 1, late: () => 900_000 }), null)[0]).toMatchObject({
      cause: 'host-compute',
      action: 'Use CUDA graphs, or fewer and larger launches.',
      advice: expect.stringMatching(/CUDA graphs/),
    }));

  test('a thread that was late where its device would have waited anyway is not blamed', () => {
    // The last stage waits for its first forward anyhow: that its first stage is late by less than nobody waits for costs nothing.
    const [s] = analyzed({ copy: 1, late: (kind, stage, mb) => (kind === 'B' && stage === 0 && mb === 0 ? 100 : 0) }).schedules;
    expect(part(s!, 'launch-starvation')).toBeLessThan(0.001);
  });

  test('gaps between the kernels of an operation count as well', () => {
    const sources = sourcesOf(plan({ copy: 1, split: (kind, stage, mb) => (kind === 'F' && stage === 0 && mb === 5 ? 3 * MS : 0) }));
    const [s] = toldPipeline(sources, { detectors })!.schedules;
    expect(part(s!, 'launch-starvation')).toBeGreaterThan(1);
    expect(s!.launch_causes![0]!.cause).toBe('host-compute');
  });
});

describe('copies through the host', () => {
  const staged = { copy: 800_000, staged: true } as const;
  test('are blamed for what direct copies would have saved, at least a hop of two', () => {
    const found = analyzed(staged);
    const [s] = found.schedules;
    const half = plan({ copy: 400_000 });
    // The iteration with copies half as long, which is what one hop takes here.
    const saved = ((truthOf(plan(staged)).length - truthOf(half).length) * 4) / 1e6;
    expect(s!.handoffs.staged_against).toContain('a lower bound');
    expect(s!.handoffs.staged_stall_ms).toBeCloseTo(saved, 2);
    const all = pipelineCauses(found);
    expect(all.find(c => c.cause === 'peer-copy-staged')!.ms).toBeCloseTo(saved, 2);
    expect(all.find(c => c.cause === 'handoff-exposed')!.ms).toBeCloseTo(part(s!, 'exposed-copy') + part(s!, 'handoff-latency') - saved, 2);
  });
  test('are all to blame where the links carry a copy in no time', () => {
    const topology = `\tGPU0\tGPU1\tGPU2\tGPU3\n${[0, 1, 2, 3].map(i => `GPU${i}\t${[0, 1, 2, 3].map(j => (i === j ? 'X' : 'NV18')).join('\t')}`).join('\n')}\n`;
    const nvlink = [0, 1, 2, 3].map(gpu => ({ gpu, active: 18, inactive: 0, slowest_gb_s: 2_000_000 }));
    const found = toldPipeline(sourcesOf(plan(staged)), { detectors, links: { topology, nvlink } })!;
    const [s] = found.schedules;
    expect(s!.handoffs.staged_against).toContain('NV18');
    expect(s!.handoffs.staged_stall_ms).toBeCloseTo(part(s!, 'exposed-copy'), 3);
    expect(pipelineCauses(found)[0]).toMatchObject({ cause: 'peer-copy-staged' });
    expect(pipelineAnswer(found)).toContain('copies led through the host');
  });
  test('that are direct have nothing to blame', () => {
    expect(analyzed({ copy: 800_000 }).schedules[0]!.handoffs).toMatchObject({ staged_stall_ms: null, staged_against: null });
  });
});

describe('copies through the host from one report to another', () => {
  const apart = (more: Partial<Plan> = {}) => sourcesOf(plan({ copy: 800_000, staged: true, reports: { clockOff: 12_345_678 }, ...more }));
  test('are put together by their size and order', () => {
    const [s] = toldPipeline(apart(), { detectors })!.schedules;
    expect(s!.handoffs).toMatchObject({ count: 48, staged: 48, bytes: 865_536, median_us: 800 });
    const one = analyzed({ copy: 800_000, staged: true }).schedules[0]!;
    expect(s!.iteration_ms[0]).toBeCloseTo(one.iteration_ms[0]!, 6);
    expect(s!.handoffs.staged_stall_ms).toBeGreaterThan(1);
    expect(pipelineCauses({ schedules: [s!] }).map(c => c.cause)).toContain('peer-copy-staged');
  });
  test('come with what each pair of GPUs lost', () => {
    const pairs = copyPairs(copiesAcross(apart()));
    expect(pairs).toHaveLength(6);
    for (const pair of pairs) expect(pair).toMatchObject({ path: 'staged', count: 8, stagedAgainst: [{ by: 'one-hop' }] });
    // A hop of two is saved at least.
    expect(pairs.map(p => p.staged_lost_ms)).toEqual(pairs.map(() => 8 * 0.4));
    expect(pairs.map(p => `${p.source}>${p.destination}`)).toContain('report 0 GPU 0>report 1 GPU 0');
  });
  test('are found within what the clocks may be off by, and not beyond it', () => {
    const wrong = apart({ reports: { clockOff: 12_345_678, wrong: -30_000 } });
    expect(copiesAcross(wrong)).toHaveLength(48);
    // Uploads to later ranks seem to begin before their download ends, if the clock is believed.
    expect(copiesAcross(wrong.map(s => ({ ...s, clock: { ...s.clock, residual: 0 } }))).length).toBeLessThan(48);
  });
  test('need another size on the other side: results and inputs are no hand-offs', () => {
    const other = apart().map((s, i) => ({ ...s, halves: s.halves!.map(h => ({ ...h, bytes: h.bytes + (h.kind === 1 ? 4096 * i : 0) })) }));
    expect(copiesAcross(other.map((s, i) => (i === 0 ? { ...s, halves: [] } : s)))).toEqual([]);
  });
});
