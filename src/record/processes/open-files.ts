import { readdirSync, readlinkSync } from 'node:fs';
import { taggedProcesses } from './tagged-processes.ts';

/** Files that tagged processes hold open and whose path matches: where a profiler writes while it records. */
export function openFiles(sessionTag: string, matching: RegExp): string[] {
  const found = new Set<string>();
  for (const { pid } of taggedProcesses(sessionTag)) {
    try {
      for (const fd of readdirSync(`/proc/${pid}/fd`)) {
        const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
        if (matching.test(target)) found.add(target);
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return [...found];
}
