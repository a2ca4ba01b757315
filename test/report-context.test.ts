import { expect, test } from 'vitest';
import { GPU_CLOCK } from '#report/render/charts/gpu-clock';
import { HOST_CPU } from '#report/render/charts/host';
import { INCIDENT } from '#report/render/charts/incidents';
import { worst } from '#report/render/worst';
import type { Report } from '#schema/report';
import { htmlOf } from './report-sample/html-of.ts';
import { sampleReport } from './report-sample/sample.ts';

const domainsOf = (spec: unknown): unknown[] => JSON.stringify(spec).match(/"domain":\[[^\]]*\]/g) ?? [];

test('a clock that dips by 2.5 % is drawn on an axis from zero, and how deep it dips is said', async () => {
  const sample = sampleReport();
  const gpu = sample.charts.gpu.map((s, i) => ({ ...s, sm_clock_mhz: i % 10 === 0 ? 1_931 : 1_980 }));
  const report: Report = { ...sample, charts: { ...sample.charts, gpu } };
  expect(domainsOf(GPU_CLOCK.spec)).toContain('"domain":[{"expr":"0"},{"expr":"highest"}]');
  expect(GPU_CLOCK.params?.(report)['highest']).toBeGreaterThan(1_980);
  expect(await htmlOf(report)).toContain('The clock lay between 1,931 and 1,980 MHz: at its lowest 2.5 % down.');
});

test('shares of the host’s CPUs stand on an axis up to all of them', () => {
  expect(domainsOf(HOST_CPU.spec)).toContain('"domain":[0,100]');
});

/** The sample with so many incidents of one cause, and one of another. */
function chronic(n: number): Report {
  const sample = sampleReport();
  const [one] = sample.incidents;
  const other = sample.incidents.find(i => i.causes[0]?.cause !== one?.causes[0]?.cause);
  if (one === undefined || other === undefined) throw new Error('the sample has incidents of two causes');
  const many = Array.from({ length: n }, (_, i) => ({ ...one, id: `I${i + 1}`, start_ms: i * 100, end_ms: i * 100 + 50 }));
  return { ...sample, incidents: [...many, { ...other, id: `I${n + 1}` }] };
}

test('45 incidents of one chronic fault are one story: one band, one sentence, the rest in a table', async () => {
  const report = chronic(45);
  const bands = INCIDENT.rows(report);
  expect(bands.map(b => b['label'])).toEqual(['slow throughout', 'I46']);
  expect(bands[0]).toMatchObject({ incident: '45 incidents', start_s: 0, end_s: 4.45 });
  expect(worst(report.incidents).told.length).toBe(4);
  const page = await htmlOf(report);
  expect(page).toContain('Slow throughout: 45 of the 46 incidents');
  expect(page.match(/<details class="incident"/g)?.length).toBe(4);
});

test('a few incidents of one cause stay apart', () => {
  expect(INCIDENT.rows(chronic(5)).map(b => b['label'])).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6']);
});
