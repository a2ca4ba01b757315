import { expect, test } from 'vitest';
import { renderHtml } from '#report/render/html';
import { renderMarkdown } from '#report/render/markdown';
import { sampleReport } from './report-sample/sample.ts';
import { trainingReport, trainingSample } from './report-sample/training.ts';

test('page and text show the steps, their books and who waited', async () => {
  for (const text of [await renderHtml(trainingReport()), renderMarkdown(trainingReport())]) {
    expect(text).toContain('Training steps');
    expect(text).toContain('How long steps took');
    expect(text).toContain('checkpoint: serialising and writing');
    expect(text).toContain('rank 0 was late: storage-io');
    expect(text).toContain('What could not be told of the steps');
  }
});

test('the page draws each step, and its key numbers are those of the steps', async () => {
  const page = await renderHtml(trainingReport());
  expect(page).toContain('id="chart-step-times"');
  expect(page.split('<nav')[0]).toMatch(/Slow steps.*Model FLOP utilisation.*Tokens per second/s);
});

test('no more slow steps are listed than a reader reads, and it is said', () => {
  const sample = trainingSample();
  const [step] = sample.slow;
  const slow = Array.from({ length: 40 }, (_, i) => ({ ...step!, number: i + 1, start_ms: i * 100, excess_ms: 100 + i }));
  const text = renderMarkdown(trainingReport({ ...sample, slow }));
  expect(text).toContain('The 24 slowest of 40 slow steps');
  expect(text).toMatch(/\n\| 40 \|/);
  expect(text).not.toMatch(/\n\| 1 \|/);
});

test('a training without steps says why, and draws nothing', async () => {
  const none = { ...trainingSample(), by: null, sure: null, ranks: [], slow: [], books: [], points: [], cannot_tell: ['nothing repeats'] };
  expect(renderMarkdown(trainingReport(none))).toContain('- Nothing repeats.');
  expect(await renderHtml(trainingReport(none))).not.toContain('id="chart-step-times"');
});

test('a server has no such section', async () => {
  expect(renderMarkdown(sampleReport())).not.toContain('Training steps');
  expect(await renderHtml(sampleReport())).not.toContain('id="training"');
});
