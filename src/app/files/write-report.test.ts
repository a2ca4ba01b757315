import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sampleReport } from '#test/report-sample/sample';
import { writeReport } from './write-report.ts';

const root = mkdtempSync(join(tmpdir(), 'write-report-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('a report in place of another has its own charts alone, and leaves what is no chart', async () => {
  const out = join(root, 'out');
  mkdirSync(join(out, 'charts'), { recursive: true });
  for (const name of ['of-an-earlier-one.vl.json', 'notes.txt']) writeFileSync(join(out, 'charts', name), 'old');
  await writeReport(sampleReport(), out);
  const charts = readdirSync(join(out, 'charts'));
  expect(charts).toContain('notes.txt');
  expect(charts).not.toContain('of-an-earlier-one.vl.json');
  expect(charts.length).toBeGreaterThan(1);
});
