import { median } from 'd3-array';
import { coverage } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { totalStagingCost } from '#multi-gpu/peer-copies/staging-cost';
import type { Links } from '#multi-gpu/peer-copies/topology';
import type { DeviceWork } from './devices.ts';
import type { HandoffFacts } from './facts.ts';
import type { MeasuredIteration } from './measured-task.ts';

const NS_PER_MS = 1e6;
const NS_PER_US = 1e3;

/** The share of copies' time in which their devices computed; null where there are none. */
function hiddenShare(
  copies: readonly { readonly device: string; readonly span: readonly [Ns, Ns] }[],
  devices: ReadonlyMap<string, DeviceWork>,
): Share | null {
  let copied = 0;
  let hidden = 0;
  for (const { device, span } of copies) {
    const [from, to] = span;
    const work = devices.get(device);
    const covered = work === undefined ? () => 0 : coverage(work.compute);
    copied += to - from;
    hidden += covered(from, to);
  }
  return copied === 0 ? null : hidden / copied;
}

/** All hand-offs of a schedule in a few figures. @param stagedStall device time that direct copies would have saved, a mean iteration */
export function handoffSummary(
  iterations: readonly MeasuredIteration[],
  expectedEach: number | null,
  devices: ReadonlyMap<string, DeviceWork>,
  links: Links | undefined,
  stagedStall: Ns,
): HandoffFacts {
  const all = iterations.flatMap(m => m.handoffs.map(h => ({ h, m })));
  const seen = all.filter(({ h }) => h.via !== 'unseen');
  const transfers = seen.flatMap(({ h }) => h.transfers);
  const messages = seen.flatMap(({ h }) => h.messages);
  // Of NCCL's kernels, which also wait, the shorter one of a message is its transfer.
  const durations = seen.flatMap(({ h }) => {
    if (h.messages.length > 0) return [h.messages.reduce((n, x) => n + x.transfer, 0)];
    return h.start === undefined || h.end === undefined ? [] : [h.end - h.start];
  });
  const rates = [
    ...transfers.map(t => t.bytes / (t.end - t.start)),
    ...messages.flatMap(x => (x.bytes === undefined ? [] : [x.bytes / x.transfer])),
  ];
  const cost = totalStagingCost(
    transfers.map(t => t.copy),
    links,
  );
  const inUs = (ns: Ns | undefined) => (ns === undefined ? null : ns / NS_PER_US);
  return {
    count: seen.length,
    expected: expectedEach === null ? null : expectedEach * iterations.length,
    bytes: median(seen.flatMap(({ h }) => (h.bytes === null ? [] : [h.bytes]))) ?? null,
    median_us: inUs(median(durations)),
    latency_us: inUs(median(all, ({ h }) => Math.max(0, h.consumer.start - h.producer.end))),
    hidden_share: hiddenShare(
      transfers.map(t => ({ device: t.from, span: t.sent })),
      devices,
    ),
    hidden_share_destination: hiddenShare(
      transfers.map(t => ({ device: t.to, span: t.received })),
      devices,
    ),
    gbps: median(rates) ?? null,
    staged: transfers.filter(t => t.staged).length,
    staged_lost_ms: cost === undefined ? null : cost.ns / NS_PER_MS,
    stagedAgainst: cost?.against ?? [],
    staged_stall_ms: cost === undefined ? null : stagedStall / NS_PER_MS,
  };
}
