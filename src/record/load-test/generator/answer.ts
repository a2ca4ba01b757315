import { z } from 'zod';
import type { AnswerReader } from './answer-reader.ts';
import { type EventTold, eventReader, parsed } from './event-reader.ts';

const Chunk = z.object({
  choices: z
    .array(
      z.object({
        text: z.string().nullish(),
        delta: z
          .object({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish(),
            reasoning: z.string().nullish(),
            tool_calls: z.array(z.unknown()).nullish(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
  error: z.unknown().optional(),
});
type Choice = NonNullable<z.infer<typeof Chunk>['choices']>[number];

const DONE = '[DONE]';

const hasText = ({ text, delta }: Choice): boolean =>
  Boolean(text || delta?.content || delta?.reasoning_content || delta?.reasoning || delta?.tool_calls?.length);

/**
 * The event stream of an OpenAI-compatible endpoint, completions or chat (platform.openai.com/docs/api-reference/streaming). The first chunk
 * of a chat, which only names the role, is no token.
 */
export const streamReader = (): AnswerReader => eventReader(told);

function told(data: string): EventTold {
  if (data === DONE) return { chunks: 0, isWhole: true };
  const chunk = Chunk.safeParse(parsed(data)).data;
  if (chunk === undefined) return { chunks: 0, fault: 'malformed event' };
  const choices = chunk.choices ?? [];
  return {
    chunks: choices.filter(hasText).length,
    isWhole: choices.some(({ finish_reason }) => Boolean(finish_reason)),
    fault: chunk.error !== undefined && chunk.error !== null ? 'error in the stream' : undefined,
    promptTokens: chunk.usage?.prompt_tokens,
    outputTokens: chunk.usage?.completion_tokens,
  };
}
