import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

const hashes = () =>
  new Map(
    readdirSync(FIXTURES, { recursive: true, withFileTypes: true })
      .filter(f => f.isFile())
      .map(f => join(f.parentPath, f.name))
      .map(f => [f, createHash('sha256').update(readFileSync(f)).digest('hex')] as const),
  );

/** A trace is opened read-only and never changed: the run fails if any fixture was changed, added or removed by it. */
export default function setup(): () => void {
  const before = hashes();
  return () => {
    const after = hashes();
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(f => before.get(f) !== after.get(f));
    if (changed.length === 0) return;
    // Vitest prints what a teardown throws, and still exits with 0.
    process.exitCode = 1;
    throw new Error(`The tests changed fixtures: ${changed.join(', ')}`);
  };
}
