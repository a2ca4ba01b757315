import { group } from 'd3-array';
import type { Quantity, Statement } from './statement.ts';

/** Everything that all files of an audit claim. */
export type StatementSet = readonly Statement[];
type Match = (claim: Statement) => boolean;
const ANY: Match = () => true;

interface Index {
  readonly quantities: ReadonlyMap<Quantity, Statement[]>;
  readonly scopes: ReadonlyMap<string, Statement[]>;
}
/** A histogram log makes tens of thousands of claims, and each is asked for its neighbours. */
const indexes = new WeakMap<StatementSet, Index>();
function indexOf(book: StatementSet): Index {
  const known = indexes.get(book);
  if (known !== undefined) return known;
  const index = { quantities: group(book, c => c.quantity), scopes: group(book, scopeKey) };
  indexes.set(book, index);
  return index;
}

export const ofQuantity = (book: StatementSet, quantity: Quantity, match: Match = ANY): Statement[] =>
  (indexOf(book).quantities.get(quantity) ?? []).filter(match);
/** All that is said of the very same thing. */
export const ofScope = (book: StatementSet, scope: readonly string[]): readonly Statement[] =>
  indexOf(book).scopes.get(scope.join(JOINT)) ?? [];

const JOINT = '\u0000';
export const scopeKey = (claim: Statement): string => claim.scope.join(JOINT);
export const sameScope = (a: Statement, b: Statement): boolean => scopeKey(a) === scopeKey(b);
export const fileOf = (claim: Statement): string => claim.scope[0] ?? '';

const agree = (claims: readonly Statement[]): boolean =>
  claims.every(c => c.value === claims[0]?.value && c.of === claims[0].of && c.lower === claims[0].lower && c.upper === claims[0].upper);

/** The one claim about a quantity that is made of the very same thing. None, or several that differ: undefined, as a pairing would be a guess. */
export function beside(book: StatementSet, claim: Statement, quantity: Quantity, match: Match = ANY): Statement | undefined {
  const found = ofScope(book, claim.scope).filter(c => c.quantity === quantity && match(c));
  return agree(found) ? found[0] : undefined;
}

/**
 * The claim about a quantity that holds where this one stands: said of the whole that it is a part of (its row, table, section, file: the
 * narrowest first), else said nearby, looking outwards to the whole file. undefined where the nearest differ.
 */
export function inContext(book: StatementSet, claim: Statement, quantity: Quantity, match: Match = ANY): Statement | undefined {
  const candidates = ofQuantity(book, quantity, c => fileOf(c) === fileOf(claim) && match(c));
  const shares = (c: Statement, depth: number) => claim.scope.slice(0, depth).every((part, i) => c.scope[i] === part);
  for (const mayLieBeside of [false, true])
    for (let depth = claim.scope.length; depth > 0; depth--) {
      const near = candidates.filter(c => shares(c, depth) && (mayLieBeside || c.scope.length === depth));
      if (near.length > 0) return agree(near) ? near[0] : undefined;
    }
  return undefined;
}

/** One claim for each distinct scope, in order. */
export function scopesOf(claims: readonly Statement[]): Statement[] {
  const seen = new Map<string, Statement>();
  for (const claim of claims) if (!seen.has(scopeKey(claim))) seen.set(scopeKey(claim), claim);
  return [...seen.values()];
}
