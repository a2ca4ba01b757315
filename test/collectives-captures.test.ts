import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { detectors } from '#diagnosis/causes/index.gen';
import { analyzeCollectives } from '#multi-gpu/collectives/analyze-collectives';
import { recordedSettings } from '#multi-gpu/collectives/settings';
import { copyPairs } from '#multi-gpu/peer-copies/copy-pairs';
import { peerCopies } from '#multi-gpu/peer-copies/peer-copies';
import type { PeerCopy } from '#multi-gpu/peer-copies/peer-copy';
import type { CollectiveSource } from '#multi-gpu/ranks/source';
import { collectiveCauses } from '#report/build/parallel/collective-causes';
import { wordCollectives } from '#report/build/parallel/collectives';
import { Collectives } from '#schema/collectives';
import { TraceStore } from '#trace/nsys/trace-store';
import { ownClock, readTrace } from '#trace/opened-trace';
import { devicesIn } from './device-sums.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';
import { THOROUGH } from './thorough.ts';

/** Captures too large for the repository; where they are missing these tests are skipped, and say so. */
const CAPTURES = join(SHARED, 'captures');
const PUBLIC = join(SHARED, 'public-traces');
const PATIENCE = 120_000;
sayWhatIsMissing('copies and collectives in captures were', CAPTURES, PUBLIC);

interface Read {
  readonly source: CollectiveSource;
  readonly copies: readonly PeerCopy[];
}

/** @param look  at the whole trace, while it is open */
async function read(path: string, look?: (...trace: Parameters<typeof devicesIn>) => void): Promise<Read> {
  const store = await TraceStore.open(path);
  try {
    const trace = readTrace(store);
    look?.(store, trace.ops, trace.host);
    return { source: { ...trace, name: path, environment: recordedSettings(store) }, copies: peerCopies(store, trace.ops) };
  } finally {
    store.close();
  }
}

describe.skipIf(!existsSync(CAPTURES))('tp_straggler', () => {
  const folder = join(CAPTURES, 'tp_straggler');
  let source: CollectiveSource;
  let found: Collectives;
  let devices: ReturnType<typeof devicesIn>['devices'];
  beforeAll(async () => {
    const look = (...trace: Parameters<typeof devicesIn>) => {
      devices = devicesIn(...trace).devices;
    };
    ({ source } = await read(join(folder, 'trace.sqlite.gz'), THOROUGH ? look : undefined));
    found = Collectives.parse(wordCollectives(analyzeCollectives([source], { detectors, from: 0 })!));
  }, PATIENCE);

  test('rank 1 is late five times, about 91 ms each, since its host computes', () => {
    expect(found.late).toMatchObject([{ rank: 'rank 1', count: 5, cause: 'host-compute' }]);
    expect(found.late[0]?.worst).toHaveLength(5);
    for (const w of found.late[0]!.worst) {
      expect(w.wait_ms).toBeGreaterThan(90);
      expect(w.wait_ms).toBeLessThan(92);
    }
    expect(collectiveCauses(found)).toMatchObject([{ cause: 'collective-wait', rank: 'rank 1', own: 'host-compute' }]);
  });

  test('each wait begins while its planted fault runs', () => {
    const truth = JSON.parse(readFileSync(join(folder, 'truth_rank1.json'), 'utf8')) as { faults: { start_ns: number; end_ns: number }[] };
    const session = Number(source.clock.session!);
    for (const w of found.late[0]!.worst) {
      const at = session + w.start_ms * 1e6;
      const near = truth.faults.filter(f => at > f.start_ns - 5e6 && at < f.end_ns && Math.abs(at + w.wait_ms * 1e6 - f.end_ns) < 20e6);
      expect(near).toHaveLength(1);
    }
  });

  test('everything else that was waited is jitter', () => {
    expect(found.ops).toBe(24_081);
    expect(found.jitter_ms).toBeCloseTo(found.wait_ms - found.late[0]!.wait_ms / 2, 6);
    expect(found.per_rank.map(r => r.late)).toEqual([0, 5]);
    const [waited, late] = [found.per_rank[0]!, found.per_rank[1]!];
    expect(waited.wait_ms - waited.jitter_ms).toBeCloseTo(found.late[0]!.wait_ms, 6);
    expect(late.jitter_ms).toBe(late.wait_ms);
  });

  // Without, the traces of two GPUs in captures.test.ts stand for it.
  test.skipIf(!THOROUGH)('both of its devices were looked at, and their sums came out', () =>
    expect(devices.map(d => d.device).sort()).toEqual(['GPU 0', 'GPU 1']),
  );

  test.skipIf(!THOROUGH)('two reports of a rank each say the same, on clocks that differ by 3 ms', () => {
    const { ops } = source;
    const ofRank = (rank: number, skew: bigint): CollectiveSource => {
      const device = ops.devices.indexOf(`GPU ${rank}`);
      const rows = Array.from({ length: ops.n }, (_, i) => i).filter(i => ops.device[i] === device);
      const pick = <A extends Float64Array | Int32Array | Uint8Array | Int8Array>(a: A): A =>
        (a as Float64Array).filter((_, i) => ops.device[i] === device) as A;
      const own = {
        n: rows.length,
        start: pick(ops.start),
        end: pick(ops.end),
        kind: pick(ops.kind),
        device: pick(ops.device),
        stream: pick(ops.stream),
        process: pick(ops.process),
        correlation: pick(ops.correlation),
        work: pick(ops.work),
        nameId: pick(ops.nameId),
        fullNameId: pick(ops.fullNameId),
        bytes: pick(ops.bytes),
        copyKind: pick(ops.copyKind),
        pageable: pick(ops.pageable),
        inGraph: pick(ops.inGraph),
      };
      return { ...source, name: `rank ${rank}`, ops: { ...ops, ...own }, clock: ownClock(source.clock.session! + skew) };
    };
    const two = analyzeCollectives([ofRank(0, 0n), ofRank(1, 3_000_000n)], { detectors, from: 0 });
    expect(two?.ops).toBe(found.ops);
    expect(two?.late.map(l => [l.rank, l.count, l.cause])).toEqual([['rank 1', 5, 'host-compute']]);
    expect(two?.skew[1]?.offset_ms).toBeCloseTo(-3, 2);
    expect(two?.skew[1]?.residual_ms).toBeLessThan(0.005);
  });
});

describe.skipIf(!existsSync(CAPTURES))('pipe', () => {
  test('160 and 160 peer copies of 64 MiB at about 386 GB/s, over NVLink', { timeout: PATIENCE }, async () => {
    const { source, copies } = await read(join(CAPTURES, 'pipe', 'trace.sqlite.gz'));
    const pairs = copyPairs(copies);
    expect(pairs).toMatchObject([
      { source: 'GPU 0', destination: 'GPU 1', path: 'nvlink', count: 160, bytes: 160 * 2 ** 26 },
      { source: 'GPU 1', destination: 'GPU 0', path: 'nvlink', count: 160, bytes: 160 * 2 ** 26 },
    ]);
    for (const p of pairs) {
      expect(Math.abs(p.gbps! - 386)).toBeLessThan(5);
      expect(p.hidden_share).toBeGreaterThan(0);
      expect(p.hidden_share).toBeLessThan(1);
    }
    expect(copies.every(c => c.form === 'direct' && c.bytes === 2 ** 26)).toBe(true);
    expect(analyzeCollectives([source], { detectors })).toBeUndefined();
  });
});

describe.skipIf(!existsSync(CAPTURES))('phys', () => {
  test('peer copies one way, collectives of two ranks, and NVLS found off', { timeout: PATIENCE }, async () => {
    const { source, copies } = await read(join(CAPTURES, 'phys', 'trace.sqlite.gz'));
    expect(copyPairs(copies)).toMatchObject([{ source: 'GPU 0', destination: 'GPU 1', path: 'nvlink', count: 52 }]);
    const found = analyzeCollectives([source], { detectors });
    expect(found?.ops).toBe(50);
    expect(found?.settings).toContainEqual({ name: 'NCCL_NVLS_ENABLE', value: '0' });
  });
});

describe.skipIf(!existsSync(PUBLIC))('traces of others', () => {
  test.each(['h100_2gpu_1s', 'perlmutter-cloverleaf-cuda', 'saxpy-mpi-cuda_nsys_perlmutter0'])(
    '%s: uploads and downloads that are no hand-offs',
    { timeout: PATIENCE },
    async name => expect((await read(join(PUBLIC, `${name}.sqlite.gz`))).copies).toEqual([]),
  );
  test.each(['mfu_2gpu_before', 'mfu_2gpu_after'])('%s: sends and receives of two ranks are matched', { timeout: PATIENCE }, async name => {
    const { source } = await read(join(PUBLIC, `${name}.sqlite.gz`));
    const found = analyzeCollectives([source], { detectors });
    expect(found?.limits.unmatched).toBe(0);
    expect(found?.kinds.map(k => [k.name, k.point_to_point])).toEqual([['SendRecv', true]]);
    expect(found).toMatchObject({ ops: 0, late: [] });
    expect(found?.point_to_point.ops).toBe(found?.kinds[0]?.count);
  });
});
