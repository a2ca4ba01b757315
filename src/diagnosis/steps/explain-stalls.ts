import { realAt } from '#core/columns';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { Attribution, Detector, DetectorContext } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { EngineSteps } from './engine-steps.ts';
import { attributeWork, workFacts } from './long-work.ts';
import { makeUp, type Stall } from './stalls.ts';

/** The part of one piece's excess that one cause accounts for. Times in ns. */
export interface Share {
  readonly start: number;
  readonly end: number;
  readonly cause: CauseOrRest;
  readonly excess: number;
}

/** What a cause did in an incident: its time, and what it was about. */
export interface CauseInIncident {
  readonly cause: CauseOrRest;
  /** ns of the lane's time. */
  readonly excess: number;
  readonly subject: string;
  readonly confidence: Attribution['confidence'];
}

/** A hold-up with its causes, the likeliest first. Times in ns since the session began. */
export interface ExplainedStall {
  readonly start: number;
  readonly end: number;
  readonly excess: number;
  readonly causes: readonly CauseInIncident[];
  readonly shares: readonly Share[];
}

/** A loss counts for where an incident begins when it is at least this share of the longest of its cause. */
const EARNEST = 0.1;

interface Tools {
  readonly steps: EngineSteps;
  readonly attributed: readonly AttributedLoss[];
  readonly detectors: readonly Detector[];
  readonly context: DetectorContext;
  /** The least delay that makes a request slow on its own, ns. */
  readonly slowLimit: number;
}

/** Explains hold-ups: whose each part of their excess is. */
export function explainStalls(stalls: readonly Stall[], ops: GpuOps, lane: Lane, tools: Tools): readonly ExplainedStall[] {
  const facts = workFacts(ops, lane, tools.attributed, tools.context.describe);
  return stalls.map(h => {
    const shares: Share[] = [];
    const totals = new Map<CauseOrRest, number>();
    const workClaims = new Map<CauseOrRest, Attribution>();
    for (let i = h.first; i <= h.last; i++) {
      const start = realAt(tools.steps.start, i);
      const end = realAt(tools.steps.end, i);
      for (const [bucket, excess] of makeUp(tools.steps, i)) {
        let cause: CauseOrRest = 'unexplained';
        if (bucket === 'work') {
          const answer = attributeWork(
            { start, end, excess, slowLimit: tools.slowLimit, ...facts(start, end) },
            tools.detectors,
            tools.context,
          );
          cause = answer.cause;
          if (answer.claim !== undefined && !workClaims.has(cause)) workClaims.set(cause, answer.claim);
        } else if (bucket !== 'unclaimed') cause = bucket;
        shares.push({ start, end, cause, excess });
        totals.set(cause, (totals.get(cause) ?? 0) + excess);
      }
    }
    const inside = tools.attributed.filter(c => c.start < h.end && c.end > h.start);
    const causes = [...totals]
      .map(([cause, excess]) => ({ cause, excess, ...subjectOf(cause, inside, workClaims) }))
      .toSorted((a, b) => Number(a.cause === 'unexplained') - Number(b.cause === 'unexplained') || b.excess - a.excess);
    const main = causes[0]?.cause;
    return { start: beginning(h, inside, main), end: h.end, excess: shares.reduce((s, x) => s + x.excess, 0), causes, shares };
  });
}

/** What the losses of a cause were about: the subject that took most of its time. */
function subjectOf(
  cause: CauseOrRest,
  losses: readonly AttributedLoss[],
  work: ReadonlyMap<CauseOrRest, Attribution>,
): { subject: string; confidence: Attribution['confidence'] } {
  const time = new Map<string, { ns: number; confidence: Attribution['confidence'] }>();
  for (const l of losses) {
    if (l.cause !== cause || l.attribution === undefined) continue;
    const seen = time.get(l.attribution.subject) ?? { ns: 0, confidence: l.attribution.confidence };
    seen.ns += l.end - l.start;
    time.set(l.attribution.subject, seen);
  }
  const [subject, best] = [...time].reduce<[string, { ns: number; confidence: Attribution['confidence'] }]>(
    (b, e) => (e[1].ns > b[1].ns ? e : b),
    ['', { ns: 0, confidence: 'low' }],
  );
  const fromWork = work.get(cause);
  if (subject === '' || (fromWork !== undefined && best.ns === 0))
    return { subject: fromWork?.subject ?? 'no loss was claimed', confidence: fromWork?.confidence ?? 'low' };
  return { subject, confidence: best.confidence };
}

/** When the main cause set in, even if no request was in flight yet: in its first gap (or other loss) that counts. */
function beginning(h: Stall, inside: readonly AttributedLoss[], main: CauseOrRest | undefined): number {
  const units = new Map<number, { losses: AttributedLoss[]; time: number }>();
  for (const c of inside) {
    const key = c.loss.kind === 'starved' ? c.loss.gap.start : c.start;
    const unit = units.get(key) ?? { losses: [], time: 0 };
    units.set(key, unit);
    unit.losses.push(c);
    if (c.cause === main) unit.time += c.end - c.start;
  }
  const longest = [...units.values()].reduce((m, u) => Math.max(m, u.time), 0);
  const first = longest === 0 ? undefined : [...units.values()].find(u => u.time >= EARNEST * longest);
  return first === undefined ? h.start : Math.max(h.start, onset(first.losses, main));
}

/** Where a gap turns into its main cause: from there on that cause outweighs everything else by the most (an idle thread polls first). */
function onset(losses: readonly AttributedLoss[], main: CauseOrRest | undefined): number {
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
