import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** Captures, traces and samples that are not in the repository: too large for it, or not ours. FORENSICS_SHARED names another place. */
export const SHARED = resolve(process.env['FORENSICS_SHARED'] ?? resolve(ROOT, '../shared'));

/** Says in one line what a test file leaves unchecked, where some of what it needs is not here. @param unchecked as in "X was NOT checked" */
export function sayWhatIsMissing(unchecked: string, ...needed: readonly string[]): void {
  const missing = needed.filter(path => !existsSync(path)).map(path => relative(ROOT, path));
  if (missing.length > 0) process.stderr.write(`*** SKIPPED without ${missing.join(', ')}: ${unchecked} NOT checked. ***\n`);
}
