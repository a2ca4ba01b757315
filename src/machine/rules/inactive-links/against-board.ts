import type { Sighting } from '#machine/define';
import { boardOfAll, gpusOf } from '#machine/gpus';
import { pairsOf } from '#machine/joined';
import type { FactRow } from '#schema/relation';

const HIGH = { severity: 'high' } as const;
const NVLINKS = /^NV(\d+)$/;

/** Links that are up at less than their board's rate, or than the fastest where the board is not known. */
export function slowLinks(facts: readonly FactRow[]): readonly Sighting[] {
  const speeds = facts.flatMap(f =>
    f.name === 'speed' && typeof f.value === 'number' && / link \d+$/.test(f.entity) ? [{ entity: f.entity, speed: f.value }] : [],
  );
  const usual = boardOfAll(facts)?.link ?? Math.max(0, ...speeds.map(s => s.speed));
  return speeds.filter(s => s.speed < usual).map(s => ({ entity: s.entity, seen: { 'GB/s expected': usual, found: s.speed } }));
}

/**
 * Pairs with fewer NVLinks than boards with NVSwitch give them: all links of a GPU reach each peer, or, on boards of four without a switch, add up over
 * its peers. undefined where nothing tells.
 */
export function pairsBelow(facts: readonly FactRow[]): readonly Sighting[] | undefined {
  const board = boardOfAll(facts);
  const pairs = pairsOf(facts).flatMap(({ entity, link }) => {
    const n = Number(NVLINKS.exec(link)?.[1] ?? 0);
    return n > 0 ? [{ entity, n }] : [];
  });
  if (board?.fabric !== 'switch' || pairs.length === 0) return undefined;
  const sums = gpusOf(facts).map(({ entity }) => pairs.reduce((sum, p) => sum + (p.entity.split('-').includes(entity) ? p.n : 0), 0));
  if (sums.every(sum => sum === board.links)) return [];
  return pairs
    .filter(p => p.n < board.links)
    .map(p => ({ entity: p.entity, seen: { 'links expected': board.links, found: p.n }, told: HIGH }));
}
