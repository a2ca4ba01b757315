import { beforeAll, describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { statementsOfReport } from '#audit/series/report';
import type { Energy, EnergyTotal, MeteredPower } from '#schema/energy';
import type { Schedule } from '#schema/pipeline';
import type { Report } from '#schema/report';
import { reportOn } from './report-on.ts';

const PATIENCE = 120_000;
const checksOf = (report: Report) => [...new Set(audit(statementsOfReport(report, 'report.json')).map(c => c.check))];

const energy = (report: Report, change: (energy: Energy) => Partial<Energy>): Report => {
  if (report.energy === null) throw new Error('the report has no energy');
  return { ...report, energy: { ...report.energy, ...change(report.energy) } };
};
const metered = (report: Report, change: (m: MeteredPower) => Partial<MeteredPower>) =>
  energy(report, e => ({ metered: e.metered.map((m, i) => (i === 0 ? { ...m, ...change(m) } : m)) }));
const total = (report: Report, change: (t: EnergyTotal) => Partial<EnergyTotal>) =>
  energy(report, e => ({ totals: e.totals.map((t, i) => (i === 0 ? { ...t, ...change(t) } : t)) }));
const schedule = (report: Report, name: string, change: (s: Schedule) => Partial<Schedule>): Report => {
  const { pipeline } = report;
  if (pipeline?.schedules.some(s => s.name === name) !== true) throw new Error(`the report has no schedule ${name}`);
  return { ...report, pipeline: { ...pipeline, schedules: pipeline.schedules.map(s => (s.name === name ? { ...s, ...change(s) } : s)) } };
};
const times = (factor: number, value: number | null): number | null => (value === null ? null : factor * value);

describe('a report of a serving run', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn('serving-incident');
  }, PATIENCE);

  test('does not contradict itself', () => expect(checksOf(report)).toEqual([]));
  test.each<[what: string, check: string, change: (r: Report) => Report]>([
    ['energy of a GPU', 'energy-total', r => metered(r, m => ({ energy_j: times(1.2, m.energy_j) }))],
    ['a mean above the greatest reading', 'energy-total', r => metered(r, m => ({ mean_of_readings_w: times(1.1, m.max_w) }))],
    ['an energy counter that is said to agree', 'energy-total', r => metered(r, m => ({ counter_j: times(1.2, m.energy_j) }))],
    [
      'a window that is said to be covered',
      'sampled-time',
      r => energy(r, e => ({ window: { ...e.window, length_s: 2 * e.window.length_s }, tokens: null })),
    ],
    ['power above the limit of the model', 'power-bounds', r => metered(r, m => ({ mean_w: 800, energy_j: 800 * m.covered_s }))],
    ['tokens per joule', 'token-energy', r => total(r, t => ({ tokens_per_joule: times(1.2, t.tokens_per_joule) }))],
    [
      'tokens a second',
      'run-totals',
      r => energy(r, e => ({ tokens: e.tokens === null ? null : { ...e.tokens, count: times(2, e.tokens.count) } })),
    ],
    ['the total of what is in use', 'parts-of-whole', r => total(r, t => ({ energy_j: 1.01 * t.energy_j }))],
    ['the books', 'parts-of-whole', r => ({ ...r, books: { ...r.books, excess_ms: 1.01 * r.books.excess_ms } })],
    ['the time of a device', 'parts-of-whole', r => ({ ...r, devices: r.devices.map(d => ({ ...d, idle_ms: 1.1 * d.idle_ms })) })],
    [
      'requests that were judged',
      'parts-of-whole',
      r => ({ ...r, requests: r.requests === null ? null : { ...r.requests, judged: r.requests.total + 1 } }),
    ],
    [
      'requests that ended',
      'request-counts',
      r => ({ ...r, requests: r.requests === null ? null : { ...r.requests, finished: r.requests.total + 1 } }),
    ],
    [
      'percentiles of the requests outside of incidents',
      'percentile-order',
      r => ({ ...r, latency_outside: r.latency_outside.map(l => ({ ...l, p50_ms: 2 * l.max_ms })) }),
    ],
  ])('with another number is named: %s', (_, check, change) => expect(checksOf(change(report))).toContain(check));
});

describe('a report of a pipeline with one slow stage', () => {
  let report: Report;
  beforeAll(async () => {
    report = await reportOn('stage-imbalance');
  }, PATIENCE);

  test('does not contradict itself, though one stage idles less than theory says of even stages', () => {
    expect(checksOf(report)).toEqual([]);
    const [first] = report.pipeline?.schedules ?? [];
    expect(first?.bubble.some(b => b.theory_share !== null && b.measured_share < b.theory_share)).toBe(true);
  });
  test.each<[what: string, check: string, change: (r: Report) => Report]>([
    [
      'a bubble below that of theory in every stage',
      'pipeline-bubble',
      r =>
        schedule(r, '1f1b', s => ({
          bubble: s.bubble.map(b => ({ ...b, measured_share: 0.05, idle_ms: b.compute_ms / 19, exposed_communication_ms: 0 })),
        })),
    ],
    [
      'a bubble that the times of its stage do not have',
      'parts-of-whole',
      r => schedule(r, 'gpipe', s => ({ bubble: s.bubble.map(b => ({ ...b, measured_share: 1.5 * b.measured_share })) })),
    ],
    ['the parts of the excess', 'parts-of-whole', r => schedule(r, 'interleaved', s => ({ excess_ms: s.excess_ms + 1 }))],
  ])('with another number is named: %s', (_, check, change) => expect(checksOf(change(report))).toContain(check));
  test('a schedule that splits its backward passes has another theory', () =>
    expect(
      checksOf(
        schedule(report, '1f1b', s => ({
          name: 'zb-h1',
          bubble: s.bubble.map(b => ({ ...b, measured_share: 0.05, idle_ms: b.compute_ms / 19, exposed_communication_ms: 0 })),
        })),
      ),
    ).not.toContain('pipeline-bubble'));
});
