import { readdirSync, readlinkSync } from 'node:fs';
import { taggedProcesses } from './tagged-processes.ts';

/** Files that marked processes hold open and whose path matches: where a profiler writes while it records. */
export function openFiles(mark: string, matching: RegExp): string[] {
  const found = new Set<string>();
  for (const { pid } of taggedProcesses(mark)) {
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
