import type { StorageConfig } from '#schema/storage-config';
import type { StorageStep } from '#schema/storage-plan';

/** An arm before it has a place in the order: what is the same in all of its repeats. */
export type Arm = Pick<StorageStep, 'hypothesis' | 'server' | 'arm' | 'level' | 'load' | 'contention' | 'restart' | 'drop' | 'prime'> & {
  readonly repeats: number;
  readonly models: readonly string[] | undefined;
  /** Arms of one block that are compared with each other. */
  readonly isPaired: boolean;
};

type Hypotheses = StorageConfig['hypotheses'];
type LoadOf = NonNullable<Hypotheses['h2']>['load'];
type Common = Pick<NonNullable<Hypotheses['h4']>, 'duration_s' | 'warm_up_s'>;
type Adapters = NonNullable<StorageStep['load']['adapters']>;

/** What arms are made of. */
export interface Ingredients {
  readonly config: StorageConfig;
  /** Adapters in each list. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** One request at a time, as many as it takes. */
const ONE_BY_ONE: LoadOf = { concurrency: 1, sessions: 1 };

function planned({ config }: Ingredients, prompts: string, load: LoadOf, { duration_s, warm_up_s }: Common, adapters: Adapters | null) {
  const set = config.prompts[prompts];
  return {
    prompts,
    prompt_tokens: set?.prompt_tokens ?? null,
    output_tokens: set?.output_tokens ?? 1,
    concurrency: load.concurrency ?? null,
    rate_per_s: load.rate_per_s ?? null,
    sessions: load.concurrency ?? load.sessions,
    duration_s,
    warm_up_s,
    requests: null,
    nonce: true,
    adapters,
  };
}

const listed = ({ sizes }: Ingredients, list: string, session: Adapters['session']): Adapters => ({
  list,
  size: sizes.get(list) ?? 0,
  session,
});

/** What an arm has in common with others of its hypothesis, by what the config says of both. */
function shared({ config }: Ingredients, of: { readonly repeats?: number | undefined; readonly models?: string[] | undefined }) {
  return { repeats: of.repeats ?? config.repeats, models: of.models, isPaired: false, contention: null, restart: false, prime: false };
}

const dropOf = ({ config }: Ingredients, adapters: Adapters | null): Arm['drop'] =>
  config.quiescence.drop === 'adapters' && adapters === null ? 'none' : config.quiescence.drop;

/** H0: levels of concurrency. */
function queueKnee(all: Ingredients): Arm[] {
  const { h0 } = all.config.hypotheses;
  if (h0 === undefined) return [];
  return h0.concurrency.map(n => ({
    ...shared(all, h0),
    ...{ hypothesis: 'h0', server: 'baseline', arm: `concurrency-${n}`, level: n, drop: dropOf(all, null) },
    load: planned(all, h0.prompts, { concurrency: n, sessions: n }, h0, null),
  }));
}

/** H1: the same adapters by a server that has none of them, with their files in the page cache and without. */
function coldAndWarm(all: Ingredients): Arm[] {
  const { h1 } = all.config.hypotheses;
  if (h1 === undefined) return [];
  const adapters = listed(all, h1.adapters, 'in-turn');
  const load = {
    ...planned(all, h1.prompts, ONE_BY_ONE, { duration_s: 1, warm_up_s: 0 }, adapters),
    ...{ duration_s: null, requests: adapters.size * h1.passes },
  };
  const common = {
    ...shared(all, h1),
    hypothesis: 'h1' as const,
    server: 'adapters' as const,
    level: null,
    load,
    isPaired: true,
    restart: true,
  };
  const cold = all.config.quiescence.drop === 'all' ? 'all' : 'adapters';
  return [
    { ...common, arm: 'cold', drop: cold, prime: false },
    { ...common, arm: 'warm', drop: 'none', prime: true },
  ];
}

/** H2: working sets, by the length of prompts. */
function workingSets(all: Ingredients): Arm[] {
  const { h2 } = all.config.hypotheses;
  if (h2 === undefined) return [];
  return h2.prompts.map(prompts => {
    const load = planned(all, prompts, h2.load, h2, null);
    const { prompt_tokens, output_tokens, concurrency } = load;
    const level = prompt_tokens === null || concurrency === null ? null : (prompt_tokens + output_tokens) * concurrency;
    return { ...shared(all, h2), hypothesis: 'h2', server: 'baseline', arm: prompts, level, load, drop: dropOf(all, null) };
  });
}

/** H4: levels of contention, from none to heavy. */
function contended(all: Ingredients): Arm[] {
  const { h4 } = all.config.hypotheses;
  if (h4 === undefined) return [];
  return h4.contention.map((name, level) => {
    const of = all.config.contention?.levels[name];
    const { iodepth = 1, jobs = 1, block_kib = 1, rate_iops = null } = of ?? {};
    return {
      ...shared(all, h4),
      ...{ hypothesis: 'h4', server: 'baseline', arm: name, level, drop: dropOf(all, null) },
      load: planned(all, h4.prompts, h4.load, h4, null),
      contention: of === undefined ? null : { level: name, iodepth, jobs, block_kib, rate_iops },
    };
  });
}

/** H5: numbers of adapters, each with users that change them and users that stick to theirs. */
function adapterSets(all: Ingredients): Arm[] {
  const { h5 } = all.config.hypotheses;
  if (h5 === undefined) return [];
  return h5.adapters.flatMap(list =>
    h5.sessions.map((session): Arm => {
      const adapters = listed(all, list, session);
      return {
        ...shared(all, h5),
        ...{
          hypothesis: 'h5',
          server: 'adapters',
          arm: `${list}-${session}`,
          level: adapters.size,
          drop: dropOf(all, adapters),
          restart: true,
        },
        load: planned(all, h5.prompts, h5.load, h5, adapters),
      };
    }),
  );
}

/** H6: no adapters, and all of them at random, of the same server. */
function storm(all: Ingredients): Arm[] {
  const { h6 } = all.config.hypotheses;
  if (h6 === undefined) return [];
  const of = (arm: string, adapters: Adapters | null): Arm => ({
    ...shared(all, h6),
    ...{ hypothesis: 'h6', server: 'adapters', arm, level: null, isPaired: true, drop: dropOf(all, adapters) },
    load: planned(all, h6.prompts, h6.load, h6, adapters),
  });
  return [of('baseline', null), of('storm', listed(all, h6.adapters, 'random'))];
}

/** All arms of an experiment, in the order of the hypotheses. */
export const armsOf = (all: Ingredients): readonly Arm[] =>
  [queueKnee, coldAndWarm, workingSets, contended, adapterSets, storm].flatMap(of => of(all));
