import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { scoreReport } from '#app/score/score';
import { Truth } from '#app/score/truth';
import type { Report } from '#schema/report';
import { reportOn } from './report-on.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';
import { THOROUGH } from './thorough.ts';

/** Captures too large for the repository; where they are missing these tests are skipped, and say so. */
const CAPTURES = join(SHARED, 'captures');
const PUBLIC = join(SHARED, 'public-traces');
const PATIENCE = 240_000;
const UNEXPLAINED = 0.15;

sayWhatIsMissing('the acceptance captures were', CAPTURES, PUBLIC);
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: the large captures; fixtures stand for them. ***\n');

/** Bins of the device strip, and the states that each is divided into. */
const [BINS, STATES] = [240, 4];

/** Of a window each device is busy or idle, and no part is more than its whole. */
function sumsComeOut({ window, devices, charts }: Report): void {
  const length_ms = Number(BigInt(window.end_ns) - BigInt(window.start_ns)) / 1e6;
  expect(devices.length).toBeGreaterThan(0);
  expect(charts.device_bins).toHaveLength(devices.length * BINS * STATES);
  for (const device of devices) {
    expect(device.busy_ms + device.idle_ms).toBeCloseTo(length_ms, 5);
    expect(Object.values(device.gaps).reduce((sum, g) => sum + g.upper_ms, 0)).toBeLessThanOrEqual(device.idle_ms + 1e-6);
    expect(device.exposed_communication_ms + device.exposed_copy_ms).toBeLessThanOrEqual(device.busy_ms + 1e-6);
  }
}
const notQueueing = (report: Report) => report.incidents.filter(i => i.causes[0]?.cause !== 'queueing');

describe.skipIf(!existsSync(CAPTURES))('the captures of the issue', () => {
  const planted = [
    ['mixed1', 6],
    ['cpu_stall', 5],
    ['sync_copy', 5],
    ['noisy', 3],
  ] as const;
  // Without, fixtures that were cut from them stand for them: serving-incident is from mixed1.
  describe.skipIf(!THOROUGH).each(planted)('%s', (name, faults) => {
    let report: Report;
    beforeAll(async () => {
      report = await reportOn(join(CAPTURES, name));
    }, PATIENCE);
    const truth = () => Truth.parse(JSON.parse(readFileSync(join(CAPTURES, name, 'truth.json'), 'utf8')));

    test(`finds all ${faults} faults, each by its first cause, and accuses nothing else`, () => {
      expect(scoreReport(name, report, truth())).toMatchObject({ faults, ac1: 1, abstained: 0, falseAccusations: 0 });
      expect(notQueueing(report)).toHaveLength(faults);
    });
    test('says when each began to 20 ms', () => expect(scoreReport(name, report, truth()).worstStartError_ms).toBeLessThanOrEqual(20));
    test('leaves little unexplained', () => expect(report.unexplained.share).toBeLessThanOrEqual(UNEXPLAINED));
    test('the sums of its devices come out', () => sumsComeOut(report));
  });

  // Without, fixtures/clean stands for it: fixtures.test.ts asks the same of a shorter run.
  test.skipIf(!THOROUGH)(
    'clean has no incident and no cause but queueing',
    async () => {
      const report = await reportOn(join(CAPTURES, 'clean'));
      expect(notQueueing(report)).toEqual([]);
      expect(report.causes.map(c => c.cause).filter(c => c !== 'queueing')).toEqual([]);
      sumsComeOut(report);
    },
    PATIENCE,
  );

  test.skipIf(!THOROUGH)(
    'cudnn_plan is host-bound, by the loading of libraries',
    async () => {
      const report = await reportOn(join(CAPTURES, 'cudnn_plan'));
      expect(report.answer).toContain('host-bound');
      expect(report.answer).toContain('library');
      expect(report.causes[0]?.cause).toBe('code-load');
      expect(report.unexplained.share).toBeLessThanOrEqual(UNEXPLAINED);
      sumsComeOut(report);
    },
    PATIENCE,
  );
});

describe.skipIf(!existsSync(PUBLIC))('public traces', () => {
  const traces = existsSync(PUBLIC) ? readdirSync(PUBLIC).filter(f => f.endsWith('.sqlite.gz')) : [];
  test('are six', () => expect(traces).toHaveLength(6));
  test.each(traces)(
    '%s is analyzed without a crash, and the sums of its devices come out',
    async trace => {
      const report = await reportOn(join(PUBLIC, trace));
      expect(report.answer).not.toBe('');
      expect(report.requests).toBeNull();
      sumsComeOut(report);
    },
    PATIENCE,
  );
});
