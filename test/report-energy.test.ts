import { describe, expect, test } from 'vitest';
import { accountFor } from '#energy/account';
import { wordEnergy } from '#report/build/energy';
import { renderHtml } from '#report/render/html';
import { renderMarkdown } from '#report/render/markdown';
import { UNKNOWN_CARD } from '#schema/gpu-card';
import { Report } from '#schema/report';
import { sampleReport } from './report-sample/sample.ts';

const source = (entity: string, level: 'gpu' | 'wall', watts: number) => ({
  ...{ entity, level, counter: [], idle_w: 75, gpu: undefined, card: UNKNOWN_CARD, path: 'gpu.csv', ranBack: false },
  power: Array.from({ length: 121 }, (_, i) => ({ t: i / 10, value: watts })),
});
const account = accountFor({
  sources: [source('GPU 0', 'gpu', 500), source('wall <b>', 'wall', 1500)],
  window: [0, 12],
  start_ns: 1_795_311_787_000_000_000n,
  kind: { kind: 'requests' },
  tokens: { which: 'output', count: 24_000, per_s: 2000 },
  prices: { kwhUsd: 0.16 },
  inUse: () => true,
});
const energy = account && wordEnergy(account);
const report = Report.parse({ ...sampleReport(), energy });

describe('a report of a run whose power was metered', () => {
  test('has a section with a sentence and a row for each place where it was', () => {
    const text = renderMarkdown(report);
    expect(text).toContain(
      '## Power and energy\n\nEnergy of 12.0 s (the load test, from its first arrival to its last end): 24,000 output tokens, 2,000.0 a second, count',
    );
    expect(text).toMatch(/^\| GPUs \| +500\.0 W \| +500\.0 W \| +6,000 J \| +4\.000 tok\/J \| +15 % \| +\$0\.011 \| yes \|$/m);
    expect(text).toMatch(/^\| Wall \| +1,500\.0 W /m);
  });
  test('has it on the page too, with a place in its contents, and nothing of a name as markup', async () => {
    const page = await renderHtml(report);
    expect(page).toContain('<a href="#energy">Energy</a>');
    expect(page).toContain('<h2 id="h-energy">Power and energy</h2>');
    expect(page).toContain('wall &lt;b&gt;');
  });
});

test('a report without power has no such section', async () => {
  expect(renderMarkdown(sampleReport())).not.toContain('Power and energy');
  expect(await renderHtml(sampleReport())).not.toContain('id="energy"');
});

test('p99 has its interval by incidents where it was taken', () => {
  const [first, ...rest] = sampleReport().latency;
  const latency = [{ ...first, p99_bootstrap_ci_ms: [201, 345] }, ...rest];
  expect(renderMarkdown(Report.parse({ ...sampleReport(), latency }))).toContain(
    'Drawn by whole incidents, the interval of p99 (end to end) is 201–345 ms.',
  );
  expect(renderMarkdown(sampleReport())).not.toContain('Drawn by whole incidents');
});
