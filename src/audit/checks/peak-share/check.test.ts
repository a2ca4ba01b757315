import { expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { readDocument } from '#audit/document/read-document';

const said = (gpu: string, share: string, precision = 'bf16') =>
  audit(
    readDocument(
      `# Run on 2x NVIDIA ${gpu}\n\n## GEMM\n\n- Peak: 720 TFLOPs (${precision}, 8k)\n- Status: ${share} of theoretical peak\n`,
      'r.md',
    ).statements,
  ).map(c => `${c.check} ${c.computed.value.toFixed(2)}`);

test('a share is of the peak of the exact board', () => {
  expect(said('H200 NVL', '73%')).toEqual(['peak-share 0.86']);
  expect(said('H200 NVL', '86%')).toEqual([]);
  expect(said('H200', '73%')).toEqual([]);
  expect(said('H200', '36%', 'fp8')).toEqual([]);
});
test('without a precision nobody knows which peak', () => expect(said('H200 NVL', '73%', 'dense')).toEqual([]));
