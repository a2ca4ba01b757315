import type { ClaimedLoss } from '#diagnosis/causes/attribute-losses';
import type { Claim, Detector, DetectorContext } from '#diagnosis/causes/define';
import type { Lane } from '#diagnosis/lanes/lane';
import type { CauseOrRest } from '#schema/causes';
import type { GpuOps } from '#trace/events/gpu-ops';
import type { Pieces } from './engine-steps.ts';
import { claimWork, workFacts } from './long-work.ts';
import { type HoldUp, makeUp } from './stalls.ts';

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
  readonly confidence: Claim['confidence'];
}

/** A hold-up with its causes, the likeliest first. Times in ns since the session began. */
export interface ExplainedHoldUp {
  readonly start: number;
  readonly end: number;
  readonly excess: number;
  readonly causes: readonly CauseInIncident[];
  readonly shares: readonly Share[];
}

/** A loss counts for where an incident begins when it is at least this share of the longest of its cause. */
const EARNEST = 0.1;

interface Tools {
  readonly pieces: Pieces;
  readonly claimed: readonly ClaimedLoss[];
  readonly detectors: readonly Detector[];
  readonly context: DetectorContext;
  /** The least delay that makes a request slow on its own, ns. */
  readonly slowLimit: number;
}

/** Explains hold-ups: whose each part of their excess is. */
export function explainHoldUps(holdUps: readonly HoldUp[], ops: GpuOps, lane: Lane, tools: Tools): readonly ExplainedHoldUp[] {
  const facts = workFacts(ops, lane, tools.claimed, tools.context.describe);
  return holdUps.map(h => {
    const shares: Share[] = [];
    const totals = new Map<CauseOrRest, number>();
    const workClaims = new Map<CauseOrRest, Claim>();
    for (let i = h.first; i <= h.last; i++) {
      const start = tools.pieces.start[i] ?? 0;
      const end = tools.pieces.end[i] ?? 0;
      for (const [bucket, excess] of makeUp(tools.pieces, i)) {
        let cause: CauseOrRest = 'unexplained';
        if (bucket === 'work') {
          const answer = claimWork(
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
    const inside = tools.claimed.filter(c => c.start < h.end && c.end > h.start);
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
  losses: readonly ClaimedLoss[],
  work: ReadonlyMap<CauseOrRest, Claim>,
): { subject: string; confidence: Claim['confidence'] } {
  const time = new Map<string, { ns: number; confidence: Claim['confidence'] }>();
  for (const l of losses) {
    if (l.cause !== cause || l.claim === undefined) continue;
    const seen = time.get(l.claim.subject) ?? { ns: 0, confidence: l.claim.confidence };
    seen.ns += l.end - l.start;
    time.set(l.claim.subject, seen);
  }
  const [subject, best] = [...time].reduce<[string, { ns: number; confidence: Claim['confidence'] }]>(
    (b, e) => (e[1].ns > b[1].ns ? e : b),
    ['', { ns: 0, confidence: 'low' }],
  );
  const fromWork = work.get(cause);
  if (subject === '' || (fromWork !== undefined && best.ns === 0))
    return { subject: fromWork?.subject ?? 'no loss was claimed', confidence: fromWork?.confidence ?? 'low' };
  return { subject, confidence: best.confidence };
}

/** When the main cause set in, even if no request was in flight yet: in its first gap (or other loss) that counts. */
function beginning(h: HoldUp, inside: readonly ClaimedLoss[], main: CauseOrRest | undefined): number {
  const units = new Map<number, { losses: ClaimedLoss[]; time: number }>();
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
function onset(losses: readonly ClaimedLoss[], main: CauseOrRest | undefined): number {
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
