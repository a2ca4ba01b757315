import { gbps, plain } from '#core/format/numbers';
import { type Listing, listing } from '../parallel/listing.ts';
import { type FactsByEntity, NONE } from './facts-by-entity.ts';

const GPU = /^GPU \d+$/;

/** NVLinks of a GPU: how many, and what they counted. */
export interface Links {
  readonly gpu: string;
  readonly active: number;
  readonly inactive: number;
  readonly slowest: number | undefined;
  readonly errors: number | undefined;
}

/** NVLinks of each GPU that any is told of. */
export function linksOf(facts: FactsByEntity): readonly Links[] {
  return facts.entities(GPU).flatMap((gpu): readonly Links[] => {
    const links = facts.entities(new RegExp(`^${gpu} link \\d+$`));
    const states = links.flatMap(l => facts.value(l, 'active') ?? []);
    if (links.length === 0) return [];
    const speeds = links.flatMap(l => facts.number(l, 'speed') ?? []);
    const errors = links.flatMap(l => facts.sum(l, /error/) ?? []);
    return [
      {
        gpu,
        active: states.filter(s => s === true).length,
        inactive: states.filter(s => s === false).length,
        slowest: speeds.length === 0 ? undefined : Math.min(...speeds),
        errors: errors.length === 0 ? undefined : errors.reduce((a, b) => a + b, 0),
      },
    ];
  });
}

const known = (value: number | undefined, text: (value: number) => string): string => (value === undefined ? NONE : text(value));

export const links = (facts: FactsByEntity): Listing =>
  listing('NVLinks', linksOf(facts), [
    { head: 'GPU', text: l => l.gpu.slice(4), numeric: true },
    { head: 'Active', text: l => plain(l.active), numeric: true },
    { head: 'Inactive', text: l => plain(l.inactive), numeric: true },
    { head: 'Slowest, one way', text: l => known(l.slowest, gbps), numeric: true },
    { head: 'Errors counted', text: l => known(l.errors, plain), numeric: true },
  ]);

/** How each pair of devices is joined, as nvidia-smi topo -m lays it out. */
export function topology(facts: FactsByEntity): Listing {
  const pairs = facts
    .entities(/^(?:GPU|NIC) \d+-(?:GPU|NIC) \d+$/)
    .map(entity => ({ entity, way: facts.text(entity, 'link') }))
    .filter(p => p.way !== NONE);
  const ways = new Map(pairs.map(p => [p.entity, p.way]));
  const devices = [...new Set(pairs.flatMap(p => p.entity.split('-')))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const between = (a: string, b: string) => (a === b ? 'X' : (ways.get(`${a}-${b}`) ?? ways.get(`${b}-${a}`) ?? NONE));
  return listing('Topology', devices, [
    { head: 'Device', text: d => d },
    ...devices.map(other => ({ head: other, text: (d: string) => between(d, other) })),
    { head: 'CPUs', text: d => facts.text(d, 'cpu_affinity') },
    { head: 'NUMA', text: d => facts.text(d, 'numa_affinity') },
  ]);
}
