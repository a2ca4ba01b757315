import { itemAt, realAt } from '#core/columns';
import { lazily } from '#core/lazily';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { Attribution, Detector, DetectorContext } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { HostThread } from '#trace/events/host-calls';
import type { EngineSteps } from './engine-steps.ts';
import { attributeWork, workFacts } from './long-work.ts';
import { makeUp, type Stall } from './stalls.ts';

/** The part of one step's excess that one cause accounts for. */
export interface CauseShare {
  readonly start: Ns;
  readonly end: Ns;
  readonly cause: CauseOrRest;
  readonly excess: Ns;
}

/** What a cause did in an incident: its time, and what it was about. */
export interface CauseInIncident {
  readonly cause: CauseOrRest;
  /** Of the lane's time. */
  readonly excess: Ns;
  readonly subject: string;
  readonly confidence: Attribution['confidence'];
  /** Who lost the time, where a host thread did. */
  readonly root?: ThreadAt | undefined;
  /** Where it showed, when that is another thread: the one that waited for the root. */
  readonly symptom?: ThreadAt | undefined;
}

/** A thread as the operating system numbers it, and the call that it was in; '' for its own code. */
export interface ThreadAt {
  readonly process: number;
  readonly thread: number;
  readonly call: string;
}

/** A stall with its causes, the likeliest first. Times since the session began. */
export interface ExplainedStall {
  readonly start: Ns;
  readonly end: Ns;
  readonly excess: Ns;
  readonly causes: readonly CauseInIncident[];
  readonly shares: readonly CauseShare[];
}

/** A cause with less than this beside the unexplained part of a stall does not lead it: so much any step loses here and there. */
const LEADING_SHARE: Share = 0.1;
/** A loss counts for where an incident begins when it is at least this share of the longest of its cause. */
const EARNEST_SHARE: Share = 0.1;

interface Tools {
  readonly steps: EngineSteps;
  readonly attributed: readonly AttributedLoss[];
  readonly detectors: readonly Detector[];
  readonly context: DetectorContext;
  /** Threads by the numbers that losses give them. */
  readonly threads: readonly HostThread[];
  /** The least delay that makes a request slow on its own. */
  readonly slowLimit: Ns;
}

/** Explains stalls: whose each part of their excess is. */
export function explainStalls(stalls: readonly Stall[], ops: GpuOps, lane: Lane, tools: Tools): readonly ExplainedStall[] {
  const facts = workFacts(ops, lane, tools.attributed, tools.context.describe);
  const ends = lazily(() => Float64Array.from(tools.attributed, c => c.end));
  return stalls.map(stall => {
    const shares: CauseShare[] = [];
    const totals = new Map<CauseOrRest, number>();
    const byWork = new Map<CauseOrRest, Attribution>();
    for (let i = stall.first; i <= stall.last; i++) {
      const start = realAt(tools.steps.start, i);
      const end = realAt(tools.steps.end, i);
      for (const [bucket, excess] of makeUp(tools.steps, i)) {
        let cause: CauseOrRest = 'unexplained';
        if (bucket === 'work') {
          const { usual } = tools.steps.normal.work;
          const told = facts(start, end);
          const computing = (usual + excess) * (1 - told.communicationShare);
          const answer = attributeWork(
            { start, end, excess, slowLimit: tools.slowLimit, computing, usual, ...told },
            tools.detectors,
            tools.context,
          );
          cause = answer.cause;
          if (answer.attribution !== undefined && !byWork.has(cause)) byWork.set(cause, answer.attribution);
        } else if (bucket !== 'unattributed') cause = bucket;
        shares.push({ start: realAt(tools.steps.inUse, i), end, cause, excess });
        totals.set(cause, (totals.get(cause) ?? 0) + excess);
      }
    }
    const inside = lossesIn(tools.attributed, ends(), stall);
    const causes = [...totals]
      .map(([cause, excess]) => ({ cause, excess, ...subjectOf(cause, inside, byWork), ...whoseOf(cause, inside, tools.threads) }))
      .toSorted((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.excess - a.excess);
    // Who holds a trifle beside what nobody explains did not cause the stall.
    const [first] = causes;
    if (first !== undefined && first.excess < LEADING_SHARE * (totals.get('unexplained') ?? 0)) causes.unshift(...causes.splice(-1));
    const main = causes[0]?.cause;
    return {
      start: beginning(stall, inside, main, lane),
      end: stall.end,
      excess: shares.reduce((s, x) => s + x.excess, 0),
      causes,
      shares,
    };
  });
}

/** The losses that reach into a stall. They are in order and never overlap, so that one search finds the first. @param ends of the losses */
function lossesIn(losses: readonly AttributedLoss[], ends: Float64Array, { start, end }: Stall): readonly AttributedLoss[] {
  const first = upperBound(ends, start);
  let next = first;
  while (next < losses.length && itemAt(losses, next).start < end) next++;
  return losses.slice(first, next);
}

/** Who lost most of a cause's time, and who waited for that. */
function whoseOf(
  cause: CauseOrRest,
  losses: readonly AttributedLoss[],
  threads: readonly HostThread[],
): Pick<CauseInIncident, 'root' | 'symptom'> {
  const longest = losses
    .filter(l => l.cause === cause && l.loss.kind === 'starved')
    .reduce<AttributedLoss | undefined>((best, l) => (best === undefined || l.end - l.start > best.end - best.start ? l : best), undefined);
  if (longest?.loss.kind !== 'starved') return {};
  const at = (index: number, call: string): ThreadAt | undefined => {
    const thread = threads[index];
    return thread && { process: thread.pid, thread: thread.tid, call };
  };
  const { root, call, via } = longest.loss;
  const [first] = via;
  return { root: at(root, call), symptom: first && at(first.thread, first.call) };
}

/** What the losses of a cause were about: the subject that took most of its time. */
function subjectOf(
  cause: CauseOrRest,
  losses: readonly AttributedLoss[],
  work: ReadonlyMap<CauseOrRest, Attribution>,
): { subject: string; confidence: Attribution['confidence'] } {
  const time = new Map<string, { ns: Ns; confidence: Attribution['confidence'] }>();
  for (const l of losses) {
    if (l.cause !== cause || l.attribution === undefined) continue;
    const seen = time.get(l.attribution.subject) ?? { ns: 0, confidence: l.attribution.confidence };
    seen.ns += l.end - l.start;
    time.set(l.attribution.subject, seen);
  }
  const [subject, best] = [...time].reduce<[string, { ns: Ns; confidence: Attribution['confidence'] }]>(
    (b, e) => (e[1].ns > b[1].ns ? e : b),
    ['', { ns: 0, confidence: 'low' }],
  );
  const fromWork = work.get(cause);
  if (subject === '' || (fromWork !== undefined && best.ns === 0))
    return { subject: fromWork?.subject ?? 'no evidence for a cause', confidence: fromWork?.confidence ?? 'low' };
  return { subject, confidence: best.confidence };
}

/** When the main cause set in, even if no request was in flight yet: in its first gap (or other loss) that counts. */
function beginning(stall: Stall, inside: readonly AttributedLoss[], main: CauseOrRest | undefined, lane: Lane): Ns {
  const units = new Map<number, { losses: AttributedLoss[]; time: Ns }>();
  for (const c of inside) {
    const key = c.loss.kind === 'starved' ? c.loss.gap.start : c.start;
    const unit = units.get(key) ?? { losses: [], time: 0 };
    units.set(key, unit);
    unit.losses.push(c);
    if (c.cause === main) unit.time += c.end - c.start;
  }
  const longest = [...units.values()].reduce((m, u) => Math.max(m, u.time), 0);
  const first = longest === 0 ? undefined : [...units.values()].find(u => u.time >= EARNEST_SHARE * longest);
  if (first !== undefined) return Math.max(stall.start, onset(first.losses, main));
  // Work that took long began when it was begun: the step may have been waiting for somebody to serve before.
  const begun = lane.starts[upperBound(lane.starts, stall.start - 1)] ?? stall.start;
  return begun < stall.end ? begun : stall.start;
}

/** Where a gap turns into its main cause: from there on that cause outweighs everything else by the most (an idle thread polls first). */
function onset(losses: readonly AttributedLoss[], main: CauseOrRest | undefined): Ns {
  let best = losses.at(-1)?.start ?? 0;
  let most = Number.NEGATIVE_INFINITY;
  let balance = 0;
  for (const c of losses.toReversed()) {
    balance += c.cause === main ? c.end - c.start : c.start - c.end;
    if (balance > most) {
      most = balance;
      best = c.start;
    }
  }
  return best;
}
