import { createHash } from 'node:crypto';
import { uniformAt } from '#record/load-test/generator/rng';
import type { StorageConfig } from '#schema/storage-config';
import type { StoragePlan, StorageStep } from '#schema/storage-plan';
import { type Arm, armsOf } from './arms.ts';

const SERVERS = ['baseline', 'adapters'] as const;
/** Where seeds end (`forensics load --seed`). */
const SEEDS = 2 ** 31;

/** What a plan is made of, beside the config. */
export interface PlanFacts {
  /** Adapters in each list of the config. */
  readonly sizes: ReadonlyMap<string, number>;
  /** SHA-256 of the config as it is understood, and of the lists and texts that it names. */
  readonly configSha256: string;
}

/** Draws of a plan: each is used once, so that the order in which they are made is all that they depend on. */
type Draw = () => number;

const drawing = (seed: number): Draw => {
  let drawn = 0;
  return () => uniformAt(seed, 'order', drawn++);
};

/** Fisher and Yates (Durstenfeld, CACM 7(7), 1964, algorithm 235). */
function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const out = [...items];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    const [a, b] = [out[i], out[j]];
    if (a === undefined || b === undefined) continue;
    out[i] = b;
    out[j] = a;
  }
  return out;
}

/** A number that steps of one block share, so that all arms of a hypothesis are asked the same at the same times. */
function seedOf(seed: number, ...of: readonly (string | number)[]): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, ...of]))
    .digest();
  return hash.readUInt32BE(0) % SEEDS;
}

/** Arms that go together: a pair is not torn apart. */
function unitsOf(arms: readonly Arm[]): readonly (readonly Arm[])[] {
  const [paired, single] = [arms.filter(arm => arm.isPaired), arms.filter(arm => !arm.isPaired)];
  const pairs = [...new Set(paired.map(arm => arm.hypothesis))];
  return [...single.map(arm => [arm]), ...pairs.map(hypothesis => paired.filter(arm => arm.hypothesis === hypothesis))];
}

interface Placed {
  readonly arm: Arm;
  readonly model: string;
  readonly block: number;
}

/** One block after the other, each in an order of its own: what drifts in time falls on all arms alike. */
function ordered(config: StorageConfig, arms: readonly Arm[]): Placed[] {
  const draw = drawing(config.seed);
  return Object.keys(config.models).flatMap(model =>
    SERVERS.flatMap(server => {
      const mine = arms.filter(
        arm => arm.server === server && (arm.models ?? [model]).includes(model) && config.models[model]?.[server] !== undefined,
      );
      const blocks = Math.max(0, ...mine.map(arm => arm.repeats));
      return Array.from({ length: blocks }, (_, i) => i + 1).flatMap(block =>
        shuffled(unitsOf(mine.filter(arm => arm.repeats >= block)), draw).flatMap(unit =>
          shuffled(unit, draw).map(arm => ({ arm, model, block })),
        ),
      );
    }),
  );
}

function stepOf({ arm: made, model, block }: Placed, position: number, config: StorageConfig): StorageStep {
  const { repeats: _, models: __, isPaired, ...arm } = made;
  const { hypothesis, level } = arm;
  const bytes = config.models[model]?.kv_bytes_per_token;
  const also = [...(hypothesis === 'h2' ? ['h3' as const] : []), ...(arm.server === 'adapters' ? ['h7' as const] : []), 'h8' as const];
  return {
    id: `${String(position + 1).padStart(4, '0')}-${model}-${hypothesis}-${arm.arm}-r${block}`,
    position,
    serves: [hypothesis, ...also],
    model,
    ...arm,
    working_set_bytes: hypothesis === 'h2' && level !== null && bytes !== undefined ? level * bytes : null,
    block,
    pair: isPaired ? `${model}-${hypothesis}-r${block}` : null,
    seed: seedOf(config.seed, model, hypothesis, block),
  };
}

/**
 * The steps of an experiment in their order. It depends on the config, its seed and the facts alone: randomised complete blocks (Fisher,
 * The Design of Experiments, 1935, §26), a block a repeat, one server after the other so that models are not loaded for each step.
 */
export function makePlan(config: StorageConfig, { sizes, configSha256 }: PlanFacts): StoragePlan {
  const steps = ordered(config, armsOf({ config, sizes })).map((placed, i) => stepOf(placed, i, config));
  return {
    schema: 'forensics.storage-plan/1',
    seed: config.seed,
    config_sha256: configSha256,
    device: config.device ?? null,
    least_s: steps.reduce((sum, { load }) => sum + (load.duration_s ?? 0) + load.warm_up_s, 0),
    steps,
  };
}
