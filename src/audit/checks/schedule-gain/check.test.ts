import { describe, expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { readDocument } from '#audit/document/read-document';

const said = (before: string, after: string, gain: string) =>
  audit(
    readDocument(
      `# Run\n\n## 1F1B\n\nBubble time is ${before}.\n\n## Interleaved\n\nBubble time is ${after}; throughput improves ${gain} vs. 1F1B.\n`,
      'r.md',
    ).statements,
  )
    .filter(c => c.check === 'schedule-gain')
    .map(c => c.severity);

describe('a gain beside two bubbles', () => {
  test('as large as they allow is none of its business', () => {
    expect(said('10%', '5%', '1.1×')).toEqual([]);
    expect(said('50%', '10%', '1.5–1.8×')).toEqual([]);
  });
  test('beyond what they allow is implausible, beyond no bubble at all impossible', () => {
    expect(said('20%', '10%', '1.2×')).toEqual(['implausible']);
    expect(said('10%', '5%', '1.2–1.3×')).toEqual(['impossible']);
  });
});
