import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { scoreReport } from '#app/score/score';
import { Truth } from '#app/score/truth';
import type { Report } from '#schema/report';

/** Captures too large for the repository; where they are missing these tests are skipped, and say so. */
const SHARED = resolve(import.meta.dirname, '../../shared');
const CAPTURES = join(SHARED, 'captures');
const PUBLIC = join(SHARED, 'public-traces');
const PATIENCE = 240_000;
const UNEXPLAINED = 0.15;

for (const folder of [CAPTURES, PUBLIC])
  if (!existsSync(folder))
    process.stderr.write(`\n*** SKIPPED: ${folder} is not there, so the acceptance captures were NOT checked. ***\n\n`);

const analyze = (path: string) => runAnalysis(path, {}, NO_CORRECTION, () => {});
const notQueueing = (report: Report) => report.incidents.filter(i => i.causes[0]?.cause !== 'queueing');

describe.skipIf(!existsSync(CAPTURES))('the captures of the issue', () => {
  describe.each([
    ['cpu_stall', 5],
    ['sync_copy', 5],
    ['noisy', 3],
    ['mixed1', 6],
  ])('%s', (name, faults) => {
    let report: Report;
    beforeAll(async () => {
      report = await analyze(join(CAPTURES, name));
    }, PATIENCE);
    const truth = () => Truth.parse(JSON.parse(readFileSync(join(CAPTURES, name, 'truth.json'), 'utf8')));

    test(`finds all ${faults} faults, each by its first cause, and accuses nothing else`, () => {
      expect(scoreReport(name, report, truth())).toMatchObject({ faults, ac1: 1, abstained: 0, falseAccusations: 0 });
      expect(notQueueing(report)).toHaveLength(faults);
    });
    test('says when each began to 20 ms', () => expect(scoreReport(name, report, truth()).worstStartError_ms).toBeLessThanOrEqual(20));
    test('leaves little unexplained', () => expect(report.unexplained.share).toBeLessThanOrEqual(UNEXPLAINED));
  });

  test(
    'clean has no incident and no cause but queueing',
    async () => {
      const report = await analyze(join(CAPTURES, 'clean'));
      expect(notQueueing(report)).toEqual([]);
      expect(report.causes.map(c => c.cause).filter(c => c !== 'queueing')).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'cudnn_plan is host-bound, by the loading of libraries',
    async () => {
      const report = await analyze(join(CAPTURES, 'cudnn_plan'));
      expect(report.answer).toContain('host-bound');
      expect(report.answer).toContain('library');
      expect(report.causes[0]?.cause).toBe('code-load');
      expect(report.unexplained.share).toBeLessThanOrEqual(UNEXPLAINED);
    },
    PATIENCE,
  );
});

describe.skipIf(!existsSync(PUBLIC))('public traces', () => {
  const traces = existsSync(PUBLIC) ? readdirSync(PUBLIC).filter(f => f.endsWith('.sqlite.gz')) : [];
  test('are six', () => expect(traces).toHaveLength(6));
  test.each(traces)(
    '%s is analyzed without a crash',
    async trace => {
      const report = await analyze(join(PUBLIC, trace));
      expect(report.answer).not.toBe('');
      expect(report.requests).toBeNull();
    },
    PATIENCE,
  );
});
