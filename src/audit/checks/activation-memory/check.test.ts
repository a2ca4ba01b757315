import { expect, test } from 'vitest';
import { audit } from '#audit/audit';
import { readDocument } from '#audit/document/read-document';

const said = (devices: number, stages: number, more: string) =>
  audit(
    readDocument(
      `# Run\n\n## Interleaved\n\n\`\`\`\ntorchrun --nproc_per_node=${devices} x.py\nVirtual stages per rank: ${stages}\n\`\`\`\n\nIt takes ${more} higher activation memory.\n`,
      'r.md',
    ).statements,
  )
    .filter(c => c.check === 'activation-memory')
    .map(c => c.computed.value);

test('interleaving takes 1 + (p − 1)/(p·v) of the memory of activations, and neither much less nor much more', () => {
  expect(said(8, 2, '18 %')).toEqual([0.4375]);
  expect(said(8, 2, '60 %')).toEqual([0.4375]);
  expect(said(8, 2, '44 %')).toEqual([]);
  expect(said(4, 4, '19 %')).toEqual([]);
});
