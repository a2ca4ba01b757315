import type { Shape, Textbook } from '#multi-gpu/pipeline/schedules/textbook';
import { unnamedWork } from '#multi-gpu/pipeline/unnamed/unnamed-work';
import { planOf, type UnnamedPlan } from './plan.ts';
import { launchedBy, unnamedSource } from './source.ts';

/** What was made of a made-up run. */
export interface Recognition {
  readonly plan: UnnamedPlan;
  /**
   * right: its name and shape; tied: several names, its own among them, of schedules that launch the very same; alike: several names, its own among them, that
   * something tells apart; shape: its name, another shape; wrong: another name; silent: none.
   */
  readonly verdict: 'right' | 'tied' | 'alike' | 'shape' | 'wrong' | 'silent';
  /** What most iterations were taken for. */
  readonly said: string;
  /** Iterations that were found. */
  readonly iterations: number;
}

const shapeText = ({ p, m, v }: Shape) => `p=${p} m=${m} v=${v}`;

/** A schedule that an iteration was taken for. */
interface Named {
  readonly textbook: Textbook;
  readonly shape: Shape;
}

/** Whether a schedule launches on each rank what the plan's own does, kernel by kernel and message by message: then no trace can tell them apart. */
function isSame(plan: UnnamedPlan, { textbook, shape }: Named): boolean {
  const [own, other] = [launchedBy(plan), launchedBy({ ...plan, textbook, shape })];
  return own.every((launched, rank) => launched.join('\n') === other[rank]?.join('\n'));
}

function verdictOf(plan: UnnamedPlan, named: readonly Named[], said: string): Recognition['verdict'] {
  if (named.length === 0) return 'silent';
  if (!named.some(n => n.textbook.name === plan.textbook.name)) return 'wrong';
  if (named.length > 1) return named.every(n => isSame(plan, n)) ? 'tied' : 'alike';
  return said.endsWith(shapeText(plan.shape)) ? 'right' : 'shape';
}

/** Runs a plan through the recognition and compares. */
export function recognisePlan(plan: UnnamedPlan): Recognition {
  const work = unnamedWork([unnamedSource(plan)]);
  const votes = new Map<string, number>();
  const namedOf = new Map<string, readonly Named[]>();
  for (const i of work?.iterations ?? []) {
    const { textbook, candidates } = i.recognised ?? {};
    const named = candidates ?? (textbook === undefined ? [] : [{ textbook, shape: { p: i.p, m: i.m, v: i.v } }]);
    const key = named.length === 0 ? 'unknown' : `${named.map(n => n.textbook.name).join(' or ')} ${shapeText(i)}`;
    votes.set(key, (votes.get(key) ?? 0) + 1);
    namedOf.set(key, named);
  }
  const [said = 'nothing'] = [...votes].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  return { plan, verdict: verdictOf(plan, namedOf.get(said) ?? [], said), said, iterations: work?.iterations.length ?? 0 };
}

/** The same of the plan that a seed makes. */
export const recogniseSeed = (seed: number): Recognition => recognisePlan(planOf(seed));
