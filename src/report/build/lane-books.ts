import { measure } from '#core/math/spans';
import type { Ns } from '#core/units';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { Lane } from '#diagnosis/lanes/lane';
import type { LaneBooks } from '#schema/summary';

type What = LaneBooks['parts'][number]['what'];

interface Told {
  readonly lane: Lane;
  readonly attributed: readonly AttributedLoss[];
}

const isIdle = ({ loss }: AttributedLoss): boolean => loss.kind === 'starved' || loss.kind === 'queued' || loss.kind === 'unknown';

/** Whose a loss is in the books of its lane; undefined for slow work that nobody is blamed for, which is work. */
function whatOf({ cause, loss }: AttributedLoss): What | undefined {
  if (cause !== undefined) return cause;
  switch (loss.kind) {
    case 'starved':
      return loss.isInput === true ? 'waiting' : 'unexplained';
    case 'queued':
      return 'queued';
    case 'unknown':
      return 'unknown';
    case 'copy':
      return 'copies';
    case 'slow':
    case 'spin':
      return undefined;
  }
}

/** Where the time of a lane went in the window: its losses by cause, the moments between launches, and work, which add up to it. */
export function laneBooks(
  { lane, attributed }: Told,
  [from, to]: readonly [Ns, Ns],
  who: Pick<LaneBooks, 'process' | 'device'>,
): LaneBooks {
  const byWhat = new Map<What, Ns>();
  const add = (what: What, ns: Ns) => byWhat.set(what, (byWhat.get(what) ?? 0) + ns);
  const whole = Math.max(0, to - from);
  let [idle, lost] = [0, 0];
  for (const a of attributed) {
    const ns = Math.min(to, a.end) - Math.max(from, a.start);
    const what = whatOf(a);
    if (!(ns > 0)) continue;
    if (isIdle(a)) idle += ns;
    if (what === undefined) continue;
    lost += ns;
    add(what, ns);
  }
  const launches = Math.max(0, Math.min(whole - lost, whole - measure(lane.busy) - idle));
  add('launches', launches);
  add('work', Math.max(0, whole - lost - launches));
  return {
    ...who,
    parts: [...byWhat]
      .filter(([, ns]) => ns > 0)
      .map(([what, ns]) => ({ what, ms: ns / 1e6, share: whole > 0 ? ns / whole : 0 }))
      .toSorted((a, b) => b.ms - a.ms),
  };
}
