import { readdirSync, readFileSync } from 'node:fs';
import type { FactRow } from '#schema/relation';

/** Programs of DCGM that may hold the counters of GPUs. */
const DCGM: ReadonlySet<string> = new Set(['nv-hostengine', 'dcgm-exporter']);

const nameOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').trim();
  } catch {
    // It ended between the listing and the reading.
    return '';
  }
};

/** Whether DCGM runs here; a process of another container is not seen. */
export const dcgmRuns = (): readonly FactRow[] => [
  { entity: 'host', name: 'dcgm', value: readdirSync('/proc').some(pid => /^\d+$/.test(pid) && DCGM.has(nameOf(pid))), unit: '' },
];
