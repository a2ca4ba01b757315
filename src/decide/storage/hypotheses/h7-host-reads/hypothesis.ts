import { confidenceOfSlope } from '#core/math/kendall';
import { medianOf } from '#core/math/median';
import { partialCorrelation } from '#core/math/partial-correlation';
import { defineHypothesis, type Part, part, partOf } from '#decide/storage/define';
import { runsOf, type StorageRun } from '#decide/storage/experiment';
import { CORRELATION_REASON, SMALLEST_CORRELATION } from '#decide/storage/margins';
import { loadsBySize } from '#decide/storage/reuse';

const FEWEST_RUNS = 8;
/** A constant and the correlation. */
const PARAMETERS = 2;

interface Read {
  readonly run: StorageRun;
  readonly accesses: number;
  readonly reads: number;
  readonly read_bytes: number | null;
  readonly adapter_bytes: number | null;
  readonly loads: readonly number[];
}

const readOf = (run: StorageRun): Read[] => {
  const { adapters } = run;
  if (adapters === null || adapters.host_reads === null || adapters.accesses.length === 0) return [];
  const { accesses, host_reads, read_bytes, adapter_bytes } = adapters;
  return [{ run, accesses: accesses.length, reads: host_reads, read_bytes, adapter_bytes, loads: loadsBySize(accesses) }];
};

/** Loads that a cache of so many adapters would have needed. */
const loadsAt = ({ loads }: Read, size: number): number => loads[Math.min(size, loads.length) - 1] ?? 0;

/** Sizes of a cache that are tried: powers of two below the number of adapters. */
function sizesOf(reads: readonly Read[]): readonly number[] {
  const most = Math.max(...reads.map(({ loads }) => loads.length));
  return Array.from({ length: Math.ceil(Math.log2(most)) }, (_, k) => 2 ** k);
}

function perLoad(reads: readonly Read[], size: number): Part[] {
  const loads = reads.map(read => loadsAt(read, size));
  const commands = confidenceOfSlope(
    loads,
    reads.map(read => read.reads),
  );
  const isKnown = reads.every(read => read.read_bytes !== null);
  const bytes = isKnown
    ? confidenceOfSlope(
        loads,
        reads.map(read => read.read_bytes ?? 0),
      )
    : undefined;
  const sizes = reads.flatMap(read => read.adapter_bytes ?? []);
  return [
    part('cache that explains the reads best', 'adapters', size),
    ...(commands === undefined ? [] : [partOf('read commands a load', '', commands, value => value)]),
    ...(bytes === undefined ? [] : [partOf('bytes read a load', 'MiB', bytes, value => value / 2 ** 20)]),
    ...(sizes.length === 0 ? [] : [part('weights of an adapter', 'MiB', medianOf(sizes) / 2 ** 20)]),
  ];
}

export default defineHypothesis({
  id: 'h7-host-reads',
  code: 'H7',
  claim: 'The disk reads when adapters are asked for that were not in use.',
  test: 'correlation of read commands and of the loads that a cache would have needed (least recently used), both for each access, over the runs with adapters; the size that explains most against the same of runs in any other order',
  effect: 'correlation of read commands and loads',
  scale: 'correlation',
  margin: SMALLEST_CORRELATION,
  margin_reason: CORRELATION_REASON,
  reading: 'A point is a run: how many of its accesses would have loaded an adapter, and how many commands the disk read for each access.',
  examine(experiment) {
    // Cold and warm runs of H1 ask for the same adapters in the same order: what they differ in is the page cache.
    const planned = runsOf(experiment, 'h5', 'h6').filter(run => run.adapters !== null);
    if (planned.length === 0) return 'not-run';
    const reads = planned.flatMap(readOf);
    if (reads.length < planned.length / 2) return 'no-telemetry';
    if (reads.length < FEWEST_RUNS) return 'few-runs';
    const each = reads.map(read => read.reads / read.accesses);
    const sizes = sizesOf(reads);
    const of = partialCorrelation(
      sizes.map(size => reads.map(read => loadsAt(read, size) / read.accesses)),
      each,
      [],
    );
    if (of === undefined) return 'no-change-of-cause';
    const size = sizes[of.candidate] ?? 1;
    return {
      ...{ effect: of.z, p: of.p, freedom: reads.length - PARAMETERS, least_p: 0, runs: reads.length, tail: null },
      parts: perLoad(reads, size),
      picture: {
        ...{ x: `loads an access, of a cache of ${size}`, y: 'read commands an access', lines: [], marks: [] },
        points: reads.map((read, i) => ({
          run: read.run.id,
          x: loadsAt(read, size) / read.accesses,
          y: each[i] ?? 0,
          series: read.run.arm,
        })),
      },
    };
  },
});
