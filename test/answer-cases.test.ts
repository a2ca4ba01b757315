import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { examineTrace } from '#app/doctor/examine';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const CASES = join(SHARED, 'cases/traces');
const at = (name: string, file = '') => join(CASES, name, file);
const reportOf = (name: string) => runAnalysis(at(name), {}, NO_CORRECTION, () => {});
const PATIENCE = 120_000;
sayWhatIsMissing('cases about verdicts, completeness and clocks were', at('21-graphs-invisible'));

/** Each gives the value that its expect.md names. */
describe.skipIf(!existsSync(CASES))('cases of verdicts and completeness', () => {
  test(
    '21: graphs whose work was not recorded leave busy, idle and every cause open',
    async () => {
      const { summary, answer, detectors, devices, lane_books, findings } = await reportOf('21-graphs-invisible');
      expect(summary.verdict).toMatch(/Why cannot be told: 1,635 of 1,635 launches of CUDA graphs left no work in the trace/);
      expect(answer).not.toMatch(/busy|nothing was found/);
      expect(new Set(detectors.map(d => d.verdict))).toEqual(new Set(['cannot-tell']));
      expect(devices[0]?.gaps.starved.upper_ms).toBe(0);
      expect([lane_books, findings]).toEqual([[], []]);
    },
    PATIENCE,
  );
  test(
    '23: copies and synchronisations in every step are found, and the run is not called healthy',
    async () => {
      const { summary, findings, detectors } = await reportOf('23-chronic-h2d-sync');
      expect(summary.healthy).toBe(false);
      expect(summary.verdict).toContain('no request stands out; but the GPU stands still for 43 % of a usual step');
      expect(findings.find(f => f.id === 'chronic-idle')?.severity).toBe('medium');
      const verdict = (cause: string) => detectors.find(d => d.cause === cause)?.verdict;
      expect([verdict('device-sync'), verdict('blocking-copy')]).toEqual(['found', 'found']);
    },
    PATIENCE,
  );
  test(
    '26: stamps of zero move neither the window nor the idle time',
    async () => {
      const { window, devices } = await reportOf('26-zero-stamps');
      expect(window.start_ms).toBe(2_000);
      const gaps = Object.entries(devices[0]?.gaps ?? {}).filter(([name]) => name !== 'outside-work');
      expect(gaps.reduce((sum, [, gap]) => sum + gap.upper_ms, 0)).toBeCloseTo(158.4, 0);
    },
    PATIENCE,
  );
  test(
    '29: the late rank is the answer, a verdict and a finding',
    async () => {
      const { summary, detectors, findings } = await reportOf('29-ddp-backward-straggler');
      expect(summary.verdict).toBe(
        'Rank 1 came late to collectives 12 times, and the others waited 837 ms for it; its own cause is host computing.',
      );
      expect(detectors.find(d => d.cause === 'collective-wait')?.verdict).toBe('found');
      expect(findings.filter(f => f.severity !== 'info').map(f => f.id)).toContain('collective-wait');
    },
    PATIENCE,
  );
  test('36: what nvprof wrote is refused by its name', async () => {
    const [file = ''] = readdirSync(at('36-nvprof')).filter(f => f.endsWith('.gz'));
    await expect(runAnalysis(at('36-nvprof', file), {}, NO_CORRECTION, () => {})).rejects.toThrow(/was written by nvprof/);
  });
  test('39: graphs that were recorded as a row each show what the GPU ran', async () => {
    const {
      capabilities: [ran],
    } = await examineTrace(at('39-graph-rows-only', 'trace.sqlite.gz'), {}, () => {});
    expect(ran).toMatchObject({ what: 'what the GPU ran, and when it was idle', available: true, why: 'recorded: graphs, a row each' });
  });
});
