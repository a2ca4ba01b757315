import { realAt } from '#core/columns';
import { type Spans, subtract } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { HostSampleRow } from '#schema/relation';
import { type DiskGauge, diskWaits, mostWaiting } from './disk-waits.ts';
import { sampleTimeline } from './samples.ts';
import { never, type Signal, stretches } from './signal.ts';

type Timed<Row> = Row & { readonly t: Ns };

/** Less waiting for disks than this share of the time holds nobody up for long: the same as for pressure (samples.ts). */
const LEAST_WAITING: Share = 0.1;

const WAITED: Readonly<Record<DiskGauge, string>> = {
  psi: 'somebody waited for a disk (pressure, PSI)',
  iowait: 'processors idled while somebody waited for a disk (iowait)',
  busy: 'the disks were busy',
};

/** Page faults and swapping that stand out; undefined where they are not counted. */
export function pagingSignal(host: readonly Timed<HostSampleRow>[]): Signal | undefined {
  const told = host.filter(h => h.major_faults !== null || h.swap_in_pages !== null);
  const timeline = sampleTimeline([], told);
  if (!timeline.hasHost) return undefined;
  const t = told.map(h => h.t);
  const spans = stretches(t.slice(1), t, (from, to) => to > from && timeline.paging(from, to) !== undefined);
  return { cause: 'paging', spans, most: () => 1, followsWork: never, subject: (from, to) => timeline.paging(from, to) ?? 'paging' };
}

/** Waiting for disks beside paging: who reads a page waits for a disk as well. */
export function diskSignal(host: readonly Timed<HostSampleRow>[], paging: Spans): Signal | undefined {
  const waits = diskWaits(host);
  if (waits === undefined) return undefined;
  const { t, since, perSecond, limitPerSecond } = waits.rates;
  const waited = stretches(t, since, (_, __, i) => {
    const rate = realAt(perSecond, i);
    return rate > limitPerSecond && rate / waits.unit >= LEAST_WAITING;
  });
  const subject = (from: Ns, to: Ns) => `${WAITED[waits.gauge]} for up to ${Math.round(100 * mostWaiting(waits, from, to))} % of the time`;
  return { cause: 'storage-io', spans: subtract(waited, paging), most: () => 1, followsWork: never, subject };
}
