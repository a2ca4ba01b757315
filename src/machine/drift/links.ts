import type { FactRow } from '#schema/relation';
import type { Change } from './change.ts';

const LINK = /^(GPU \d+) link \d+$/;
const PAIR = /^GPU \d+-GPU \d+$/;
const NVLINKS = /^NV(\d+)$/;

/** Ways between two GPUs, the better first (man 1 nvidia-smi, topo -m). */
const WAYS = ['PIX', 'PXB', 'PHB', 'NODE', 'SYS'];
/** The more, the better: NVLinks by their number, above any way over PCIe. */
function rankOf(way: string): number {
  const links = NVLINKS.exec(way)?.[1];
  return links === undefined ? -WAYS.indexOf(way) : Number(links);
}

interface Links {
  active: number;
  slowest: number | undefined;
}

function linksOf(facts: readonly FactRow[]): ReadonlyMap<string, Links> {
  const byGpu = new Map<string, Links>();
  for (const { entity, name, value } of facts) {
    const gpu = LINK.exec(entity)?.[1];
    if (gpu === undefined || (name !== 'active' && name !== 'speed')) continue;
    const links = byGpu.get(gpu) ?? { active: 0, slowest: undefined };
    byGpu.set(gpu, links);
    if (name === 'active' && value === true) links.active += 1;
    if (name === 'speed' && typeof value === 'number') links.slowest = Math.min(links.slowest ?? value, value);
  }
  return byGpu;
}

/** How the links of each GPU, and the ways between GPUs, differ. Both tell of links, or nothing is said. */
export function linkChanges(before: readonly FactRow[], now: readonly FactRow[]): readonly Change[] {
  const [old, present] = [linksOf(before), linksOf(now)];
  const counts = [...old].flatMap(([entity, was]): Change[] => {
    const is = present.get(entity);
    if (is === undefined) return [];
    return [
      ...(is.active === was.active
        ? []
        : [
            {
              kind: is.active < was.active ? 'fewer-links' : 'more-links',
              severity: is.active < was.active ? ('high' as const) : ('low' as const),
              entity,
              name: 'active_links',
              before: was.active,
              now: is.active,
              unit: '',
            },
          ]),
      ...(is.slowest === was.slowest || is.slowest === undefined || was.slowest === undefined
        ? []
        : [
            {
              kind: 'link-speed',
              severity: is.slowest < was.slowest ? ('high' as const) : ('low' as const),
              entity,
              name: 'slowest_link',
              before: was.slowest,
              now: is.slowest,
              unit: 'GB/s',
            },
          ]),
    ];
  });
  const ways = (facts: readonly FactRow[]) =>
    new Map(facts.filter(f => f.name === 'link' && PAIR.test(f.entity)).map(f => [f.entity, String(f.value)]));
  const is = ways(now);
  const pairs = [...ways(before)].flatMap(([entity, was]): Change[] => {
    const way = is.get(entity);
    if (way === undefined || way === was) return [];
    const severity = rankOf(way) < rankOf(was) ? 'high' : 'low';
    return [{ kind: 'way', severity, entity, name: 'link', before: was, now: way, unit: '' }];
  });
  return [...counts, ...pairs];
}
