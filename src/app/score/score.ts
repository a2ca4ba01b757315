import { upperMedian } from '#core/math/median';
import type { Ms, Ns, Share } from '#core/units';
import { type CauseOrRest, hasFlag } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { Report } from '#schema/report';
import { type KnownFault, knownFaults, type Truth } from './truth.ts';

/** How one analysis did against what is known to be true. Shares lie in 0..1; null where there is nothing to divide by. */
export interface Score {
  readonly capture: string;
  readonly faults: number;
  /** Share of faults whose cause stands first (AC@1) or among the first three (AC@3) in their incident (RCAEval, arXiv 2412.17015). */
  readonly ac1: Share | null;
  readonly ac3: Share | null;
  /** Faults for which no incident, or none with a cause, was reported. */
  readonly abstained: number;
  /** Incidents with a fault as their first cause where none is known. */
  readonly falseAccusations: number;
  readonly unexplainedShare: Share | null;
  /** Largest distance between the start of a fault and of its incident. */
  readonly worstStartError_ms: Ms | null;
  readonly medianStartError_ms: Ms | null;
}

/** A fault and its incident may lie this far apart and still be the same: the truth is stamped to a few milliseconds. */
const SLACK_NS = 20e6;

const overlap = (i: Incident, f: KnownFault): Ns =>
  Math.min(Number(i.end_ns), f.end + SLACK_NS) - Math.max(Number(i.start_ns), f.start - SLACK_NS);

/** Causes of an incident in order, without the rest. */
const causesOf = (i: Incident | undefined) => (i?.causes ?? []).map(c => c.cause).filter(c => c !== 'unexplained');

/** What a run without requests is said to suffer from as a whole, in order: the stages of a pipeline have no incidents. */
const chronicCauses = (report: Report): readonly CauseOrRest[] =>
  report.requests === null ? report.causes.filter(c => c.scope === 'chronic').map(c => c.cause) : [];

/** Scores a report against its capture's truth; faults outside the trace's window do not count. */
export function scoreReport(capture: string, report: Report, truth: Truth): Score {
  const window = [Number(report.window.start_ns), Number(report.window.end_ns)] as const;
  const known = knownFaults(truth).filter(f => f.start >= window[0] && f.start <= window[1]);
  const planted = known.filter(f => f.planted);
  const chronic = chronicCauses(report);
  const matched = planted.map(f => {
    const incident = report.incidents.filter(i => overlap(i, f) > 0).toSorted((a, b) => overlap(b, f) - overlap(a, f))[0];
    return { fault: f, incident, causes: chronic.length > 0 ? chronic : causesOf(incident) };
  });
  const errors = matched.flatMap(({ fault, incident }) =>
    incident === undefined ? [] : [Math.abs(Number(incident.start_ns) - fault.start) / 1e6],
  );
  const share = (hit: (causes: readonly CauseOrRest[], f: KnownFault) => boolean) =>
    planted.length === 0 ? null : matched.filter(m => hit(m.causes, m.fault)).length / planted.length;
  return {
    capture,
    faults: planted.length,
    ac1: share((c, f) => f.causes.some(cause => c[0] === cause)),
    ac3: share((c, f) => f.causes.some(cause => c.slice(0, 3).includes(cause))),
    abstained: matched.filter(m => m.causes.length === 0).length,
    falseAccusations: report.incidents.filter(
      i => !hasFlag(i.causes[0]?.cause ?? 'unexplained', 'innocent') && !known.some(f => overlap(i, f) > 0),
    ).length,
    unexplainedShare: report.books.excess_ms > 0 ? report.unexplained.share : null,
    worstStartError_ms: errors.length > 0 ? Math.max(...errors) : null,
    medianStartError_ms: errors.length > 0 ? upperMedian(errors) : null,
  };
}
