import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Training } from '#schema/training';
import { reportOn } from '../report-on.ts';
import { SHARED, sayWhatIsMissing } from '../shared-files.ts';
import { THOROUGH } from '../thorough.ts';

const PATIENCE = 120_000;
const folder = (name: string) => join(SHARED, 'engines', name);
const LIGHT_DDP = folder('light_ddp');
const PIPELINES = [
  ['mcore', ['1F1B “train iteration”', 'interleaved 1F1B “train iteration”'], [4, 4]],
  [
    'tpipe_nvtx',
    ['GPipe “ScheduleGPipe iteration”', '1F1B “Schedule1F1B iteration”', 'interleaved 1F1B “ScheduleInterleaved1F1B iteration”'],
    [2, 2, 2],
  ],
] as const;
sayWhatIsMissing('training steps of Lightning, Megatron core and PyTorch were', LIGHT_DDP, ...PIPELINES.map(([name]) => folder(name)));

if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: trainings of others; the fixture stands for them. ***\n');

const slowOf = (t: Training | null) =>
  (t?.slow ?? []).map(s => ({ rank: s.rank, causes: s.causes.filter(c => c.share > 0.02).map(c => c.cause) }));
const CHECKPOINT = { rank: 'rank 0', causes: ['storage-io', 'blocking-copy'] };
const LOADER = { rank: 'rank 1', causes: ['input-wait'] };

test(
  'of the fixture one step is slow: rank 0 writes a checkpoint, and the other rank’s wait is counted once',
  async () => {
    const { training, incidents, unexplained, books } = await reportOn('checkpoint');
    expect(training).toMatchObject({ by: 'optimizer', sure: 'high', lockstep: true });
    expect(slowOf(training)).toEqual([CHECKPOINT]);
    const [step] = training?.slow ?? [];
    expect(step?.causes.every(c => c.cause === 'unexplained' || c.subject.startsWith('checkpoint'))).toBe(true);
    // Planted for 7,451 ms.
    expect(step?.excess_ms).toBeGreaterThan(7_400);
    expect(step?.excess_ms).toBeLessThan(7_500);
    expect(step?.others[0]?.causes[0]).toMatchObject({ cause: 'collective-wait' });
    expect(books.excess_ms).toBe(step?.excess_ms);
    expect(unexplained.share).toBeLessThan(0.01);
    expect(incidents.map(i => i.causes[0]?.cause)).toEqual(['storage-io']);
  },
  PATIENCE,
);

test(
  'of the fixture three steps are slow: for each the worker process is named that made the late batch, and what it did',
  async () => {
    const { training, unexplained } = await reportOn('loader-worker');
    expect(training?.slow.map(s => s.rank)).toEqual(['rank 1', 'rank 0', 'rank 1']);
    const first = training?.slow.map(s => s.causes[0]) ?? [];
    expect(first.map(c => c?.cause)).toEqual(['input-wait', 'input-wait', 'input-wait']);
    expect(first.map(c => c?.subject)).toEqual([
      expect.stringContaining('worker process 5134 was in read (storage)'),
      expect.stringContaining('worker process 5148 was in clock_nanosleep (wait)'),
      expect.stringContaining('(process 5134): its own code'),
    ]);
    expect(training?.cannot_tell.join(' ')).not.toContain('Which worker process');
    expect(unexplained.share).toBeLessThan(0.01);
  },
  PATIENCE,
);

describe.skipIf(!existsSync(LIGHT_DDP) || !THOROUGH)('engines/light_ddp', () => {
  test(
    'shows the loader’s two stalls of rank 1 and rank 0’s two checkpoints, and nothing else',
    async () => {
      const { training, unexplained } = await reportOn(LIGHT_DDP);
      expect(training?.ranks.map(r => r.steps)).toEqual([358, 357]);
      expect(slowOf(training)).toEqual([LOADER, LOADER, CHECKPOINT, CHECKPOINT]);
      expect(unexplained.share).toBeLessThan(0.01);
      expect(training?.slow[0]?.causes[0]?.subject).toContain('pt_data_pin');
      expect(training?.cannot_tell.join(' ')).toContain('Which worker process');
    },
    PATIENCE,
  );
});

// Each is a minute of looking on a busy machine, and test/pipeline looks at both.
describe.each(PIPELINES)('engines/%s', (name, schedules, steps) => {
  test.skipIf(!existsSync(folder(name)) || !THOROUGH)(
    'has the iterations of its pipeline for steps, too few to call one slow',
    async () => {
      const { training } = await reportOn(folder(name));
      expect(training).toMatchObject({ by: 'pipeline-iterations', slow: [] });
      expect(training?.ranks.map(r => r.rank)).toEqual(schedules);
      expect(training?.ranks.map(r => r.steps)).toEqual(steps);
      expect(training?.cannot_tell[0]).toContain('Which iterations were slow');
    },
    PATIENCE,
  );
});
