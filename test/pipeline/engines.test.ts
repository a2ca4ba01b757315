import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { readSource } from '#multi-gpu/pipeline/source';
import type { Pipeline } from '#schema/pipeline';
import { TraceStore } from '#trace/nsys/trace-store';
import { readTrace } from '#trace/opened-trace';
import { SHARED, sayWhatIsMissing } from '../shared-files.ts';
import { THOROUGH } from '../thorough.ts';
import { toldPipeline } from './told.ts';

const traceOf = (name: string) => join(SHARED, 'engines', name, 'trace.sqlite.gz');
sayWhatIsMissing('pipelines of Megatron core and PyTorch were', traceOf('mcore'), traceOf('tpipe_nvtx'));

/** Bubbles that engines/README.md gives, in per cent, a device; schedule, p, m, v and iterations. */
const RUNS = [
  [
    'mcore',
    [
      { shape: ['1f1b', 2, 8, 1, 4], bubbles: [48.0, 44.5] },
      { shape: ['interleaved', 2, 8, 2, 4], bubbles: [29.2, 22.8] },
    ],
  ],
  [
    'tpipe_nvtx',
    [
      { shape: ['gpipe', 2, 8, 1, 2], bubbles: [14.7, 14.4] },
      { shape: ['1f1b', 2, 8, 1, 2], bubbles: [12.6, 15.2] },
      { shape: ['interleaved', 2, 8, 2, 2], bubbles: [7.4, 8.6] },
    ],
  ],
] as const;

/** The harder way is tried everywhere. */
const WAYS = THOROUGH ? ['with the ranges of its program', 'without any range'] : ['without any range'];
if (!THOROUGH)
  process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: pipelines of others by their ranges, and that of Megatron core. ***\n');

describe.each(THOROUGH ? RUNS : RUNS.slice(1))('engines/%s', (name, expected) => {
  const file = traceOf(name);
  describe.skipIf(!existsSync(file)).each(WAYS)('%s', ranges => {
    let found: Pipeline;
    beforeAll(async () => {
      const store = await TraceStore.open(file);
      const source = readSource(readTrace(store), name);
      found = toldPipeline([ranges.startsWith('with ') ? source : { ...source, ranges: [], marks: [] }], { detectors })!;
      store.close();
    });
    test('shows the schedules that ran, with all their iterations', () =>
      expect(found.schedules.map(s => [s.name, s.p, s.m, s.v, s.iterations])).toEqual(expected.map(e => e.shape)));
    test('has the bubbles of the README within half a point, by device', () => {
      for (const [i, { bubbles }] of expected.entries())
        for (const [device, bubble] of bubbles.entries())
          expect(Math.abs(found.schedules[i]!.bubble[device]!.measured_share * 100 - bubble)).toBeLessThan(0.5);
    });
    test.runIf(name === 'mcore')('says in its first line that launches came late, its own and its partners’, and what would help', () =>
      expect(found.answer.split('\n')[0]).toMatch(
        /goes to launches that came late \(mostly host computing\), a device's own and its partners': CUDA graphs, or fewer and larger launches, would help\.$/,
      ),
    );
    test('numbers the devices as the first microbatch passes them', () =>
      expect(found.schedules.flatMap(s => s.bubble.map(b => b.device))).toEqual(expected.flatMap(() => ['GPU 0', 'GPU 1'])));
  });
});
