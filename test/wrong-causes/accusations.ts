import { type KnownFault, knownFaults, type Truth } from '#app/score/truth';
import { CAUSE_TEXT, type Cause, hasFlag } from '#schema/causes';
import type { Incident } from '#schema/incident';
import type { Report } from '#schema/report';

/** A fault and an incident, or two incidents, this far apart may be the same: stamps of truth are good to a few milliseconds. */
const SLACK_NS = 20e6;

interface Stretch {
  readonly start: number;
  readonly end: number;
}
const overlaps = (a: Stretch, b: Stretch) => Math.min(a.end, b.end) - Math.max(a.start, b.start) > -SLACK_NS;
const stretchOf = (i: Incident): Stretch => ({ start: Number(i.start_ns), end: Number(i.end_ns) });

/** Causes that a report stands for without reserve, and that blame something. */
const sure = (report: Report) =>
  new Set(report.causes.filter(c => c.confidence === 'high' && !hasFlag(c.cause, 'innocent')).map(c => c.cause));

const isCause = (what: string): what is Cause => Object.hasOwn(CAUSE_TEXT, what);

/** Whether a finding is a cause's own, or says of a lane as a whole that it is slow by that cause. */
const isAbout = ({ id, detail }: Report['findings'][number], cause: string): boolean =>
  id.endsWith(cause) || (isCause(cause) && detail.includes(CAUSE_TEXT[cause].title.toLowerCase()));

/**
 * What a report of a damaged trace accuses with high confidence although neither the truth nor the report of the whole trace knows of it: a
 * cause that is nobody's, or a known one at a time that is not its own.
 * @param changed whether the trace itself was damaged, or the files beside it
 */
export function newAccusations(whole: Report, damaged: Report, truth: Truth, changed: 'trace' | 'files'): readonly string[] {
  const faults: readonly KnownFault[] = knownFaults(truth);
  const known = new Set<string>([...whole.causes.map(c => c.cause), ...faults.flatMap(f => f.causes)]);
  // Files beside a trace choose which of its losses matter: what was lost, and by what, the trace alone says, and it is whole.
  const lost = new Set<string>(changed === 'files' ? whole.lane_books.flatMap(lane => lane.parts.map(part => part.what)) : []);
  const certain = sure(damaged);
  const causes = [...certain].filter(cause => !known.has(cause) && !lost.has(cause)).map(cause => `${cause}, which nothing earns`);
  const places = damaged.incidents.flatMap(i => {
    const cause = i.causes[0]?.cause;
    if (cause === undefined || cause === 'unexplained' || !certain.has(cause)) return [];
    const at = stretchOf(i);
    const there = [
      ...faults.filter(f => overlaps(at, f)).flatMap(f => f.causes as readonly string[]),
      ...whole.incidents.filter(w => overlaps(at, stretchOf(w))).flatMap(w => w.causes.map(c => c.cause as string)),
    ];
    return there.includes(cause) || !known.has(cause)
      ? []
      : [`${cause} at ${i.start_ms.toFixed(0)} to ${i.end_ms.toFixed(0)} ms, where ${there.join(', ') || 'nothing'} is known`];
  });
  // Severity says what a cause costs, confidence how sure it is: a finding of a cause with less than high confidence is no accusation.
  const unsure = damaged.causes.map(c => c.cause).filter(cause => !certain.has(cause));
  const findings = damaged.findings
    .filter(
      f =>
        f.severity === 'high' &&
        !unsure.some(cause => f.id.endsWith(cause)) &&
        !whole.findings.some(w => w.id === f.id) &&
        ![...known, ...lost].some(cause => isAbout(f, cause)),
    )
    .map(f => `finding ${f.id}: ${f.title}`);
  return [...causes, ...places, ...findings];
}
