import { StringDecoder } from 'node:string_decoder';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import type { Ns } from '#core/units';

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
type Chunk = z.infer<typeof Chunk>;
type Choice = NonNullable<Chunk['choices']>[number];

const DONE = '[DONE]';
/** An event longer than this is no event of such an endpoint. */
const LONGEST_EVENT = 16 * 2 ** 20;

/** Bytes from here on are parts of characters of several bytes. */
const BEYOND_ASCII = 0x80;

/** Reads the body of an answer as it comes. */
export interface AnswerReader {
  /** @param at when the bytes were received, monotonic ns */
  feed(bytes: Uint8Array, at: Ns): void;
  /** The kind of failure that the content shows once the body is over; undefined for a whole answer. */
  fault(): string | undefined;
  readonly seen: Seen;
}

export interface Seen {
  first: number | null;
  last: number | null;
  chunks: number;
  readonly gapsUs: number[];
  promptTokens: number | null;
  outputTokens: number | null;
}
const nothing = (): Seen => ({ first: null, last: null, chunks: 0, gapsUs: [], promptTokens: null, outputTokens: null });

/** Plain HTTP: the body is read and thrown away. */
export const plainReader = (): AnswerReader => ({ feed: () => {}, fault: () => undefined, seen: nothing() });

const hasText = ({ text, delta }: Choice): boolean =>
  Boolean(text || delta?.content || delta?.reasoning_content || delta?.reasoning || delta?.tool_calls?.length);

/**
 * The event stream of an OpenAI-compatible endpoint, completions or chat (platform.openai.com/docs/api-reference/streaming; events as in
 * WHATWG HTML §9.2). A chunk with text is a token's; the first chunk of a chat, which only names the role, is none. All chunks of one
 * read from the socket have that read's time.
 */
export function streamReader(): AnswerReader {
  const seen = nothing();
  let decoder: StringDecoder | undefined;
  let at = 0;
  let whole = false;
  let fault: string | undefined;
  const token = () => {
    if (seen.last === null) seen.first = at;
    else seen.gapsUs.push(Math.max(0, at - seen.last) / 1000);
    seen.last = at;
    seen.chunks++;
  };
  const parser = createParser({
    maxBufferSize: LONGEST_EVENT,
    onEvent: ({ data }) => {
      if (data === DONE) {
        whole = true;
        return;
      }
      const chunk = chunkOf(data);
      if (chunk === undefined) fault ??= 'malformed event';
      else if (chunk.error !== undefined && chunk.error !== null) fault ??= 'error in the stream';
      for (const choice of chunk?.choices ?? []) {
        if (hasText(choice)) token();
        if (choice.finish_reason) whole = true;
      }
      seen.promptTokens = chunk?.usage?.prompt_tokens ?? seen.promptTokens;
      seen.outputTokens = chunk?.usage?.completion_tokens ?? seen.outputTokens;
    },
    onError: error => {
      // Fields that the standard does not know are to be ignored; lines that are no field at all arrive here as well.
      if (error.type === 'max-buffer-size-exceeded' || error.line?.startsWith('{')) fault ??= 'malformed event';
    },
  });
  return {
    seen,
    feed: (bytes, received) => {
      at = received;
      if (fault !== undefined) return;
      const piece = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      // Only a piece that may end within a character needs a decoder, which has a native part: thousands of those hold up the collector.
      if (decoder === undefined && (piece.at(-1) ?? 0) >= BEYOND_ASCII) decoder = new StringDecoder('utf8');
      parser.feed(decoder === undefined ? piece.toString('utf8') : decoder.write(piece));
    },
    fault: () => fault ?? (whole ? undefined : 'the stream ended early'),
  };
}

function chunkOf(data: string): Chunk | undefined {
  try {
    return Chunk.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
