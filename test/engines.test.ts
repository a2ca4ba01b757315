import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { scoreReport } from '#app/score/score';
import { Truth } from '#app/score/truth';
import { reportOn } from './report-on.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';
import { some, THOROUGH } from './thorough.ts';

/** Captures of programs that nobody here wrote, and traces made by hand that once were told wrongly. */
const ENGINES = join(SHARED, 'engines');
const CASES = join(SHARED, 'cases/traces');
const PATIENCE = 240_000;

sayWhatIsMissing('the engines of others were', ENGINES, CASES);
if (!THOROUGH)
  process.stderr.write(
    '*** LEFT OUT without FORENSICS_ALL_RUNS=1: the captures of engines that others wrote; fixtures stand for them. ***\n',
  );

describe.skipIf(!existsSync(ENGINES) || !THOROUGH)('engines that nobody here wrote', () => {
  const planted = [
    ['nv_tp1_graph', 8],
    ['nv_dp2', 4],
    ['hf_cb', 7],
    ['nv_tp2_graph', 8],
    ['nv_http', 7],
  ] as const;
  test.each(planted)(
    '%s: all %d faults have their cause first, and nothing else is accused',
    async (name, faults) => {
      const truth = Truth.parse(JSON.parse(readFileSync(join(ENGINES, name, 'truth.json'), 'utf8')));
      const report = await reportOn(join(ENGINES, name));
      expect(scoreReport(name, report, truth)).toMatchObject({ faults, ac1: 1, abstained: 0, falseAccusations: 0 });
    },
    PATIENCE,
  );
  test(
    'a replica whose records of CUDA end four seconds before the other’s: what it did then is open, and so is how busy its GPU was',
    async () => {
      const report = await reportOn(join(ENGINES, 'nv_dp2'));
      expect(report.cannot_tell.join('\n')).toMatch(/What process 715 did from 7\.\d+ s on: its CUDA records end there/);
      expect(report.answer).not.toContain('busy');
    },
    PATIENCE,
  );
  test(
    'a small cache in which nothing was planted: nobody is accused',
    async () => expect((await reportOn(join(ENGINES, 'nv_kv'))).incidents.filter(i => i.causes[0]?.cause !== 'queueing')).toEqual([]),
    PATIENCE,
  );
});

describe.skipIf(!existsSync(ENGINES) || !THOROUGH)('a training run whose data loader stalled twice', () => {
  test('the late rank waited for its input, both times; the checkpoints of the other are nobody’s loader', async () => {
    const { collectives, detectors, incidents } = await reportOn(join(ENGINES, 'light_ddp'));
    const late = collectives?.late.find(l => l.rank === 'rank 1');
    expect(late).toMatchObject({ count: 2, cause: 'input-wait', worst: [{ cause: 'input-wait' }, { cause: 'input-wait' }] });
    expect(late?.why).toContain('sem_clockwait, while pt_data_pin sat in poll');
    expect(late?.worst.map(w => Math.round(w.wait_ms))).toEqual([420, 410]);
    expect(collectives?.late.find(l => l.rank === 'rank 0')?.cause).not.toBe('input-wait');
    // The slow steps of a training are its incidents.
    expect(incidents.map(i => i.causes[0]?.cause).toSorted()).toEqual(['input-wait', 'input-wait', 'storage-io', 'storage-io']);
    expect(detectors.find(d => d.cause === 'input-wait')?.verdict).toBe('found');
  });
});

describe.skipIf(!existsSync(CASES))('traces that once were told wrongly', () => {
  const told = async (name: string) => {
    const { causes, findings, incidents } = await reportOn(join(CASES, name));
    return { causes, findings, first: [...new Set(incidents.map(i => i.causes[0]?.cause))] };
  };
  const accused = [
    ['a host function on the stream is the cause, and no neighbour', '20-hostfunc-on-stream', 'host-callback'],
    ['a launch that waits for the driver’s lock is a thread that waits', '24-callback-holds-driver-lock', 'host-blocked'],
    ['a kernel that never ends hides no stall of the host', '37-persistent-kernel', 'host-compute'],
    ['garbage collection in one worker makes it the late rank', '31-gc-in-one-worker', 'collective-wait'],
  ] as const;
  test.each(some(accused, 4, 'traces that were told wrongly'))('%s', async (_, name, cause) =>
    expect((await told(name)).first).toEqual([cause]),
  );
  test('an engine process that froze is named, not who polled for it', async () => {
    const { causes } = await told('42-engine-process-frozen');
    expect(causes[0]).toMatchObject({ cause: 'host-compute', root: { process: 1600, call: '' } });
  });
  test('graphs whose work was not recorded make no GPU look idle', async () => {
    const report = await reportOn(join(CASES, '21-graphs-invisible'));
    expect(report.cannot_tell.join('\n')).toMatch(/What the GPU did: [\d,]+ of [\d,]+ launches of CUDA graphs left no work in the trace/);
    expect(report.answer).not.toContain('busy');
    const { gaps } = report.devices[0] ?? {};
    expect([gaps?.starved.count, gaps?.straddling.count]).toEqual([0, 0]);
    const open = report.detectors.filter(d => d.verdict === 'cannot-tell').map(d => d.cause);
    expect(open).toEqual(expect.arrayContaining(['host-compute', 'host-blocked', 'gpu-contention', 'device-sync']));
    expect(report.causes.map(c => c.cause)).toEqual([]);
  });
  const everyStep: readonly (readonly [string, RegExp])[] = [
    ['44-graph-first-kernel-bubble', /launched and not yet begun/],
    ['32-eager-prefill-steps', /prefill.* step takes .*host computing/],
    ['33-launch-bound-steps', /between one launch and the next/],
  ];
  test.each(some(everyStep, 3, 'traces in which every step loses'))(
    '%s: what every step loses is a finding, and no request is slow by it',
    async (name, words) => {
      const { findings, first } = await told(name);
      expect(first).not.toContain('head-of-line');
      expect(findings.find(f => f.id === 'chronic-idle')?.detail).toMatch(words);
    },
  );
});
