import { beforeAll, describe, expect, test } from 'vitest';
import { pipelineAnswer } from '#report/build/parallel/pipeline-answer';
import type { Report } from '#schema/report';
import { OP } from '#trace/events/gpu-ops';
import { reportOn } from '../report-on.ts';
import { type Plan, sourcesOf } from './generate.ts';
import { toldPipeline } from './told.ts';

const PATIENCE = 120_000;
const MIB = 2 ** 20;

const COPY = 100_000;
const PLAN: Plan = {
  schedule: '1f1b',
  p: 4,
  m: 8,
  copy: COPY,
  time: kind => (kind === 'F' ? 1_000_000 : 2_000_000),
  reports: { clockOff: 777, nccl: true },
};
/** The same pipeline, told what its kernels carried. */
const analyzed = (bytes: (stream: number) => number | undefined, more: Partial<Plan> = {}) => {
  const sources = sourcesOf({ ...PLAN, ...more }).map(s => ({
    ...s,
    messageOf: (op: number) => (s.ops.kind[op] === OP.communication ? bytes(s.ops.stream[op] ?? 0) : undefined),
  }));
  return toldPipeline(sources)!;
};

describe('hand-offs by NCCL', () => {
  test('have the bytes of the payload, and the rate of the shorter kernel: the other one spins', () => {
    const found = analyzed(() => 2 * MIB);
    const { schedules } = found;
    // The generator's send ends half-way: what it sends waits in a buffer.
    expect(schedules[0]!.handoffs).toMatchObject({ count: 48, bytes: 2 * MIB, median_us: COPY / 2000, hidden_share: null });
    expect(schedules[0]!.handoffs.gbps).toBeCloseTo((2 * MIB) / (COPY / 2), 6);
    expect(pipelineAnswer(found)).toContain('48 hand-offs by NCCL of 2 MiB at 41.9 GB/s.');
  });
  test('have them from either end: the payload of one is enough', () => {
    const { schedules } = analyzed(stream => (stream % 10 === 1 ? undefined : 2 * MIB));
    expect(schedules[0]!.handoffs).toMatchObject({ bytes: 2 * MIB });
  });
  test.each([
    ['no payload', undefined],
    ['a payload that does not say', Number.NaN],
  ])('%s: neither bytes nor rate, in the same words as ever', (_, bytes) => {
    const found = analyzed(() => bytes);
    const { schedules } = found;
    expect(schedules[0]!.handoffs).toMatchObject({ count: 48, bytes: null, gbps: null });
    expect(pipelineAnswer(found)).toContain('48 hand-offs by NCCL, whose kernels record neither bytes nor rate.');
  });
  test('of which some are known have the bytes and the rate of those', () => {
    // What the first stage sends: 8 of 16.
    const { schedules } = analyzed(stream => (stream === 211 ? MIB : undefined), { p: 2 });
    expect(schedules[0]!.handoffs).toMatchObject({ count: 16, bytes: MIB });
    expect(schedules[0]!.handoffs.gbps).toBeCloseTo(MIB / (COPY / 2), 6);
  });
  test('leave the books as they are', () => {
    const [with_, without] = [analyzed(() => MIB), analyzed(() => undefined)];
    expect(with_.schedules[0]!.excess).toEqual(without.schedules[0]!.excess);
  });
  test('are not mistaken for copies', () => {
    const { reports: _, ...inOneProcess } = PLAN;
    const [s] = toldPipeline(sourcesOf(inOneProcess))!.schedules;
    expect(pipelineAnswer({ schedules: [s!], cannot_tell: [] })).not.toContain('NCCL');
  });
});

describe('fixture nccl-handoff', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn('nccl-handoff');
  }, PATIENCE);

  test('shows 48 hand-offs of 64 MiB at 30 GB/s, through the host’s memory', () => {
    const [s, ...others] = report.pipeline?.schedules ?? [];
    expect(others).toEqual([]);
    expect(s).toMatchObject({ name: 'gpipe', p: 2, m: 8, iterations: 3 });
    expect(s!.handoffs).toMatchObject({ count: 48, expected: 48, bytes: 64 * MIB });
    expect(s!.handoffs.gbps).toBeCloseTo(29.97, 1);
    expect(report.pipeline?.answer).toContain('48 hand-offs by NCCL of 64 MiB at 30.0 GB/s.');
  });
  test('names what the hand-offs cost, and calls no stage that waits for another one held up', () => {
    expect(report.causes[0]?.cause).toBe('handoff-exposed');
    expect(report.incidents).toEqual([]);
    expect(report.cannot_tell.join()).not.toContain('Where a step of work ends');
  });
  test('joins every kernel that a group launched to its calls', () => {
    const c = report.collectives;
    expect(c?.matched_by).toMatch(/^communicator \(NCCL's NVTX payloads\)/);
    expect(c?.cannot_tell.join()).not.toContain('Bytes');
    expect(c?.point_to_point.ops).toBe(48);
    expect(c?.kinds.find(k => k.point_to_point)).toMatchObject({ name: 'SendRecv', count: 48, bytes: 48 * 64 * MIB });
  });
});
