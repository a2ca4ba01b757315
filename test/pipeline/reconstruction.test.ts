import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { comparePipelines } from '#multi-gpu/pipeline/compare';
import { readSource } from '#multi-gpu/pipeline/source';
import { wordComparison } from '#report/build/parallel/comparison';
import { Pipeline } from '#schema/pipeline';
import { TraceStore } from '#trace/nsys/trace-store';
import { readTrace } from '#trace/opened-trace';
import { buildTrace } from '../synthetic-trace.ts';
import { type Op, type Plan, sourcesOf, truthOf } from './generate.ts';
import { toldPipeline } from './told.ts';

const plan = (more: Partial<Plan> = {}): Plan => ({
  schedule: '1f1b',
  p: 4,
  m: 8,
  time: kind => (kind === 'F' ? 1_000_000 : 2_000_000),
  copy: 100_000,
  ...more,
});
const analyzed = (more: Partial<Plan> = {}, nvtx: string[] = []) => toldPipeline(sourcesOf(plan(more)), { nvtx });

/** The kernels of forwards and backwards told apart, as they are in a trace. */
const distinctKinds = (sources: ReturnType<typeof sourcesOf>) =>
  sources.map(s => {
    const { ops, host } = s;
    const kindOf = (i: number) => {
      const t = host.api.start[host.api.find(ops.processes[ops.process[i]!]!, ops.correlation[i]!)]!;
      return s.ranges.find(r => r.start <= t && t <= r.end && /^[FB] /.test(r.name))?.name.charCodeAt(0) ?? 0;
    };
    return { ...s, ops: { ...ops, work: ops.work.map((_, i) => kindOf(i)) } };
  });

describe('a pipeline is found', () => {
  test('in one process that drives all GPUs, iteration by iteration', () => {
    const found = analyzed({ iterations: 3 })!;
    expect(Pipeline.parse(found)).toEqual(found);
    expect(found.schedules[0]).toMatchObject({ name: '1f1b', p: 4, m: 8, v: 1, iterations: 3 });
    expect(found.schedules[0]!.handoffs).toMatchObject({ count: 3 * 48, expected: 3 * 48 });
  });
  test('in one process a GPU', () => expect(analyzed({ processes: true })!.schedules[0]).toMatchObject({ name: '1f1b', p: 4, m: 8 }));
  test('in one report a rank, whose clocks differ, with hand-offs by NCCL', () => {
    const reports = { clockOff: 12_345_678 };
    const [schedule] = analyzed({ reports })!.schedules;
    const truth = truthOf(plan());
    expect(schedule).toMatchObject({ name: '1f1b', p: 4, m: 8, departures: [] });
    expect(schedule!.iteration_ms[0]).toBeCloseTo(truth.length / 1e6, 6);
    expect(schedule!.handoffs).toMatchObject({ count: 48, bytes: null, median_us: 100 });
    expect(schedule!.bubble.map(b => b.device)).toEqual([0, 1, 2, 3].map(r => `report ${r} GPU 0`));
    expect(schedule!.excess.find(e => e.why === 'exposed-copy')!.ms).toBeGreaterThan(0.5);
  });
  test('the peaks of 1F1B are p − rank microbatches, those of GPipe all', () => {
    // Its last forward under way is not done before the first backward is.
    expect(analyzed()!.schedules[0]!.bubble.map(b => b.peak_microbatches)).toEqual([4, 3, 2, 1]);
    expect(analyzed({ schedule: 'gpipe' })!.schedules[0]!.bubble.map(b => b.peak_microbatches)).toEqual([8, 8, 8, 8]);
  });
  test('warm-up, steady state and cool-down are those of 1F1B', () => {
    const { phases } = analyzed()!.schedules[0]!;
    expect(phases.filter(x => x.phase === 'warmup').map(x => x.forwards)).toEqual([3, 2, 1]);
    expect(phases.filter(x => x.phase === 'steady').map(x => x.backwards)).toEqual([5, 6, 7, 8]);
    expect(phases.filter(x => x.phase === 'cooldown').map(x => x.backwards)).toEqual([3, 2, 1]);
  });
  test('the phases are those of the iteration that is drawn', () => {
    // The first iteration is the longest, and so not the median one.
    const uneven = sourcesOf(plan({ iterations: 3 })).map(s => {
      const late = s.ops.device.findIndex((d, i) => d === 3 && i > 20);
      return { ...s, ops: { ...s.ops, end: s.ops.end.map((end, i) => (i === late ? end + 500 : end)) } };
    });
    const [s] = toldPipeline(uneven)!.schedules;
    const begin = Math.min(...s!.gantt.operations.map(o => o.start_ms));
    const end = Math.max(...s!.gantt.operations.map(o => o.end_ms));
    expect(s!.gantt.operations[0]!.iteration).toBeGreaterThan(0);
    expect(Math.min(...s!.phases.map(x => x.start_ms))).toBe(begin);
    expect(Math.max(...s!.phases.map(x => x.end_ms))).toBe(end);
  });
  test('phases that the program marks are laid beside those of its order', () => {
    const textbook = (o: Op) => {
      const ahead = 3 - o.rank;
      if (o.kind === 'F') return o.mb < ahead ? 'warmup' : 'steady';
      return o.mb < 8 - ahead ? 'steady' : 'cooldown';
    };
    const marks = (phase: (o: Op) => string) => analyzed({ phase, iterations: 2 })!.schedules[0]!.phase_marks;
    expect(marks(textbook)).toEqual({ operations: 2 * 4 * 16, disagree: 0, examples: [] });
    // One microbatch of warm-up more than there is, on the first rank.
    const wrong = marks(o => (o.rank === 0 && o.kind === 'F' && o.mb === 3 ? 'warm-up' : textbook(o)))!;
    expect(wrong.disagree).toBe(2);
    expect(wrong.examples[0]).toBe(
      'iteration 0, rank 0: F of microbatch 3 on stage 0 is marked warm-up; by its place in the order it is steady',
    );
    expect(analyzed()!.schedules[0]!.phase_marks).toBeNull();
  });
});

describe('names', () => {
  const CHUNKED = { schedule: 'interleaved', p: 4, v: 2 } as const;
  test.each<[string, Partial<Plan>, (o: Op) => string]>([
    ['torch, one schedule of one stage', {}, o => `${o.kind === 'F' ? 'Forward' : 'Backward'} ${o.mb}`],
    ['torch under emit_nvtx', {}, o => `${o.kind === 'F' ? 'Forward' : 'Backward'} ${o.mb}, op_id = ${o.mb + 17}`],
    ['torch, runtime of several stages', CHUNKED, o => `PP:${o.stage}${o.kind}${o.mb}`],
    ['zero-bubble without chunks', {}, o => `${o.kind}${o.mb}`],
    ['zero-bubble with chunks', CHUNKED, o => `${o.kind}${o.mb}.${Math.floor(o.stage / 4)}.0`],
    ['Megatron-LM, without numbers', {}, o => `megatron.core.pipeline_parallel.schedules.${o.kind === 'F' ? 'forward' : 'backward'}_step`],
    ['DeepSpeed, without numbers', {}, o => `PipelineEngine._exec_${o.kind === 'F' ? 'forward' : 'backward'}_pass`],
  ])('of %s are read', (_, more, name) => {
    const { schedules } = analyzed({ iterations: 2, ...more, name })!;
    expect(schedules).toHaveLength(1);
    expect(schedules[0]).toMatchObject({ name: more.schedule ?? '1f1b', p: 4, m: 8, v: more.v ?? 1, iterations: 2, departures: [] });
  });
  test('of zero-bubble that hold the weights of all microbatches that are left are cut into one each', () => {
    // As the real schedules do: the first weights have a range each, those after the last backward share one.
    const p = 4;
    const m = 12;
    const time = () => 1_000_000;
    const own = (o: Op) => o.kind !== 'W' || o.mb < m - o.rank - 1;
    const shared = sourcesOf(plan({ schedule: 'zb-h1', p, m, time, name: o => (own(o) ? `${o.kind}${o.mb}.0.0` : undefined) }));
    const each = analyzed({ schedule: 'zb-h1', p, m, time, name: o => `${o.kind}${o.mb}.0.0` })!.schedules[0]!;
    const all = sourcesOf(plan({ schedule: 'zb-h1', p, m, time, name: o => `${o.kind}${o.mb}.0.0` }));
    const ranges = shared.map((s, i) => {
      const rest = all[i]!.ranges.filter(r => !s.ranges.some(x => x.tid === r.tid && x.start === r.start));
      const threads = [...new Set(rest.map(r => r.tid))];
      const clear = threads.map(tid => {
        const mine = rest.filter(r => r.tid === tid);
        return { ...mine[0]!, end: Math.max(...mine.map(r => r.end)), name: 'W_clear.0.0' };
      });
      return [...s.ranges, ...clear].sort((a, b) => a.start - b.start || b.end - a.end);
    });
    expect(ranges.flat().filter(r => r.name === 'W_clear.0.0')).toHaveLength(p);
    const found = toldPipeline(shared.map((s, i) => ({ ...s, ranges: ranges[i]! })))!;
    expect(found.schedules).toHaveLength(1);
    expect(found.schedules[0]).toMatchObject({ name: 'zb-h1', p, m, departures: [] });
    expect(found.schedules[0]!.bubble.map(b => b.theory_share)).toEqual(each.bubble.map(b => b.theory_share));
    expect(found.schedules[0]!.gantt.operations).toHaveLength(3 * p * m);
    expect(found.cannot_tell.join(' ')).toContain('cut into equal parts');
  });
  test('of a user are read by his templates', () => {
    const name = (o: Op) => `${o.kind === 'F' ? 'fwd' : 'bwd'}[${o.mb}] on ${o.stage}`;
    expect(analyzed({ name }, ['fwd[{mb}] on {stage}, bwd[{mb}] on {stage}'])!.schedules[0]).toMatchObject({ name: '1f1b', p: 4, m: 8 });
    expect(analyzed({ name: o => `step ${o.kind} ${o.mb}/${o.stage}` }, ['step {kind} {mb}/{stage}'])!.schedules[0]!.name).toBe('1f1b');
  });
  test.each(['{foo} mb={mb}', 'mb={mb} stage={stage}'])("the template '%s' is refused", template => {
    expect(() => analyzed({}, [template])).toThrow(/--nvtx/);
  });
  test.each([2, 4])('that are missing are made up for by copies and launches, and the report says how sure that is: %i stages', p => {
    const schedule = '1f1b';
    // Nothing is copied between the backwards of the first stage: that each is launched when its gradient is there tells them apart.
    const late = (kind: Op['kind'], stage: number) => (kind === 'B' && stage === 0 ? 1 : 0);
    const kinds = distinctKinds(sourcesOf(plan({ schedule, p, iterations: 2, processes: true, copiesInTurn: true, late })));
    const found = toldPipeline(kinds.map(s => ({ ...s, ranges: [] })))!;
    const named = toldPipeline(kinds)!;
    expect(found.source).toContain('likely, not sure');
    expect(found.schedules).toHaveLength(1);
    expect(found.schedules[0]!).toMatchObject({ name: schedule, p, m: 8, iterations: 2, departures: [] });
    expect(found.schedules[0]!.bubble.map(b => b.measured_share)).toEqual(named.schedules[0]!.bubble.map(b => b.measured_share));
  });
  test.each(['1f1b', 'gpipe'] as const)(
    'cannot be made up for where another thread launches the copies, and that is said: %s',
    schedule => {
      const found = analyzed({ schedule, iterations: 2, processes: true, name: () => undefined })!;
      expect(found.schedules).toEqual([]);
      expect(found.cannot_tell.join(' ')).toContain('do not fit one stage a device');
    },
  );
  test.each([
    ['1f1b', 2],
    ['1f1b', 4],
    ['gpipe', 2],
    ['gpipe', 4],
  ] as const)('that are missing are made up for by the sends of NCCL: %s on %i ranks', (schedule, p) => {
    const kinds = distinctKinds(sourcesOf(plan({ schedule, p, iterations: 2, reports: { clockOff: 777, nccl: true } })));
    const bare = kinds.map(s => ({ ...s, ranges: s.ranges.filter(r => r.name.startsWith('nccl')) }));
    const found = toldPipeline(bare)!;
    const named = toldPipeline(kinds)!;
    expect(named.schedules[0]!.handoffs).toMatchObject({ count: 2 * 16 * (p - 1), bytes: null });
    expect(found.source).toMatch(/sends of NCCL.*likely, not sure/);
    expect(found.schedules).toHaveLength(1);
    expect(found.schedules[0]).toMatchObject({ name: schedule, p, m: 8, iterations: 2, departures: [] });
    expect(found.schedules[0]!.bubble.map(b => b.measured_share)).toEqual(named.schedules[0]!.bubble.map(b => b.measured_share));
    expect(found.schedules[0]!.gantt.operations).toEqual(named.schedules[0]!.gantt.operations);
    // Without NCCL's own ranges nothing says which way a kernel sends.
    expect(toldPipeline(kinds.map(s => ({ ...s, ranges: [] })))).toBeUndefined();
  });
  test('that are missing here and there do not hide the schedule', () => {
    const found = analyzed({
      iterations: 3,
      name: o => (o.mb === 3 && o.stage === 1 && o.kind === 'F' ? undefined : `${o.kind} mb=${o.mb} stage=${o.stage}`),
    })!;
    expect(found.schedules).toHaveLength(1);
    expect(found.schedules[0]).toMatchObject({ name: '1f1b', p: 4, m: 8 });
    expect(found.schedules[0]!.departures).toContain('iteration 0: F of microbatch 3 on stage 1 was not seen');
  });
  test('of a data-parallel program are no pipeline', () => {
    const name = (o: Op) => `DeepSpeedEngine.${o.kind === 'F' ? 'forward' : 'backward'}`;
    expect(analyzed({ copy: 0, name })).toBeUndefined();
  });
});

test('neither names nor copies are no pipeline', () => expect(analyzed({ copy: 0, name: () => undefined })).toBeUndefined());

test('an order that is nobody’s is called unknown, and says what it is nearest to', () => {
  const swap = (o: Op) => (o.kind === 'B' ? { ...o, mb: (o.mb * 5 + 3) % 8 } : { ...o, mb: (o.mb * 3 + 1) % 8 });
  const found = analyzed({ name: o => `${o.kind} mb=${swap(o).mb} stage=${o.stage}` })!;
  expect(found.schedules[0]!.name).toBe('unknown');
  expect(found.cannot_tell.join(' ')).toContain('Which schedule');
});

test('a few operations out of order are listed, and do not hide the schedule', () => {
  const swap = (o: Op) => (o.rank === 0 && o.kind === 'F' && o.mb >= 6 ? 13 - o.mb : o.mb);
  const [schedule] = analyzed({ name: o => `${o.kind} mb=${swap(o)} stage=${o.stage}` })!.schedules;
  expect(schedule!.name).toBe('1f1b');
  // The backward between them is as far from its place as one of the two forwards.
  expect(schedule!.departures).toHaveLength(2);
  expect(schedule!.departures[0]).toMatch(/^rank 0 ran [FB] of microbatch \d on stage 0 after .*, out of order$/);
});

test('two runs are compared with an interval, and what else differs is said', () => {
  const before = analyzed({ iterations: 3, schedule: 'gpipe' })!;
  const after = analyzed({ iterations: 3, schedule: 'interleaved', v: 2, time: kind => (kind === 'F' ? 500_000 : 1_000_000) })!;
  const [comparison] = comparePipelines(before, after);
  const ratio = before.schedules[0]!.iteration_ms[0]! / after.schedules[0]!.iteration_ms[0]!;
  expect(comparison!.speedup).toBeCloseTo(ratio, 6);
  expect(comparison!.speedup_ci![0]).toBeCloseTo(ratio, 6);
  expect(comparison!.differences).toEqual([]);
  const [other] = wordComparison(comparePipelines(before, analyzed({ m: 4, copy: 50_000 })!));
  expect(other!.differences.join(' ')).toMatch(/8 microbatches against 4.*compute.*hand-offs of.*single iteration/);
  expect(other!.speedup_ci).toBeNull();
});

test('a real export of one process with two GPUs is read as such', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
  try {
    const path = join(folder, 'trace.sqlite');
    const two = plan({ p: 2 });
    const [source] = sourcesOf(two);
    const { ops, host } = source!;
    const { api, threads } = host;
    const pid = 100;
    buildTrace(path, {
      version: '3.20.3',
      epochNs: 1_795_311_786_057_865_023n,
      kernels: Array.from({ length: ops.n }, (_, i) => i)
        .filter(i => ops.copyKind[i]! < 0)
        .map(i => ({
          start: ops.start[i]!,
          end: ops.end[i]!,
          pid,
          correlation: ops.correlation[i]!,
          device: ops.device[i]!,
          stream: ops.stream[i]!,
          name: 'gemm',
        })),
      copies: source!.copies.map(c => ({
        start: c.start,
        end: c.end,
        pid,
        correlation: c.correlation,
        device: c.sourceDevice,
        stream: c.stream,
        bytes: c.bytes,
        kind: 10,
        srcKind: 2,
        dstKind: 2,
        srcDevice: c.sourceDevice,
        dstDevice: c.destinationDevice,
      })),
      apiCalls: Array.from({ length: api.n }, (_, i) => ({
        start: api.start[i]!,
        end: api.end[i]!,
        pid,
        tid: threads[api.thread[i]!]!.tid,
        correlation: [...ops.correlation].find(c => api.find(ops.processes[0]!, c) === i) ?? 0,
        name: 'cudaLaunchKernel_v7000',
      })),
      nvtx: source!.ranges.map(r => ({ start: r.start, end: r.end, pid, tid: r.tid, name: r.name })),
    });
    const store = await TraceStore.open(path);
    try {
      const found = toldPipeline([readSource(readTrace(store), 'trace')])!;
      const made = toldPipeline([source!])!;
      expect({ ...found.schedules[0]!, what_if: [] }).toEqual({ ...made.schedules[0]!, what_if: [] });
    } finally {
      store.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
