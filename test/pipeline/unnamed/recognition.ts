import type { Shape } from '#multi-gpu/pipeline/schedules/textbook';
import { unnamedWork } from '#multi-gpu/pipeline/unnamed/unnamed-work';
import type { ScheduleName } from '#schema/pipeline';
import { planOf, type UnnamedPlan } from './plan.ts';
import { unnamedSource } from './source.ts';

/** What was made of a made-up run. */
export interface Recognition {
  readonly plan: UnnamedPlan;
  /** right: its name and shape; shape: its name, another shape; alike: several names, its own among them; wrong: another name; silent: none. */
  readonly verdict: 'right' | 'shape' | 'alike' | 'wrong' | 'silent';
  /** Nothing in the trace tells the names apart that were given, its own among them. */
  readonly isOpen: boolean;
  /** What most iterations were taken for. */
  readonly said: string;
  /** Iterations that were found. */
  readonly iterations: number;
}

const shapeText = ({ p, m, v }: Shape) => `p=${p} m=${m} v=${v}`;

/**
 * GPipe and looped BFS run all forwards, then all backwards. Chunks of equal kernels look like one; and a kernel that does all that is due between two operations
 * runs as often in either.
 */
const isOpen = ({ messages }: UnnamedPlan, names: readonly ScheduleName[]) =>
  messages === 'grouped' && names.length === 2 && names.every(n => n === 'gpipe' || n === 'looped-bfs');

function verdictOf({ textbook, shape }: UnnamedPlan, names: readonly ScheduleName[], said: string): Recognition['verdict'] {
  if (names.length === 0) return 'silent';
  if (!names.includes(textbook.name)) return 'wrong';
  if (names.length > 1) return 'alike';
  return said.endsWith(shapeText(shape)) ? 'right' : 'shape';
}

/** Runs a plan through the recognition and compares. */
export function recognisePlan(plan: UnnamedPlan): Recognition {
  const work = unnamedWork([unnamedSource(plan)]);
  const votes = new Map<string, number>();
  const namesOf = new Map<string, readonly ScheduleName[]>();
  for (const i of work?.iterations ?? []) {
    const names = i.recognised?.candidates?.map(c => c.textbook.name) ?? [i.recognised?.name ?? 'unknown'].filter(n => n !== 'unknown');
    const key = names.length === 0 ? 'unknown' : `${names.join(' or ')} ${shapeText(i)}`;
    votes.set(key, (votes.get(key) ?? 0) + 1);
    namesOf.set(key, names);
  }
  const [said = 'nothing'] = [...votes].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const names = namesOf.get(said) ?? [];
  return { plan, verdict: verdictOf(plan, names, said), isOpen: isOpen(plan, names), said, iterations: work?.iterations.length ?? 0 };
}

/** The same of the plan that a seed makes. */
export const recogniseSeed = (seed: number): Recognition => recognisePlan(planOf(seed));
