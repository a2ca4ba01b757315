import { benjaminiHochberg } from '#core/math/benjamini-hochberg';
import { binomialTail } from '#core/math/binomial-tail';
import { largestOf } from '#core/math/normal-range';
import type { Ns, Share } from '#core/units';

/** A collective that somebody entered later than usual, beyond the scatter of all entries. */
export interface LateEntry {
  readonly at: Ns;
  /** The one that was last. */
  readonly who: number;
  /** By how much the others waited for it, ns. */
  readonly late: Ns;
}

/**
 * A late entry reaches as far as the time of which it is this share: within reach, the next one of the same participant continues the spell. So
 * much of a step counts, however little each wait is.
 */
const SPELL_SHARE: Share = 0.1;
/** The share of spells by chance among those that are told, on average. Spells of several ranks share entries, so whatever they depend on is allowed for. */
const FALSE_DISCOVERIES: Share = 0.01;
/** Among fewer spells than this a handful of faults would reach the quarter that tells the tail. */
const FEWEST_FOR_TAIL = 40;

/** Entries within a few launches of each other are together: launches scatter by as much on an idle machine. */
export const LEAST_SCATTER_NS: Ns = 20_000;
/** A spell that costs less than this is not worth a name: one step of decoding takes milliseconds. */
const LEAST_SPELL_NS: Ns = 1e6;

interface Spell {
  readonly who: number;
  /** Places of its first and last entry in the list. */
  readonly first: number;
  readonly last: number;
  /** What the others waited in all, less what it waited for them. */
  readonly total: Ns;
  /** Entries in it, and those of them at which it was the last. */
  readonly entries: number;
  readonly own: number;
}

/**
 * Finds spells in which one participant kept the others waiting again and again, each time for less than would count: what a neighbour on its
 * GPU does to it. A spell counts where so many of its entries were the same one's that chance, which befalls all alike, does not explain it
 * (binomial, false-discovery rate over all spells of all participants), and where it cost more than the most by chance of all spells: prompts that one rank
 * always launches more slowly than the others are as much its own, and are usual.
 * @param entries in order of time, those beyond the scatter that are too short to count alone
 * @param participants of the collectives
 * @returns for each entry the number of such a spell, counted from 1; 0 for none
 */
export function lateSpells(entries: readonly LateEntry[], participants: number): Int32Array {
  const spells = Array.from({ length: participants }, (_, who) => spellsOf(entries, who)).flat();
  const out = new Int32Array(entries.length);
  if (spells.length < FEWEST_FOR_TAIL) return out;
  const limit = Math.max(LEAST_SPELL_NS, largestOf(Float64Array.from(spells, s => s.total).sort()));
  const tails = spells.map(({ entries: n, own }) => binomialTail(n, own / n, 1 / participants));
  const { rejected } = benjaminiHochberg(tails, FALSE_DISCOVERIES, 'any');
  let number = 0;
  for (const [i, { who, first, last, total }] of spells.entries()) {
    if (total < limit || rejected[i] !== true) continue;
    number++;
    for (let k = first; k <= last; k++) if (entries[k]?.who === who) out[k] = number;
  }
  return out;
}

function spellsOf(entries: readonly LateEntry[], who: number): Spell[] {
  const out: Spell[] = [];
  let open: Spell | undefined;
  /** How far the last own entry reaches, and what came since. */
  let [until, others, waited] = [0, 0, 0];
  for (const [k, { at, who: last, late }] of entries.entries()) {
    if (last !== who) {
      others++;
      waited += late;
      continue;
    }
    if (open === undefined || at > until) {
      if (open !== undefined) out.push(open);
      open = { who, first: k, last: k, total: late, entries: 1, own: 1 };
    } else {
      const { first, total, entries: n, own } = open;
      open = { who, first, last: k, total: total + late - waited, entries: n + others + 1, own: own + 1 };
    }
    until = Math.max(until, at + late / SPELL_SHARE);
    [others, waited] = [0, 0];
  }
  return open === undefined ? out : [...out, open];
}
