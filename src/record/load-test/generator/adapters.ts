import { uniformAt } from './rng.ts';

/** How requests choose among adapters (LoRA). Plain data: it travels to other processes. */
export interface AdapterUse {
  /** One or more. */
  readonly names: readonly string[];
  /** random: drawn for each request; sticky: a session keeps the one it drew; in-turn: one request after the other. */
  readonly session: 'random' | 'sticky' | 'in-turn';
  /** Users of an open loop; in a closed loop each place in flight is one. */
  readonly sessions: number;
  /** Where the name goes in the body; a point steps into an object. */
  readonly field: string;
}

/** Who asks, and for what. */
export interface Choice {
  /** Number of the user. */
  readonly session: number;
  readonly adapter: string;
}

/** What one request asks for beside its lengths; nothing where nothing of it was wanted. */
export interface Asked extends Partial<Choice> {
  /** Words that its prompt begins with. */
  readonly nonce?: string;
}

/**
 * Tells for each request who sends it and which adapter it asks for; the same for a seed, whatever generator sends it. Sessions that stick
 * draw without putting back, so that four of them use four adapters where there are as many.
 * @returns a function of the number of the request, and of its place in a closed loop (null in an open one)
 */
export function adapterChooser({ names, session, sessions }: AdapterUse, seed: number): (index: number, place: number | null) => Choice {
  const drawn = names.map((_, i) => i).toSorted((a, b) => uniformAt(seed, 'adapters', a) - uniformAt(seed, 'adapters', b));
  const numberOf = (index: number, user: number): number => {
    if (session === 'in-turn') return index % names.length;
    if (session === 'random') return Math.floor(uniformAt(seed, 'adapter', index) * names.length);
    return drawn[user % names.length] ?? 0;
  };
  return (index, place) => {
    const user = place ?? Math.floor(uniformAt(seed, 'user', index) * sessions);
    return { session: user, adapter: names[numberOf(index, user)] ?? '' };
  };
}
