import type { Shape } from '#multi-gpu/pipeline/schedules/textbook';
import { unnamedWork } from '#multi-gpu/pipeline/unnamed/unnamed-work';
import type { ScheduleName } from '#schema/pipeline';
import { planOf, type UnnamedPlan } from './plan.ts';
import { unnamedSource } from './source.ts';

/** What was made of a made-up run. */
export interface Recognition {
  readonly plan: UnnamedPlan;
  /** right: its name and shape; alike: several names, its own among them; wrong: another name or shape; silent: none. */
  readonly verdict: 'right' | 'alike' | 'wrong' | 'silent';
  readonly said: string;
}

const shapeText = ({ p, m, v }: Shape) => `p=${p} m=${m} v=${v}`;

/** Runs a plan through the recognition and compares. */
export function recogniseSeed(seed: number): Recognition {
  const plan = planOf(seed);
  const work = unnamedWork([unnamedSource(plan)]);
  const votes = new Map<string, number>();
  const names = new Map<string, readonly ScheduleName[]>();
  for (const i of work?.iterations ?? []) {
    const r = i.recognised;
    const all = r === undefined || (r.name === 'unknown' && r.candidates === undefined) ? [] : (r.candidates ?? [r.name]);
    const key = all.length === 0 ? 'unknown' : `${all.join(' or ')} ${shapeText(i)}`;
    votes.set(key, (votes.get(key) ?? 0) + 1);
    names.set(key, all);
  }
  const [said = 'nothing'] = [...votes].sort((a, b) => b[1] - a[1]).map(([key]) => key);
  const own = names.get(said) ?? [];
  const { name } = plan.textbook;
  const isShape = said.endsWith(shapeText(plan.shape));
  const verdict =
    own.length === 0
      ? 'silent'
      : own.length === 1
        ? own[0] === name && isShape
          ? 'right'
          : 'wrong'
        : own.includes(name)
          ? 'alike'
          : 'wrong';
  return { plan, verdict, said };
}
