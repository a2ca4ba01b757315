import { coverage, spansOf } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { DeviceWork } from './devices.ts';
import type { Handoff } from './handoffs.ts';
import type { Iteration, Operation } from './operation.ts';
import { byRank } from './phases.ts';

/** How much of [from, to) some spans cover. */
export type Covered = (from: Ns, to: Ns) => Ns;

/** What the device of one rank did in an iteration. */
export interface RankTimeline {
  /** Its operations, in order. */
  readonly operations: readonly Operation[];
  /** Begin and end of each: where operations overlap they are cut, so that no moment counts twice. */
  readonly beginOf: (o: Operation) => Ns;
  readonly endOf: (o: Operation) => Ns;
  readonly compute: Covered;
  /** Copies that it sent. */
  readonly copies: Covered;
  /** Copies through the host that its report's threads saw through, from their launch on. */
  readonly staged: Covered;
  /** Copies on the stream on which it computes, as far as it did not compute beside them. */
  readonly serialCopies: Covered;
}

function cut(operations: readonly Operation[]): Pick<RankTimeline, 'beginOf' | 'endOf'> {
  const begin = new Map<Operation, Ns>();
  const finish = new Map<Operation, Ns>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const o of operations) {
    begin.set(o, Math.max(o.start, latest));
    latest = Math.max(latest, o.end);
    finish.set(o, latest);
  }
  return { beginOf: o => begin.get(o) ?? o.start, endOf: o => finish.get(o) ?? o.end };
}

/** What each rank's device did in an iteration, by rank. */
export function rankTimelines(
  iteration: Iteration,
  handoffs: readonly Handoff[],
  devices: ReadonlyMap<string, DeviceWork>,
): readonly RankTimeline[] {
  return byRank(iteration).map((operations, rank) => {
    const device = iteration.devices[rank];
    const compute = coverage(devices.get(device ?? '')?.compute ?? spansOf([]));
    const sent = handoffs
      .filter(h => h.producer.rank === rank)
      .flatMap(h => h.transfers.map(t => ({ span: t.sent, serial: h.producer.streams.has(t.stream) })));
    // A copy by way of the host holds the thread that makes it, from its launch on: what is launched late meanwhile is late for its sake.
    const source = device?.split(':')[0];
    const staged = handoffs.flatMap(h => h.transfers.filter(t => t.staged && `${t.source}` === source));
    const serial = coverage(spansOf(sent.filter(x => x.serial).map(x => x.span)));
    return {
      operations,
      ...cut(operations),
      compute,
      copies: coverage(spansOf(sent.map(x => x.span))),
      staged: coverage(spansOf(staged.map(t => [Number.isNaN(t.launched) ? t.start : Math.min(t.launched, t.start), t.end] as const))),
      serialCopies: (from, to) => Math.max(0, Math.min(serial(from, to), to - from - compute(from, to))),
    };
  });
}
