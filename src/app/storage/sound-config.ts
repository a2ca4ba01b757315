import type { ListedAdapter } from '#app/load-test/adapter-list';
import type { ForensicsError } from '#core/errors';
import type { StorageConfig } from '#schema/storage-config';

type Server = 'baseline' | 'adapters';
type Hypotheses = StorageConfig['hypotheses'];
type Id = keyof Hypotheses;

const ASKED: Readonly<Record<Id, Server>> = {
  h0: 'baseline',
  h1: 'adapters',
  h2: 'baseline',
  h4: 'baseline',
  h5: 'adapters',
  h6: 'adapters',
};
const ids = (hypotheses: Hypotheses): Id[] => (Object.keys(ASKED) as Id[]).filter(id => hypotheses[id] !== undefined);

/** Names that the hypotheses use, and that the config must hold. */
function* namesUsed({
  hypotheses: { h1, h4, h5, h6, ...rest },
}: StorageConfig): Generator<readonly [Id, 'prompts' | 'adapters' | 'contention', string]> {
  for (const [id, of] of Object.entries({ h1, h4, h5, h6, ...rest }) as [Id, Hypotheses[Id]][])
    for (const name of of === undefined ? [] : [of.prompts].flat()) yield [id, 'prompts', name];
  if (h1 !== undefined) yield ['h1', 'adapters', h1.adapters];
  for (const name of h5?.adapters ?? []) yield ['h5', 'adapters', name];
  if (h6 !== undefined) yield ['h6', 'adapters', h6.adapters];
  for (const name of h4?.contention ?? []) if (name !== 'none') yield ['h4', 'contention', name];
}

/** What is wrong with the servers of the models, if anything is. */
function serversAmiss({ hypotheses, models }: StorageConfig): string | undefined {
  for (const id of ids(hypotheses)) {
    const wanted = ASKED[id];
    const named = hypotheses[id]?.models;
    const unknown = named?.find(model => models[model] === undefined);
    if (unknown !== undefined) return `${id} names the model ${unknown}, which is not there`;
    const lacking = named?.find(model => models[model]?.[wanted] === undefined);
    if (lacking !== undefined) return `${id} asks the ${wanted} server of the model ${lacking}, which has none`;
    if (!Object.values(models).some(model => model[wanted] !== undefined)) return `${id} asks the ${wanted} server, which no model has`;
  }
  return undefined;
}

/** H1 needs a server that can be started anew, and must know what to take out of the page cache. */
function coldAmiss(
  { hypotheses: { h1 }, models }: StorageConfig,
  adapters: ReadonlyMap<string, readonly ListedAdapter[]>,
): string | undefined {
  if (h1 === undefined) return undefined;
  const asked = h1.models ?? Object.keys(models);
  const fixed = asked.find(model => models[model]?.adapters !== undefined && models[model].adapters.start === undefined);
  if (fixed !== undefined) return `h1 restarts the adapters server of the model ${fixed}, which has no start command`;
  const blind = adapters.get(h1.adapters)?.find(({ file }) => file === null);
  return blind === undefined
    ? undefined
    : `h1 must know where the weights of ${blind.name} lie: write their file after the name in the list`;
}

/**
 * What zod cannot see: that each name is there, and that each hypothesis can be tried.
 * @throws what `refuse` makes of the first thing that is wrong
 */
export function assertSound(
  config: StorageConfig,
  adapters: ReadonlyMap<string, readonly ListedAdapter[]>,
  refuse: (what: string) => ForensicsError,
): void {
  const kept = { prompts: config.prompts, adapters: config.adapters, contention: config.contention?.levels ?? {} };
  if (ids(config.hypotheses).length === 0) throw refuse('it has no hypothesis');
  for (const [id, kind, name] of namesUsed(config))
    if (!Object.hasOwn(kept[kind], name)) throw refuse(`${id} names ${name}, which is not among its ${kind}`);
  const sizes = (config.hypotheses.h5?.adapters ?? []).map(name => adapters.get(name)?.length);
  if (new Set(sizes).size < sizes.length) throw refuse('h5 needs lists of different lengths');
  const amiss = serversAmiss(config) ?? coldAmiss(config, adapters);
  if (amiss !== undefined) throw refuse(amiss);
}
