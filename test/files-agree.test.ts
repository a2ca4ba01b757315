import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readForAudit } from '#app/audit/audit-input';
import { readSeries } from '#app/inputs/read-series';
import { audit } from '#audit/audit';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

/** Files whose figures look as if they contradicted one another, or do, each with the right value. */
const CASES = join(SHARED, 'cases/files');
const here = existsSync(CASES);
sayWhatIsMissing('files that seem to contradict themselves were', CASES);
const read = (name: string) => readSeries(join(CASES, name))?.series;

describe.skipIf(!here)('figures of a file agree, or the reader says so', () => {
  test.each(['mlperf_log_detail.txt', 'mlperf_log_summary.txt'])('31: Offline counts samples, one query of 165,000 (%s)', name =>
    expect(audit(readForAudit(join(CASES, `31-mlperf-offline-audit/${name}`)).statements)).toEqual([]),
  );

  test('38: vLLM 0.5 counted the first token among those between tokens', () => {
    const series = read('38-vllm-7242/v7242.json');
    const latency = series?.kind === 'summary' ? (series.rows[0]?.latency ?? []) : [];
    const mean = (metric: string) => latency.find(f => f.metric === metric && f.statistic === 'mean')?.lower_ms ?? Number.NaN;
    expect(mean('e2e')).toBeCloseTo(2000, 3);
    expect(mean('tpot')).toBeCloseTo(100, 3);
  });

  test('29: the date with a zone before an uptime is when the error came', () => {
    for (const name of ['x_both.log', 'x_rsyslog8.log']) {
      const series = read(`29-xid-rsyslog-both/${name}`);
      expect(series).toMatchObject({ kind: 'samples', clock: { kind: 'epoch' } });
      expect(series?.origin_ns).toBe(BigInt(Date.UTC(2026, 6, 14, 10, 0, 1)) * 1_000_000n + 283_302_000n);
    }
  });
});
