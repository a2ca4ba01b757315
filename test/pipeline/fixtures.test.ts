import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scoreReport } from '#app/score/score';
import { Truth } from '#app/score/truth';
import type { Report } from '#schema/report';
import { reportOn } from '../report-on.ts';

const FIXTURES = resolve(import.meta.dirname, '../../fixtures');
const PATIENCE = 120_000;

/** What was planted in each, two stages on two H200s; `forensics capture --preset pipeline` made them. */
const PLANTED = ['peer-copy-staged', 'handoff-exposed', 'stage-imbalance'] as const;

/** Of a share of the whole, its ratio to the rest. */
const overhead = (share: number) => share / (1 - share);

describe.each(PLANTED)('fixture %s', name => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn(name);
  }, PATIENCE);
  const schedules = () => report.pipeline?.schedules ?? [];

  test('names what was planted first, in every iteration', () => {
    const truth = Truth.parse(JSON.parse(readFileSync(join(FIXTURES, name, 'truth.json'), 'utf8')));
    expect(scoreReport(name, report, truth)).toMatchObject({ faults: 12, ac1: 1, abstained: 0 });
  });

  test('recognises the three schedules, whatever is wrong with them', () => {
    expect(schedules().map(({ name: schedule, p, m, v, iterations }) => ({ schedule, p, m, v, iterations }))).toEqual([
      { schedule: 'gpipe', p: 2, m: 8, v: 1, iterations: 4 },
      { schedule: '1f1b', p: 2, m: 8, v: 1, iterations: 4 },
      { schedule: 'interleaved', p: 2, m: 8, v: 2, iterations: 4 },
    ]);
    expect(schedules().map(s => s.handoffs.count)).toEqual([64, 64, 192]);
  });

  test('closes its books', () => {
    for (const s of schedules()) {
      const iteration = s.iteration_ms.reduce((sum, t) => sum + t, 0) / s.iteration_ms.length;
      // Idle time beyond what theory adds to the work that was done: (p - 1) / (v m) of it.
      const beyond = s.bubble.reduce(
        (sum, b) => sum + b.measured_share - (1 - b.measured_share) * overhead(b.theory_share ?? Number.NaN),
        0,
      );
      const total = s.excess.reduce((sum, e) => sum + e.ms, 0);
      expect(Math.abs(total / iteration - beyond)).toBeLessThan(0.02);
    }
  });
});

test('copies through the host, copies that nothing hides and an uneven stage are told apart by their numbers', async () => {
  const of = async (name: (typeof PLANTED)[number]) => (await reportOn(name)).pipeline!.schedules;
  const [host, serial, uneven] = [await of('peer-copy-staged'), await of('handoff-exposed'), await of('stage-imbalance')];
  expect([host, serial, uneven].map(list => list.length)).toEqual([3, 3, 3]);
  for (const s of host) {
    expect(s.handoffs.staged).toBe(s.handoffs.count);
    expect(s.handoffs.gbps).toBeLessThan(64);
  }
  for (const s of serial) {
    expect(s.handoffs.staged).toBe(0);
    expect(s.handoffs.gbps).toBeGreaterThan(300);
    expect(s.handoffs.hidden_share).toBeLessThan(0.01);
  }
  // The light stage waits for the heavy one, as the simulation of the measured times says too.
  for (const s of uneven) {
    const [light, heavy] = [s.bubble[0]!, s.bubble[1]!];
    expect(light.measured_share - heavy.measured_share).toBeGreaterThan(0.3);
    expect(Math.abs(light.measured_share - light.simulated_share)).toBeLessThan(0.02);
  }
});
