// Format: our own, described in docs/formats.md. One JSON object a line, as written by workloads/serve.py.
import { z } from 'zod';

/** Nanoseconds on any clock, as a JSON integer of up to 19 digits or as a string of digits. */
const StampNs = z.union([z.string().regex(/^-?\d{1,19}$/), z.number().meta({ type: 'integer' })]);
const Tokens = z.int().nonnegative();

/**
 * One line of a request log in the native format. All stamps are on one clock: nanoseconds since 1970 if that can be had.
 * Stamps of a line do not run backwards: arrival, scheduled, first token, finish. Other fields are ignored.
 */
export const NativeRequest = z
  .object({
    id: z.union([z.string(), z.number()]).describe('a string or a number, unique in the file'),
    intended_ns: StampNs.nullish().describe('nanoseconds: when an open-loop load generator meant to send the request'),
    arrival_ns: StampNs.describe('nanoseconds: when the request began'),
    scheduled_ns: StampNs.nullish().describe('nanoseconds, or null if never: when the engine admitted the request'),
    first_token_ns: StampNs.nullable().describe('nanoseconds, or null if there was none: when the first output token came'),
    finish_ns: StampNs.nullable().describe('nanoseconds, or null if it did not: when the request ended'),
    prompt_tokens: Tokens.nullish().describe('a whole number of input tokens'),
    output_tokens: Tokens.nullish().describe('a whole number of output tokens'),
    itl_us: z
      .array(z.number().nonnegative())
      .nullish()
      .describe('a list of the times between output tokens in microseconds, one fewer than output_tokens'),
    session: Tokens.nullish().describe('a whole number: which of several users sent the request'),
    adapter: z.string().nullish().describe('the name of the adapter (LoRA) that was asked for, or null for none'),
    nonce: z.string().nullish().describe('the words that its prompt began with, and no other prompt'),
    status: z.enum(['ok', 'failed', 'error', 'unfinished']).describe('"ok", "failed" (or "error"), or "unfinished"'),
  })
  .meta({ additionalProperties: true });
export type NativeRequest = z.infer<typeof NativeRequest>;
