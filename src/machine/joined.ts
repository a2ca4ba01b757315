import type { FactRow } from '#schema/relation';
import { gpusOf } from './gpus.ts';

const PAIR = /^GPU \d+-GPU \d+$/;
/** How pairs of GPUs are joined, as `nvidia-smi topo -m` says. */
export const pairsOf = (facts: readonly FactRow[]): readonly { readonly entity: string; readonly link: string }[] =>
  facts.flatMap(f => (f.name === 'link' && PAIR.test(f.entity) ? [{ entity: f.entity, link: String(f.value) }] : []));

export const isNvlink = (link: string): boolean => /^NV\d/.test(link);

/** Whether the GPUs are joined by NVLink: told by the topology, or by links that are up; undefined where neither is told. */
export function hasNvlink(facts: readonly FactRow[]): boolean | undefined {
  const pairs = pairsOf(facts);
  if (pairs.length > 0) return pairs.some(p => isNvlink(p.link));
  const links = facts.filter(f => f.name === 'active' && / link \d+$/.test(f.entity));
  if (links.length > 0) return links.some(f => f.value === true);
  const gpus = gpusOf(facts);
  return gpus.some(g => g.flag('has_nvlink') === false || g.flag('any_nvlink_active') === false) ? false : undefined;
}
