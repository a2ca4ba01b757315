import { expect, test } from 'vitest';
import type { Case } from '#schema/case';
import { sampleReport } from '#test/report-sample/sample';
import { capturedLines } from './captured-lines.ts';

const content = { status: 'complete', missing: [] as string[], overhead: null, windows: [{ reports: ['report'] }] } as unknown as Case;
const folder = { path: '/runs/x' };

test('a capture that has all says so, and where it is', () => {
  const lines = capturedLines({ folder, content, reports: [sampleReport()] });
  expect(lines.slice(-2)).toEqual(['Report: /runs/x/report/report.html', 'Case: /runs/x (complete)']);
  expect(lines.join('\n')).not.toMatch(/missing|cannot tell what a GPU/);
});

test('without a GPU it says what is missing, and what the case cannot tell', () => {
  const sample = sampleReport();
  const lines = capturedLines({
    folder,
    content: { ...content, missing: ['GPU samples: nvidia-smi is not on PATH'] },
    reports: [{ ...sample, devices: [] }],
  });
  expect(lines.slice(1)).toEqual([
    'missing: GPU samples: nvidia-smi is not on PATH',
    'This case cannot tell what a GPU did, nor why requests were slow on one: no work of a GPU was recorded.',
    'Report: /runs/x/report/report.html',
    'Case: /runs/x (complete but for what is missing above)',
  ]);
});
