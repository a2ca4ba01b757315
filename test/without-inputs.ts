import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { Report } from '#schema/report';

const FIXTURES = resolve(import.meta.dirname, '../fixtures');

/** What can be taken away: a file beside the trace, or tables of it. */
export const TAKEN: Readonly<Record<string, { readonly file?: string; readonly tables?: readonly string[] }>> = {
  requests: { file: 'requests.jsonl' },
  'gpu samples': { file: 'gpu.csv' },
  'host samples': { file: 'host.csv' },
  kernel: { tables: ['CUPTI_ACTIVITY_KIND_KERNEL'] },
  api_call: { tables: ['CUPTI_ACTIVITY_KIND_RUNTIME'] },
  memcpy: { tables: ['CUPTI_ACTIVITY_KIND_MEMCPY'] },
  os_call: { tables: ['OSRT_API'] },
};

/** Analyzes a fixture without one of its inputs. @param zoneHours of the stamps of gpu.csv */
export async function reportWithout(fixture: string, taken: string, zoneHours = 0): Promise<Report> {
  const from = join(FIXTURES, fixture);
  const folder = mkdtempSync(join(tmpdir(), 'forensics-without-'));
  try {
    const trace = join(folder, 'trace.sqlite');
    writeFileSync(trace, gunzipSync(readFileSync(join(from, 'trace.sqlite.gz'))));
    const db = new Database(trace);
    for (const table of TAKEN[taken]?.tables ?? []) db.exec(`DROP TABLE IF EXISTS "${table}"`);
    db.close();
    const named = (file: string) => (file !== TAKEN[taken]?.file && existsSync(join(from, file)) ? join(from, file) : undefined);
    const list = (file: string | undefined) => (file === undefined ? undefined : [file]);
    const files = { requests: named('requests.jsonl'), gpu: list(named('gpu.csv')), host: list(named('host.csv')) };
    return await runAnalysis(trace, files, { ...NO_CORRECTION, zoneHours }, () => {});
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
