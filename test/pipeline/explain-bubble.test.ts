import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainBubble } from '#multi-gpu/pipeline/excess';
import { TEXTBOOKS } from '#multi-gpu/pipeline/schedules/index';
import type { Schedule } from '#schema/pipeline';
import { runs, THOROUGH } from '../thorough.ts';
import { type Plan, sourcesOf, truthOf } from './generate.ts';
import { measuredOf } from './measured.ts';
import { toldPipeline } from './told.ts';

const NS = 1e-6;
const EVEN = { F: 1_000_000, B: 2_000_000, W: 1_000_000 } as const;
const even: Plan['time'] = kind => EVEN[kind];
/** Eight stages take longer than two and four together, and follow the same rules. */
const STAGES = THOROUGH ? [2, 4, 8] : [2, 4];
const SHAPES: Omit<Plan, 'time'>[] = STAGES.flatMap(p => [
  { schedule: 'gpipe' as const, p, m: 8 },
  { schedule: '1f1b' as const, p, m: 8 },
  { schedule: '1f1b' as const, p, m: 16 },
  { schedule: 'interleaved' as const, p, m: 2 * p, v: 2 },
  { schedule: 'interleaved' as const, p, m: 2 * p, v: 3 },
]);

function only(plan: Plan): Schedule {
  const pipeline = toldPipeline(sourcesOf(plan))!;
  expect(pipeline.schedules).toHaveLength(1);
  return pipeline.schedules[0]!;
}
const part = (s: Schedule, why: Schedule['excess'][number]['why']) => s.excess.find(e => e.why === why)!.ms;
const others = (s: Schedule, ...whys: string[]) => s.excess.filter(e => !whys.includes(e.why)).map(e => Math.abs(e.ms));
/** What theory says, from its closed form: share of the whole. */
const closedForm = ({ schedule, p, m, v = 1 }: Omit<Plan, 'time'>) => (p - 1) / ((schedule === 'zb-h1' ? 3 : v) * m + p - 1);

describe.each(SHAPES)('$schedule on $p stages, $m microbatches', shape => {
  const plain: Plan = { ...shape, time: even };
  const free = truthOf(plain);

  test('even stages with free hand-offs have the bubble of the closed form, and nothing beyond it', () => {
    const s = only(plain);
    expect(s).toMatchObject({ name: shape.schedule, p: shape.p, m: shape.m, v: shape.v ?? 1, iterations: 1, departures: [] });
    for (const b of s.bubble) {
      expect(b.theory_share).toBeCloseTo(closedForm(shape), 9);
      expect(b.measured_share).toBeCloseTo(closedForm(shape), 9);
      expect(b.simulated_share).toBeCloseTo(closedForm(shape), 9);
      expect(b.measured_overhead).toBeCloseTo((shape.p - 1) / ((shape.v ?? 1) * shape.m), 9);
    }
    expect(Math.abs(s.excess_ms)).toBeLessThan(NS);
    expect(others(s).every(x => x < NS)).toBe(true);
  });

  const beyond = (plan: Plan) => (truthOf(plan).length - free.length) * shape.p * NS;

  test('latency of hand-offs is named', () => {
    const plan = { ...plain, latency: 300_000, copy: 10 };
    const s = only(plan);
    expect(part(s, 'handoff-latency')).toBeCloseTo(beyond({ ...plain, latency: 300_000 }), 3);
    expect(part(s, 'exposed-copy')).toBeCloseTo(beyond(plan) - beyond({ ...plain, latency: 300_000 }), 3);
    expect(Math.max(...others(s, 'handoff-latency', 'exposed-copy'))).toBeLessThan(NS);
  });
  test('exposed copies are named', () => {
    const plan = { ...plain, copy: 400_000 };
    const s = only(plan);
    expect(part(s, 'exposed-copy')).toBeCloseTo(beyond(plan), 6);
    expect(Math.max(...others(s, 'exposed-copy'))).toBeLessThan(NS);
    expect(s.handoffs).toMatchObject({ count: truthOf(plan).handoffs.length, staged: 0, gbps: 100, bytes: 40_000_000, median_us: 400 });
    expect(s.handoffs.expected).toBe(s.handoffs.count);
  });
  test('copies through the host are counted as such', () => {
    const s = only({ ...plain, copy: 400_000, staged: true });
    expect(s.handoffs.staged).toBe(s.handoffs.count);
    expect(part(s, 'exposed-copy')).toBeCloseTo(beyond({ ...plain, copy: 400_000 }), 6);
  });
  test('late launches are named', () => {
    const plan: Plan = { ...plain, late: (kind, stage, mb) => (kind === 'F' && stage === 0 && mb % 2 === 1 ? 700_000 : 0) };
    const s = only(plan);
    expect(part(s, 'launch-starvation')).toBeCloseTo(beyond(plan), 6);
    expect(Math.max(...others(s, 'launch-starvation'))).toBeLessThan(NS);
  });
  test('an uneven stage is named', () => {
    const plan: Plan = { ...plain, time: (kind, stage) => even(kind, 0, 0) * (stage % shape.p === 1 ? 1.6 : 1) };
    const s = only(plan);
    const truth = truthOf(plan);
    const compute = truth.compute.reduce((a, b) => a + b, 0);
    const theory = compute * (1 + (shape.p - 1) / ((shape.v ?? 1) * shape.m));
    expect(s.excess_ms).toBeCloseTo((shape.p * truth.length - theory) * NS, 6);
    expect(part(s, 'stage-imbalance')).toBeCloseTo(s.excess_ms, 6);
    expect(s.excess_ms).toBeGreaterThan(0);
    expect(s.what_if[0]).toMatchObject({ what: 'stages of equal length' });
  });
  test('one operation that takes long is named, and not taken for an uneven stage', () => {
    const plan: Plan = { ...plain, time: (kind, stage, mb) => even(kind, 0, 0) * (kind === 'B' && stage === 0 && mb === 1 ? 4 : 1) };
    const s = only(plan);
    expect(part(s, 'straggling')).toBeCloseTo(s.excess_ms, 6);
    expect(Math.max(...others(s, 'straggling'))).toBeLessThan(NS);
  });
});

describe.each(STAGES)('zb-h1 on %i stages', p => {
  const shape = { schedule: 'zb-h1' as const, p, m: 3 * p };
  test('has the bubble of the closed form where all three kinds take the same time', () => {
    const s = only({ ...shape, time: () => 1_000_000 });
    expect(s).toMatchObject({ name: 'zb-h1', p, m: 3 * p, v: 1, departures: [] });
    for (const b of s.bubble) {
      expect(b.theory_share).toBeCloseTo(closedForm(shape), 9);
      expect(b.measured_share).toBeCloseTo(closedForm(shape), 9);
    }
  });
  test.each([
    [1_000_000, 1_200_000, 900_000],
    [800_000, 1_000_000, 600_000],
  ])('has the theory of its own times where they differ: %i, %i, %i', (F, B, W) => {
    const s = only({ ...shape, time: kind => ({ F, B, W })[kind] });
    expect(s.name).toBe('zb-h1');
    const overhead = ((p - 1) * (F + B - W)) / (3 * p * (F + B + W));
    for (const b of s.bubble) expect(b.theory_share).toBeCloseTo(overhead / (1 + overhead), 9);
  });
});

const random = fc.record({
  schedule: fc.constantFrom('gpipe', '1f1b', 'interleaved', 'zb-h1'),
  p: fc.constantFrom(2, 3, 4),
  turns: fc.integer({ min: 1, max: 2 }),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
  spread: fc.integer({ min: 0, max: 400 }),
  /** One stage does so much more than the others. */
  uneven: fc.constantFrom(1, 1, 1.3, 3),
  /** One operation in twenty takes so much longer than usual. */
  straggling: fc.constantFrom(0, 0, 400_000, 6_000_000),
  latency: fc.constantFrom(0, 0, 5_000, 200_000),
  copy: fc.constantFrom(0, 1_000, 170_000, 3_000_000),
  staged: fc.constantFrom(false, true),
  late: fc.constantFrom(0, 0, 100_000, 2_500_000),
});

/** A number from 0 to 999 that depends on all that is given. */
function scatter(...numbers: number[]): number {
  let h = 2166136261;
  for (const n of numbers) h = Math.imul(h ^ n, 16777619) >>> 0;
  return ((h ^ (h >>> 13)) >>> 0) % 1000;
}

type Drawn = typeof random extends fc.Arbitrary<infer T> ? T : never;
const planOf = (r: Drawn): Plan => ({
  schedule: r.schedule as Plan['schedule'],
  p: r.p,
  m: r.p * r.turns,
  v: r.schedule === 'interleaved' ? 2 : 1,
  time: (kind, stage, mb) =>
    Math.floor((500_000 + r.spread * scatter(r.seed, kind.charCodeAt(0), stage, mb)) * (stage % r.p === r.seed % r.p ? r.uneven : 1)) +
    (scatter(r.seed, mb, stage, kind.charCodeAt(0), 3) < 50 ? r.straggling : 0),
  late: (kind, stage, mb) => (scatter(r.seed, stage, mb, kind.charCodeAt(0), 7) < 100 ? r.late : 0),
  latency: r.latency,
  copy: r.copy,
  staged: r.staged,
});

test('the books close to a nanosecond on thousands of schedules, and leave nothing unexplained that was planted', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(random, r => {
      const plan = planOf(r);
      const { measured, truth } = measuredOf(plan);
      const textbook = TEXTBOOKS.find(t => t.name === plan.schedule)!;
      const books = explainBubble(measured, textbook)!;
      const { unexplained, ...known } = books.parts;
      const compute = truth.compute.reduce((a, b) => a + b, 0);
      const excess = plan.p * truth.length - (1 + books.overhead!) * compute;
      const sum = Object.values(known).reduce((a, b) => a + b, unexplained);
      // One look instead of one a figure: there are thousands.
      const wrong = {
        length: measured.end - measured.start - truth.length,
        excess: books.excess - excess,
        sum: sum - books.excess,
        unexplained,
        ...Object.fromEntries((['handoff-latency', 'exposed-copy', 'launch-starvation'] as const).map(w => [w, Math.min(0, known[w])])),
      };
      const launches = [...books.launches.values()].reduce((a, b) => a + b, 0);
      Object.assign(wrong, {
        launches: launches - known['launch-starvation'],
        // Monotonous: shorter copies never make an iteration longer.
        'staged, at least': Math.min(0, books.staged),
        'staged, at most': Math.max(0, books.staged - known['exposed-copy']),
        'staged, where nothing was': plan.staged ? 0 : books.staged,
      });
      for (const by of books.launches.values()) if (by < 0) throw new Error(`a cause made launches earlier by ${by} ns`);
      seen.add(`${r.staged && r.copy > 0} ${r.late > 0} ${r.uneven > 1} ${r.straggling > 0}`);
      for (const [what, by] of Object.entries(wrong)) if (!(Math.abs(by) < 1)) throw new Error(`${what} is wrong by ${by} ns`);
    }),
    { ...runs(2000, 50), seed: 4 },
  );
  // Staged or not, late or not, uneven or not, straggling or not: each with each.
  expect(seen.size).toBe(16);
});

test('from trace to report they close as well', () => {
  fc.assert(
    fc.property(random, r => {
      const plan = planOf(r);
      const truth = truthOf(plan);
      const s = only(plan);
      expect(Math.abs(s.excess.reduce((n, e) => n + e.ms, 0) - s.excess_ms)).toBeLessThan(NS);
      for (const [rank, b] of s.bubble.entries()) expect(b.measured_share).toBeCloseTo(1 - truth.compute[rank]! / truth.length, 9);
      const stall = s.bubble.reduce((n, b) => n + b.idle_ms + b.exposed_communication_ms, 0);
      expect(stall).toBeCloseTo((r.p * truth.length - truth.compute.reduce((a, b) => a + b, 0)) * NS, 5);
      expect(Math.abs(part(s, 'unexplained'))).toBeLessThan(NS * 10);
      expect(s.iteration_ms[0]).toBeCloseTo(truth.length * NS, 6);
    }),
    { ...runs(100), seed: 4 },
  );
});
