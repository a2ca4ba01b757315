import { realAt } from '#core/columns';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { CauseInIncident } from '#diagnosis/steps/explain-stalls';
import type { Cause } from '#schema/causes';
import type { HostThread } from '#trace/events/host-calls';
import type { RankLedger } from './rank-ledger.ts';

/** One step of one rank: how long it took beyond the usual, and why. Times on its source's clock, ns. */
export interface StepBreakdown {
  readonly step: number;
  readonly start: Ns;
  readonly end: Ns;
  /** Of steps of its kind. */
  readonly usual: Ns;
  /** Beyond the usual; never negative. */
  readonly excess: Ns;
  readonly isSlow: boolean;
  /** How much longer than usual collectives ran in it; never more than the excess. */
  readonly inCollectives: Ns;
  /** The likeliest first; they add up to the excess. */
  readonly causes: readonly CauseInIncident[];
}

/** Losses of one cause that lie in a step. They are in order and never overlap. */
function lossesIn({ attributed, lossEnds }: RankLedger, start: Ns, end: Ns): AttributedLoss[] {
  const out: AttributedLoss[] = [];
  for (let k = upperBound(lossEnds, start); k < attributed.length; k++) {
    const loss = attributed[k];
    if (loss === undefined || loss.start >= end) break;
    out.push({ ...loss, start: Math.max(start, loss.start), end: Math.min(end, loss.end) });
  }
  return out;
}

/** What the losses of a cause were about: the subject that took most of them, and the thread of the longest. */
function aboutOf(
  losses: readonly AttributedLoss[],
  cause: Cause,
  threads: readonly HostThread[],
): Omit<CauseInIncident, 'cause' | 'excess'> {
  const time = new Map<string, { ns: Ns; confidence: CauseInIncident['confidence'] }>();
  let longest: AttributedLoss | undefined;
  for (const l of losses) {
    if (l.cause !== cause || l.attribution === undefined) continue;
    const { subject, confidence } = l.attribution;
    const seen = time.get(subject) ?? { ns: 0, confidence };
    seen.ns += l.end - l.start;
    time.set(subject, seen);
    if (longest === undefined || l.end - l.start > longest.end - longest.start) longest = l;
  }
  const [most] = [...time].toSorted((a, b) => b[1].ns - a[1].ns);
  const about = { subject: most?.[0] ?? '', confidence: most?.[1].confidence ?? ('low' as const) };
  if (longest?.loss.kind !== 'starved') return about;
  const at = (index: number, call: string) => {
    const thread = threads[index];
    return thread && { process: thread.pid, thread: thread.tid, call };
  };
  const [first] = longest.loss.via;
  return { ...about, root: at(longest.loss.root, longest.loss.call), symptom: first && at(first.thread, first.call) };
}

/** A cause with less than this beside the unexplained rest does not lead it: so much any step loses here and there. */
const LEADING: Share = 0.1;

/** Causes in the order of their size, the rest last, unless what is known beside it is a trifle. */
export function inOrder(causes: readonly CauseInIncident[]): CauseInIncident[] {
  const known = causes.filter(c => c.cause !== 'unexplained').toSorted((a, b) => b.excess - a.excess);
  const rest = causes.filter(c => c.cause === 'unexplained');
  const [most] = known;
  return most === undefined || most.excess < LEADING * rest.reduce((s, c) => s + c.excess, 0) ? [...rest, ...known] : [...known, ...rest];
}

/** Breaks down one of a rank's steps. @param threads of its source */
export function stepBreakdowns(ledger: RankLedger, threads: readonly HostThread[]): (step: number) => StepBreakdown {
  const { steps } = ledger;
  return step => {
    const [start, end] = [realAt(steps.start, step), realAt(steps.end, step)];
    const { median, losses: usual } = ledger.normalOf(step);
    const duration = end - start;
    const excess = Math.max(0, duration - median);
    const inside = lossesIn(ledger, start, end);
    const beyond = [...ledger.lostIn(step)]
      .map(([cause, ns]) => ({ cause, ns: ns - (usual.get(cause) ?? 0) }))
      .filter(b => b.ns > 0)
      .toSorted((a, b) => b.ns - a.ns);
    const causes: CauseInIncident[] = [];
    // A step that lost more than it took longer made up for the rest elsewhere: the largest losses come first.
    let left = excess;
    for (const { cause, ns } of beyond) {
      const counted = Math.min(left, ns);
      if (counted <= 0) break;
      left -= counted;
      causes.push({ cause, excess: counted, ...aboutOf(inside, cause, threads) });
    }
    if (left > 0 || causes.length === 0) causes.push({ cause: 'unexplained', excess: left, subject: '', confidence: 'low' });
    return {
      step,
      start,
      end,
      usual: median,
      excess,
      isSlow: ledger.isSlow(step),
      inCollectives: Math.min(excess, ledger.collectiveExcess(step)),
      causes: inOrder(causes),
    };
  };
}

/** A cause, or a loss of one, counts for where a stretch begins when it is at least this share of the whole, or of the longest. */
const EARNEST: Share = 0.1;

/** When a step's excess set in: with the first loss that counts of a cause that counts. */
export function onsetOf(ledger: RankLedger, { causes, excess, start, end }: StepBreakdown): Ns {
  const telling = new Set(causes.filter(c => c.excess >= EARNEST * excess).map(c => c.cause));
  const own = lossesIn(ledger, start, end).filter(l => l.cause !== undefined && telling.has(l.cause));
  const longest = own.reduce((m, l) => Math.max(m, l.end - l.start), 0);
  return own.find(l => l.end - l.start >= EARNEST * longest)?.start ?? start;
}
