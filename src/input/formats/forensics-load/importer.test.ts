import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import forensicsLoad from './importer.ts';

/** A closed loop of two stages of 1 s each after a second of warm-up, against `forensics mock`. */
const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => forensicsLoad.parse(text, 'load.json');

describe('values', () => {
  const { rows, clock, origin_ns, limits, warnings } = parse(SAMPLE);
  test('each stage is a run with its own measured window', () => {
    expect(clock.kind).toBe('epoch');
    expect(origin_ns).toBe(1_795_362_868_889_825_992n);
    expect(rows.map(r => [r.concurrency, r.start_ms, r.duration_s, r.sent, r.completed, r.output_tokens])).toEqual([
      [1, 0, 1, 12, 12, 96],
      [4, expect.any(Number), 1, 42, 42, 336],
    ]);
    // The second stage begins after the first has ended, and after a warm-up of its own.
    expect(rows[1]?.start_ms).toBeGreaterThan(rows[0]!.end_ms! + 1000);
  });
  test('latencies keep their names, and where they count from is said', () => {
    expect(rows[0]?.latency.filter(f => f.metric === 'ttft' && f.q === 0.5)).toEqual([
      { metric: 'ttft', statistic: 'percentile', q: 0.5, lower_ms: 26.373699, upper_ms: 26.373699, n: 12 },
    ]);
    expect(limits.join(' ')).toMatch(/count from the send.*lower bound.*12 requests, p99 is the maximum/);
    expect(warnings.join(' ')).toContain('Closed loop');
  });
});

test('an open loop counts from the intended start', () => {
  const load = JSON.parse(SAMPLE) as { stages: { latencies: { from: string; p50_ms: number }[] }[] };
  const [stage] = load.stages;
  const [ttft] = stage?.latencies ?? [];
  stage?.latencies.push({ ...ttft, from: 'intended', p50_ms: 30 });
  const [row] = parse(JSON.stringify({ ...load, stages: [stage], loop: 'open', arrivals: 'poisson', rate_per_s: 20 })).rows;
  expect(row).toMatchObject({ label: 'poisson', requested_rate: 20 });
  expect(row?.latency.filter(f => f.metric === 'ttft' && f.q === 0.5).map(f => f.lower_ms)).toEqual([30]);
});

test.each([
  ['no stage', SAMPLE.replace(/"stages": \[.*\n {2}\],/s, '"stages": [],'), 'it holds no stage'],
  [
    'a stage that runs backwards',
    SAMPLE.replace('"end_ns": "1795362869', '"end_ns": "1795362867'),
    'stages.0.end_ns: the stage ends before',
  ],
  ['a field of another version', SAMPLE.replace('"loop": "closed"', '"loop": "half-open"'), 'load.json, field loop'],
])('%s is refused', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));
