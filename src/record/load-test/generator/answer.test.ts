import { describe, expect, test } from 'vitest';
import { streamReader } from './answer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (...chunks: readonly (string | Uint8Array)[]) => {
  const reader = streamReader();
  // A millisecond between two reads of the socket.
  for (const [i, chunk] of chunks.entries()) reader.feed(typeof chunk === 'string' ? bytes(chunk) : chunk, i * 1e6);
  return { ...reader.seen, fault: reader.fault() };
};
const token = (text: string) => `data: ${JSON.stringify({ choices: [{ index: 0, text, finish_reason: null }] })}\n\n`;
const DONE = 'data: [DONE]\n\n';

describe('an event stream', () => {
  test('each chunk with text has the time of the read that brought it', () => {
    expect(read(token('a'), token('b'), token('c') + DONE)).toMatchObject({
      first: 0,
      last: 2e6,
      chunks: 3,
      gapsUs: [1000, 1000],
      fault: undefined,
    });
  });
  test('two in one read came together', () => expect(read(token('a') + token('b') + DONE)).toMatchObject({ chunks: 2, gapsUs: [0] }));
  test('cut anywhere, even inside a character, it is read the same', () => {
    const all = bytes(token('ä€😀') + token('b') + DONE);
    for (let at = 1; at < all.length; at++)
      expect(read(all.subarray(0, at), all.subarray(at))).toMatchObject({ chunks: 2, fault: undefined });
  });
  test('the role of a chat and empty text are no tokens; reasoning and tool calls are', () => {
    const delta = (d: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: d }] })}\n\n`;
    const odd = delta({ role: 'assistant', content: '' }) + delta({ content: null }) + token('');
    expect(read(odd, delta({ reasoning_content: 'hm' }), delta({ tool_calls: [{}] }), delta({ content: 'a' }) + DONE)).toMatchObject({
      first: 1e6,
      chunks: 3,
    });
  });
  test('usage is taken from the event that has it, with or without choices', () => {
    const usage = 'data: {"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 9}}\n\n';
    expect(read(token('a'), usage + DONE)).toMatchObject({ promptTokens: 7, outputTokens: 9, chunks: 1 });
  });
  test('comments, blank events, CRLF and unknown fields are no harm', () => {
    const crlf = (token('a') + DONE).replaceAll('\n', '\r\n');
    expect(read(': ping\n\n', 'event: x\nretry: 5\nstrange: 1\n\n', crlf)).toMatchObject({ chunks: 1, fault: undefined });
  });
  test('a finish reason ends an answer whose server says no [DONE]', () =>
    expect(read(token('a'), 'data: {"choices": [{"text": "", "finish_reason": "stop"}]}\n\n')).toMatchObject({ fault: undefined }));
  test.each([
    ['ends early', token('a'), 'the stream ended early'],
    ['is empty', '', 'the stream ended early'],
    ['holds no JSON', `data: {"choices": [{"te\n\n${DONE}`, 'malformed event'],
    ['holds JSON of another kind', `data: {"choices": "none"}\n\n${DONE}`, 'malformed event'],
    ['is bare JSON', '{"error": "no"}\n\n', 'malformed event'],
    ['reports an error', `${token('a')}data: {"error": {"message": "out of memory"}}\n\n${DONE}`, 'error in the stream'],
  ])('that %s has failed', (_, text, fault) => expect(read(text).fault).toBe(fault));
});
