import { z } from 'zod';
import type { AnswerReader } from './answer-reader.ts';
import { type EventTold, eventReader, parsed } from './event-reader.ts';

const Chunk = z.object({ text_output: z.union([z.string(), z.array(z.string())]).nullish(), error: z.unknown().optional() });

/**
 * The event stream of Triton's generate_stream (docs.nvidia.com, extension_generate). It has no event that ends it: a body that was cut
 * off is told by HTTP, and one without any output is no answer. Nobody counts tokens: a chunk with text is one.
 */
export const tritonReader = (): AnswerReader => eventReader(told);

function told(data: string): EventTold {
  const chunk = Chunk.safeParse(parsed(data)).data;
  if (chunk === undefined) return { chunks: 0, fault: 'malformed event' };
  const { text_output: text, error } = chunk;
  const hasText = Array.isArray(text) ? text.some(piece => piece !== '') : Boolean(text);
  return {
    chunks: hasText ? 1 : 0,
    isWhole: text !== undefined && text !== null,
    fault: error !== undefined && error !== null ? 'error in the stream' : undefined,
  };
}
