import { group } from 'd3-array';
import type { Quantity, Statement } from './statement.ts';

/** Everything that all files of an audit state. */
export type StatementSet = readonly Statement[];
type Match = (statement: Statement) => boolean;
const ANY: Match = () => true;

interface Index {
  readonly quantities: ReadonlyMap<Quantity, Statement[]>;
  readonly scopes: ReadonlyMap<string, Statement[]>;
}
/** A histogram log makes tens of thousands of statements, and each is asked for its neighbours. */
const indexes = new WeakMap<StatementSet, Index>();
function indexOf(set: StatementSet): Index {
  const known = indexes.get(set);
  if (known !== undefined) return known;
  const index = { quantities: group(set, c => c.quantity), scopes: group(set, scopeKey) };
  indexes.set(set, index);
  return index;
}

export const ofQuantity = (set: StatementSet, quantity: Quantity, match: Match = ANY): Statement[] =>
  (indexOf(set).quantities.get(quantity) ?? []).filter(match);
/** All that is said of the very same thing. */
export const ofScope = (set: StatementSet, scope: readonly string[]): readonly Statement[] =>
  indexOf(set).scopes.get(scope.join(JOINT)) ?? [];

const JOINT = '\u0000';
export const scopeKey = (statement: Statement): string => statement.scope.join(JOINT);
export const sameScope = (a: Statement, b: Statement): boolean => scopeKey(a) === scopeKey(b);
export const fileOf = (statement: Statement): string => statement.scope[0] ?? '';

const agree = (statements: readonly Statement[]): boolean =>
  statements.every(
    c =>
      c.value === statements[0]?.value && c.of === statements[0].of && c.lower === statements[0].lower && c.upper === statements[0].upper,
  );

/** The one statement about a quantity that is made of the very same thing. None, or several that differ: undefined, as a pairing would be a guess. */
export function beside(set: StatementSet, statement: Statement, quantity: Quantity, match: Match = ANY): Statement | undefined {
  const found = ofScope(set, statement.scope).filter(c => c.quantity === quantity && match(c));
  return agree(found) ? found[0] : undefined;
}

/**
 * The statement about a quantity that holds where this one stands: said of the whole that it is a part of (its row, table, section, file: the
 * narrowest first), else said nearby, looking outwards to the whole file. undefined where the nearest differ.
 */
export function inContext(set: StatementSet, statement: Statement, quantity: Quantity, match: Match = ANY): Statement | undefined {
  const candidates = ofQuantity(set, quantity, c => fileOf(c) === fileOf(statement) && match(c));
  const shares = (c: Statement, depth: number) => statement.scope.slice(0, depth).every((part, i) => c.scope[i] === part);
  for (const mayLieBeside of [false, true])
    for (let depth = statement.scope.length; depth > 0; depth--) {
      const near = candidates.filter(c => shares(c, depth) && (mayLieBeside || c.scope.length === depth));
      if (near.length > 0) return agree(near) ? near[0] : undefined;
    }
  return undefined;
}

/** One statement for each distinct scope, in order. */
export function scopesOf(statements: readonly Statement[]): Statement[] {
  const seen = new Map<string, Statement>();
  for (const statement of statements) if (!seen.has(scopeKey(statement))) seen.set(scopeKey(statement), statement);
  return [...seen.values()];
}
