import { expect, test } from 'vitest';
import { tritonReader } from './triton-answer.ts';

const read = (...pieces: readonly (readonly [at: number, text: string])[]) => {
  const reader = tritonReader();
  for (const [at, text] of pieces) reader.feed(Buffer.from(text), at);
  return { ...reader.seen, fault: reader.fault() };
};
const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`;

test('the first chunk with text is the first token, and the gaps are those between chunks', () => {
  const told = read([1000, event({ text_output: '' })], [5000, event({ text_output: 'a' })], [9000, event({ text_output: 'b' })]);
  expect(told).toMatchObject({ first: 5000, last: 9000, chunks: 2, gapsUs: [4], outputTokens: null, fault: undefined });
});
test('text may come as a list', () => {
  expect(read([7, event({ text_output: ['a'] })])).toMatchObject({ first: 7, chunks: 1, fault: undefined });
});
test('an error in the stream, a broken event and an answer without output are failures', () => {
  expect(read([1, event({ text_output: 'a' }) + event({ error: 'out of memory' })]).fault).toBe('error in the stream');
  expect(read([1, 'data: {"text_out\n\n']).fault).toBe('malformed event');
  expect(read().fault).toBe('the stream ended early');
});
