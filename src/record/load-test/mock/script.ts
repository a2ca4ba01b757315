import { z } from 'zod';

const ms = z.number().nonnegative().max(3_600_000);

/** What the mock server does: docs/load.md. Whatever is left out is as in `defaults`. */
export const MockScript = z.strictObject({
  ttft_ms: ms.default(20).describe('from the arrival of a request, or from its turn where there are slots, to its first token'),
  itl_ms: ms.default(5).describe('between tokens'),
  tokens: z
    .union([z.int().positive(), z.literal('asked')])
    .default('asked')
    .describe('how many tokens an answer has; "asked": max_tokens of the request'),
  chunk_tokens: z.int().positive().default(1).describe('tokens in an event'),
  usage: z.boolean().default(true).describe('whether it counts tokens for those who ask (stream_options)'),
  slots: z
    .int()
    .positive()
    .nullable()
    .default(null)
    .describe('how many requests are served at once; the others wait in the order of arrival'),
  stalls: z
    .array(z.strictObject({ at_s: z.number().nonnegative(), ms: ms.positive() }))
    .default([])
    .describe('from the first request on: nothing goes on for so long'),
  error_rate: z.number().min(0).max(1).default(0).describe('share of requests that are refused, at random'),
  error_status: z.int().min(400).max(599).default(503),
  faults: z
    .array(z.strictObject({ every: z.int().positive(), kind: z.enum(['refuse', 'hang', 'cut', 'malformed', 'error-event', 'die']) }))
    .default([])
    .describe('what happens to every n-th request; "die" ends the server'),
  refuse_fields: z.array(z.string()).default([]).describe('fields of a body that are refused with 400'),
  wants_key: z.boolean().default(false).describe('whether it answers 401 without a bearer token'),
  seed: z.int().default(1),
});
export type MockScript = z.infer<typeof MockScript>;
export type FaultKind = MockScript['faults'][number]['kind'];
