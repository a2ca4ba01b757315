import { describe, expect, test } from 'vitest';
import type { ClockNote } from '#diagnosis/clock/notes';
import { clockMethod, clockSentences } from './clock-notes.ts';

const text = (note: ClockNote) => clockSentences([note]).join(' ');

test('every method is a sentence of its own', () => {
  const methods = (['no-load-test', 'epoch', 'tokens', 'zoneless', 'pairs', 'told'] as const).map(m => clockMethod(m, true));
  expect(new Set(methods).size).toBe(6);
  expect(clockMethod('tokens', true)).toContain('--align auto');
});

describe('a note on the clock says', () => {
  test('which zone was taken, and how sure that is', () => {
    const zone = { kind: 'zone' as const, file: 'gpu.csv', hours: 0, chosen: 'utc-fits' as const, others: 0 };
    expect(text(zone)).toBe('The stamps of gpu.csv name no zone: taken as UTC (assumed to be UTC, which fits).');
    expect(text({ ...zone, hours: 5.5, chosen: 'as-given' })).toContain('taken as UTC+5.5 h (as given)');
    expect(text({ ...zone, hours: -8, chosen: 'first-that-fits', others: 2 })).toMatch(
      /UTC-8 h \(the first .*; 2 other offsets would overlap too\)/,
    );
  });
  test('how far pairs of stamps differ, where there are several', () => {
    const pairs = { kind: 'pairs' as const, file: 'r.jsonl', pairs: 1, drift_ms: 0 };
    expect(text(pairs)).toMatch(/monotonic; a pair of stamps of both clocks placed them\. That holds/);
    expect(text({ ...pairs, pairs: 2, drift_ms: 0.0123 })).toContain(
      '2 pairs of stamps of both clocks placed them (they differ by 0.012 ms at most)',
    );
  });
  test('how well token times match, and what the next best offset does', () => {
    const tokens = { kind: 'tokens' as const, file: 'r.jsonl', score: 0.962, matched: 1200, width: 40_000 };
    expect(text({ ...tokens, second: { away: -12.5e6, score: 0.08 } })).toMatch(
      /96 % of the ends of steps \(1,200\) fall on one another, with a scatter of 0\.040 ms; the next best offset, -12\.5 ms away, matches 8\.0 %\./,
    );
    expect(clockSentences([{ ...tokens, second: undefined }])).toHaveLength(2);
    expect(text({ ...tokens, second: undefined })).toContain('no other offset comes near');
  });
  test('whether power follows the kernels', () => {
    expect(text({ kind: 'power', power: { busy_w: 512.3, idle_w: 118 } })).toBe(
      'Checked against the data: power is 512.3 W while kernels run and 118.0 W while none do.',
    );
    expect(text({ kind: 'power', power: { busy_w: 100, idle_w: 100 } })).toMatch(/^Doubtful: power is not higher .*--zone-hours\.$/);
    expect(text({ kind: 'power', power: undefined })).toContain('could not be checked');
  });
  test('what was told, left out, or said by the importer', () => {
    expect(text({ kind: 'told', file: 'r.jsonl', offset_ms: 120 })).toContain('taken to arrive 120 ms after the session began');
    expect(text({ kind: 'left out', file: 'b.csv', why: 'no overlap' })).toBe('b.csv was left out: no overlap.');
    expect(text({ kind: 'file', file: 'b.csv', text: 'Three rows.' })).toBe('b.csv: Three rows.');
    expect(text({ kind: 'ends', median_ms: 0.04, spread_ms: 1.5 })).toMatch(/^Requests end 0\.040 ms \(median; spread 1\.50 ms\) after/);
  });
});
