import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { reportOn } from './report-on.ts';
import { SHARED } from './shared-files.ts';
import { THOROUGH } from './thorough.ts';

const FIXTURES = new URL('../fixtures/', import.meta.url).pathname;
const CAPTURES = join(SHARED, 'captures');
const scratch = mkdtempSync(join(tmpdir(), 'forensics-align-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const folders = ['host-compute', ...(THOROUGH ? ['queueing', 'clock-throttle'] : [])].map(name => join(FIXTURES, name));
if (!THOROUGH) process.stderr.write('*** LEFT OUT without FORENSICS_ALL_RUNS=1: the clocks of two more fixtures. ***\n');
/** A whole capture takes many seconds. */
if (process.env['FORENSICS_ALL'] === '1' && existsSync(CAPTURES)) folders.push(join(CAPTURES, 'mixed1'));
else
  process.stderr.write(
    '\n*** LEFT OUT without FORENSICS_ALL=1 and ../shared/captures: the clock of captures/mixed1 was NOT stripped and recovered. ***\n\n',
  );

/** A request log whose stamps count from its first arrival. */
function stripped(text: string): string {
  const stamps = [...text.matchAll(/"arrival_ns":\s*(\d+)/g)].map(m => BigInt(m[1] ?? '0'));
  const [first = 0n] = stamps.toSorted((a, b) => Number(a - b));
  return text.replace(/("\w+_ns":\s*)(\d+)/g, (_, key: string, ns: string) => `${key}${BigInt(ns) - first}`);
}
const quiet = () => {};

describe.each(folders)('%s', { timeout: 60_000 }, folder => {
  test('a load test without its clock is put back where it was', async () => {
    const requests = join(scratch, 'requests.jsonl');
    writeFileSync(requests, stripped(readFileSync(join(folder, 'requests.jsonl'), 'utf8')));
    const trace = join(folder, 'trace.sqlite.gz');
    const beside = { gpu: [join(folder, 'gpu.csv')], host: [join(folder, 'host.csv')] };
    const truth = await reportOn(folder);
    const found = await runAnalysis(trace, { requests, ...beside }, { ...NO_CORRECTION, alignAuto: true }, quiet);
    await expect(runAnalysis(trace, { requests }, NO_CORRECTION, quiet)).rejects.toThrow(/count from an unknown moment/);
    expect(found.clock.method).toContain('--align auto');
    expect(found.clock.uncertainty_ms).toBeLessThan(0.1);
    // The stamps of the engine follow the ends of its steps by some hundredths of a millisecond.
    const arrivals = (report: typeof truth) => new Map(report.charts.requests.map(r => [r.id, r.t_ms]));
    const expected = arrivals(truth);
    for (const [id, at] of arrivals(found)) expect(Math.abs(at - expected.get(id)!)).toBeLessThan(0.1);
    expect(found.incidents.map(i => i.causes[0]?.cause)).toEqual(truth.incidents.map(i => i.causes[0]?.cause));
  });
});
