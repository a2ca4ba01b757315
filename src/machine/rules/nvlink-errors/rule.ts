import { getOrCompute } from '#core/get-or-compute';
import { defineRule, type Sighting } from '#machine/define';
import type { LinkReading } from '#machine/machine-facts';
import type { FactRow } from '#schema/relation';

/** Counters of errors; what is left are traffic and states. */
const IS_ERROR = /error|failed|recovery|replay|crc/i;

/** By how much each counter rose from its first to its last reading; one that fell began anew. */
function rises(links: readonly LinkReading[]): readonly Sighting[] {
  const byCounter = new Map<string, LinkReading[]>();
  for (const l of links.filter(r => IS_ERROR.test(r.counter)).toSorted((a, b) => (a.ns < b.ns ? -1 : 1)))
    getOrCompute(byCounter, `GPU ${l.gpu} link ${l.link}\n${l.counter}`, () => []).push(l);
  const risen = new Map<string, Record<string, number>>();
  for (const [key, readings] of byCounter) {
    const [entity = '', counter = ''] = key.split('\n');
    const rise = readings.reduce((sum, r, i) => {
      const before = readings[i - 1]?.value ?? r.value;
      return sum + (r.value >= before ? r.value - before : r.value);
    }, 0);
    if (rise > 0) getOrCompute(risen, entity, (): Record<string, number> => ({}))[counter] = rise;
  }
  return [...risen].map(([entity, seen]) => ({ entity, seen }));
}

const LINK = /^GPU \d+ link \d+$/;
const SINCE_LOADED = {
  severity: 'low',
  meaning: 'counted since the driver was loaded, whenever that was',
  fix: 'Read the counters again after a run (nvidia-smi nvlink -e): if they rise have the link looked at.',
} as const;

/** Counters of a machine's state: one reading each, so nobody knows when they rose. */
function counted(facts: readonly FactRow[]): readonly Sighting[] | undefined {
  const told = facts.filter(f => LINK.test(f.entity) && IS_ERROR.test(f.name) && typeof f.value === 'number');
  if (told.length === 0) return undefined;
  const risen = new Map<string, Record<string, number>>();
  for (const { entity, name, value } of told)
    if (Number(value) > 0) getOrCompute(risen, entity, (): Record<string, number> => ({}))[name] = Number(value);
  return [...risen].map(([entity, seen]) => ({ entity, seen, told: SINCE_LOADED }));
}

export default defineRule({
  id: 'nvlink-errors',
  title: 'NVLink counted errors',
  reason: 'A healthy link counts none in minutes: each costs a replay of what was sent, and many slow or end what runs over it.',
  source: 'NVIDIA Data Center GPU Driver documentation: nvidia-smi nvlink -e; DCGM diagnostics, NVLink error threshold of 0.01 a second',
  severity: 'high',
  fix: 'Reset the GPUs and look whether the counters rise again; if so have the link (bridge, baseboard, cable) looked at.',
  needs: 'nvidia-smi nvlink -e, or nvlink.csv of a capture',
  judges: ['nvlink.csv', 'nvidia-smi-nvlink'],
  bears_on: ['slow-collective', 'handoff-exposed'],
  find({ links, facts }) {
    const state = counted(facts);
    return links.length === 0 ? state : [...rises(links), ...(state ?? [])];
  },
});
