import { expect, test } from 'vitest';
import { renderJson } from '#report/render/json';
import { renderMarkdown } from '#report/render/markdown';
import { Report } from '#schema/report';
import { parallelReport } from './report-sample/parallel.ts';
import { sampleReport } from './report-sample/sample.ts';
import { bareReport, calmReport, crowdedReport, hostileReport } from './report-sample/variants.ts';

test('report.json is the parsed report, to the byte the same for the same report', () => {
  const text = renderJson(sampleReport());
  expect(text).toBe(renderJson(Report.parse(JSON.parse(text))));
  expect(text.startsWith('{\n  "schema": "forensics.report/1",\n')).toBe(true);
  expect(text.endsWith('}\n')).toBe(true);
});

test('report.json does not depend on the order in which a report was put together', () => {
  const sample = sampleReport();
  expect(renderJson(Object.fromEntries(Object.entries(sample).reverse()) as Report)).toBe(renderJson(sample));
});

test('a report that breaks its schema is refused', () => {
  expect(() => renderJson({ ...sampleReport(), answer: 7 } as never)).toThrow();
});

test('report.md of the sample', async () => {
  await expect(renderMarkdown(sampleReport())).toMatchFileSnapshot('./report-sample/sample.md.txt');
});

test('report.md of a run of two devices without requests', async () => {
  await expect(renderMarkdown(parallelReport())).toMatchFileSnapshot('./report-sample/parallel.md.txt');
});

test('the answer is the first thing that report.md says', () => {
  const [, , answer] = renderMarkdown(sampleReport()).split('\n');
  expect(answer).toMatch(/^\*\*p99 was /);
});

test('what is missing is said, not left out', () => {
  const bare = renderMarkdown(bareReport());
  expect(bare).toContain('No incident was found.');
  expect(bare).toContain('No request log was given');
  expect(bare).toContain('The trace shows no device.');
  expect(bare).toContain('| Unexplained | 0 ms | 0 % |');
  expect(renderMarkdown(calmReport())).toContain('No incident was found.');
});

test('500 incidents of one cause are one story: the three worst are told, and all are listed', () => {
  const text = renderMarkdown(crowdedReport());
  expect(text.match(/^### I\d+: /gm)?.length).toBe(3);
  expect(text).toContain('**Slow throughout: ');
  expect(text.match(/^\| I\d+ \| /gm)?.length).toBe(500);
  expect(text).toContain('## Causes in every step\n\n### 3. Host computing');
});

test('names full of markup leave report.md plain: no tag, no link, no row that breaks', () => {
  const text = renderMarkdown(hostileReport());
  // Code in a fence is shown letter for letter by every reader of Markdown.
  const prose = text.replace(/^(`{3,})sh\n[\s\S]*?\n\1$/gm, '');
  expect(prose).not.toMatch(/[<>]/);
  expect(prose).not.toMatch(/(?<!\\)\]\(/);
  let columns = 0;
  for (const line of prose.split('\n')) {
    const cells = line.startsWith('|') ? line.split(/(?<!\\)\|/).length : 0;
    if (columns > 0 && cells > 0) expect([line, cells]).toEqual([line, columns]);
    columns = cells;
  }
});
