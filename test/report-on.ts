import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { inject } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { renderJson } from '#report/render/json';
import { Report } from '#schema/report';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/**
 * What `forensics analyze` says of a fixture (by its name), or of a folder or trace (by its absolute path), with no option. The first
 * test file that asks has it analyzed; all others of the same run, in whichever worker, read that report. Each call gets a copy of
 * its own.
 */
export async function reportOn(fixture: string): Promise<Report> {
  const path = resolve(FIXTURES, fixture);
  const kept = join(inject('analyses'), `${createHash('sha256').update(path).digest('hex')}.json`);
  if (!existsSync(kept)) {
    const text = renderJson(await runAnalysis(path, {}, NO_CORRECTION, () => {}));
    // Another worker may be at it too: a name that only a whole file ever has.
    const own = `${kept}.${process.pid}`;
    writeFileSync(own, text);
    renameSync(own, kept);
  }
  return Report.parse(JSON.parse(readFileSync(kept, 'utf8')));
}
