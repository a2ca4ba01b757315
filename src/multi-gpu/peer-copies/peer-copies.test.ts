import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildTrace } from '#test/synthetic-trace';
import { readGpuOps } from '#trace/events/gpu-ops';
import { TraceStore } from '#trace/nsys/trace-store';
import { peerCopies } from './peer-copies.ts';

test('copies of all forms come in order, with the share that compute hides and the operations they were', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'forensics-copies-'));
  try {
    const path = join(folder, 'trace.sqlite');
    const pid = 42;
    const kernel = { pid, name: 'gemm' };
    buildTrace(path, {
      version: '3.24.0',
      epochNs: 1_795_000_000_000_000_000n,
      processes: [{ pid }],
      kernels: [
        { ...kernel, device: 0, start: 1000, end: 2000, correlation: 1 },
        { ...kernel, device: 1, start: 1500, end: 2500, correlation: 2 },
      ],
      copies: [
        {
          pid,
          start: 1500,
          end: 2500,
          device: 0,
          stream: 9,
          correlation: 3,
          bytes: 4096,
          kind: 10,
          srcKind: 2,
          dstKind: 2,
          srcDevice: 0,
          dstDevice: 1,
        },
        { pid, start: 3000, end: 4000, device: 1, stream: 8, correlation: 4, bytes: 4096, kind: 2, srcKind: 2, dstKind: 2 },
        { pid, start: 4000, end: 5000, device: 0, stream: 8, correlation: 4, bytes: 4096, kind: 1, srcKind: 2, dstKind: 2 },
        { pid, start: 6000, end: 6100, device: 0, stream: 8, correlation: 5, bytes: 4096, kind: 8, srcKind: 2, dstKind: 2 },
      ],
    });
    const store = await TraceStore.open(path);
    const ops = readGpuOps(store);
    const copies = peerCopies(store, ops);
    store.close();
    expect(copies).toMatchObject([
      {
        form: 'direct',
        source: 'GPU 0',
        destination: 'GPU 1',
        bytes: 4096,
        start: 1500,
        end: 2500,
        stream: 9,
        hiddenSource: 0.5,
        hiddenDestination: 1,
      },
      {
        form: 'driver-staged',
        source: 'GPU 1',
        destination: 'GPU 0',
        start: 3000,
        end: 5000,
        firstHopEnd: 4000,
        lastHopStart: 4000,
        hiddenSource: 0,
      },
    ]);
    expect(copies.map(c => [ops.start[c.op], ops.start[c.lastOp]])).toEqual([
      [1500, 1500],
      [3000, 4000],
    ]);
    for (const c of copies) expect([ops.devices[c.sourceDevice], ops.devices[c.destinationDevice]]).toEqual([c.source, c.destination]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
