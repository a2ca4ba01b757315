import type { FactRow } from '#schema/relation';

/** Facts of two snapshots whose GPUs are the same boards by the same numbers. */
export interface SameBoards {
  readonly before: readonly FactRow[];
  /** Numbers of boards, as they were, that are not there any more. */
  readonly gone: readonly number[];
  /** Numbers, as they are, of boards that were not there. */
  readonly added: readonly number[];
  /** Numbers, as they are, at which another board stands. */
  readonly replaced: readonly number[];
  readonly renumbered: readonly { readonly from: number; readonly to: number }[];
}

const GPU = /\bGPU (\d+)\b/g;
const OWN = /^GPU (\d+)$/;

/** The boards of a snapshot by their numbers; those whose hash is not known have none. */
function boardsOf(facts: readonly FactRow[]): ReadonlyMap<number, string | undefined> {
  const boards = new Map<number, string | undefined>();
  for (const { entity, name, value } of facts) {
    const [, digits] = OWN.exec(entity) ?? [];
    if (digits === undefined) continue;
    const gpu = Number(digits);
    if (name === 'uuid_hash') boards.set(gpu, String(value));
    else if (!boards.has(gpu)) boards.set(gpu, undefined);
  }
  return boards;
}

/** An entity whose GPUs are called by other numbers; undefined where one of them is gone. */
function renamed(entity: string, numbers: ReadonlyMap<number, number>): string | undefined {
  let isWhole = true;
  const text = entity.replace(GPU, (_, digits: string) => {
    const to = numbers.get(Number(digits));
    if (to === undefined) isWhole = false;
    return `GPU ${to ?? digits}`;
  });
  if (!isWhole) return undefined;
  // A pair is called by the lower number first.
  const [, one, other] = /^(GPU \d+)-(GPU \d+)$/.exec(text) ?? [];
  return one !== undefined && other !== undefined && one.localeCompare(other, 'en', { numeric: true }) > 0 ? `${other}-${one}` : text;
}

/**
 * Finds each board of an earlier snapshot in a later one: by the hash of its UUID, since a GPU that is lost moves the numbers of those behind
 * it; by its number where no hash is known.
 */
export function sameBoards(before: readonly FactRow[], now: readonly FactRow[]): SameBoards {
  const [old, present] = [boardsOf(before), boardsOf(now)];
  const byHash = new Map([...present].flatMap(([gpu, hash]) => (hash === undefined ? [] : [[hash, gpu] as const])));
  const numbers = new Map<number, number>();
  const left: number[] = [];
  for (const [gpu, hash] of old) {
    const found = hash === undefined ? undefined : byHash.get(hash);
    if (found === undefined) left.push(gpu);
    else numbers.set(gpu, found);
  }
  const taken = new Set(numbers.values());
  const gone: number[] = [];
  const replaced: number[] = [];
  for (const gpu of left) {
    if (!present.has(gpu) || taken.has(gpu)) gone.push(gpu);
    else {
      numbers.set(gpu, gpu);
      if (old.get(gpu) !== undefined && present.get(gpu) !== undefined) replaced.push(gpu);
    }
  }
  const known = new Set(numbers.values());
  return {
    before: before.flatMap(row => {
      const entity = renamed(row.entity, numbers);
      return entity === undefined ? [] : [{ ...row, entity }];
    }),
    gone,
    added: [...present.keys()].filter(gpu => !known.has(gpu)),
    replaced,
    renumbered: [...numbers].flatMap(([from, to]) => (from === to ? [] : [{ from, to }])),
  };
}
