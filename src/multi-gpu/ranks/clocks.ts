import { valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import { align } from './align.ts';
import type { CollectiveStream, Ranks } from './ranks.ts';
import type { CollectiveSource } from './source.ts';

/** How a source's times become times of the first source. */
export interface SourceClock {
  /** Session start after the first source's: what the wall clocks say. */
  readonly nominal: Ns;
  /** What the ends of matched collectives add to that, in the middle of the trace; 0 where the nominal clock is used. */
  readonly correction: Ns;
  /** Drift against the first source, parts per million. */
  readonly driftPpm: number;
  /** How far the ends of matched collectives scatter about the clock: inside it no order is claimed. NaN where nothing was matched. */
  readonly residual: Ns;
  /** Matched ends that it rests on. */
  readonly n: number;
  readonly method: 'reference' | 'nominal' | 'ends of collectives' | 'unknown';
  /** What to add to a time of this source. */
  readonly add: (t: Ns) => Ns;
}

/** Wall clocks kept by NTP are off by milliseconds, at worst tens of them; more than this and nothing can be matched by order alone. */
const REACH_NS = 1e9;
/** A correction of less is no contradiction of the nominal clock: leaving a collective takes ranks a few µs. */
const LEAST_CORRECTION_NS = 10_000;

const REFERENCE: SourceClock = { nominal: 0, correction: 0, driftPpm: 0, residual: 0, n: 0, method: 'reference', add: () => 0 };

/**
 * Puts all sources on the first one's clock: by the epochs of their sessions, refined by the ends of collectives that both took part in,
 * since all ranks leave together. A source that shares no collective with the first is reached over those that do.
 */
export function mergeClocks(sources: readonly CollectiveSource[], { ranks, streams }: Ranks): readonly SourceClock[] {
  const first = sources[0]?.clock.session;
  const nominals = sources.map(s => (s.clock.session === undefined || first === undefined ? 0 : Number(s.clock.session - first)));
  const clocks = new Map<number, SourceClock>([[0, REFERENCE]]);
  const ofSource = (source: number) => streams.filter(c => ranks[c.rank]?.source === source);
  for (let found = true; found; ) {
    found = false;
    for (let s = 1; s < sources.length; s++) {
      if (clocks.has(s)) continue;
      const clock = bestClock([...clocks], ofSource, s, nominals);
      if (clock === undefined) continue;
      clocks.set(s, clock);
      found = true;
    }
  }
  return sources.map((_, s) => {
    const nominal = valueAt(nominals, s);
    const known: SourceClock = { nominal, correction: 0, driftPpm: 0, residual: Number.NaN, n: 0, method: 'unknown', add: () => nominal };
    return clocks.get(s) ?? known;
  });
}

/** The clock of source s from the pair of streams, one of a known source, whose ends agree best. */
function bestClock(
  known: readonly (readonly [number, SourceClock])[],
  ofSource: (source: number) => readonly CollectiveStream[],
  s: number,
  nominals: readonly number[],
): SourceClock | undefined {
  const nominal = valueAt(nominals, s);
  let best: SourceClock | undefined;
  for (const [k, clock] of known) {
    // The fewer steps to the first source the better: its own word counts before that of others.
    if (best !== undefined) break;
    for (const a of ofSource(k))
      for (const b of ofSource(s)) {
        const found = align(a, b, nominal - valueAt(nominals, k), REACH_NS);
        if (found === undefined) continue;
        const { line } = found;
        const residual = Math.hypot(line.spread, clock.residual);
        if (best !== undefined && best.residual <= residual) continue;
        const added = clock.correction + line.middle;
        const contradicted = Math.abs(added) > Math.max(residual, LEAST_CORRECTION_NS) || line.slope !== 0 || clock.driftPpm !== 0;
        // Times of b, on the nominal clock, become times of a by the line; those become the first source's by a's own clock.
        const add = (t: Ns) => {
          const onA = t + nominal - valueAt(nominals, k);
          const moved = onA + line.at(onA);
          return moved + clock.add(moved) - t;
        };
        best = {
          nominal,
          correction: contradicted ? added : 0,
          driftPpm: clock.driftPpm + line.slope * 1e6,
          residual,
          n: found.n,
          method: contradicted ? 'ends of collectives' : 'nominal',
          add: contradicted ? add : () => nominal,
        };
      }
  }
  return best;
}
