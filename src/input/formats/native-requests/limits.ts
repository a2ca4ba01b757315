import type { RequestRow } from '#schema/relation';

/** What a request log cannot support when it never has a field. */
const WITHOUT = {
  intended_ms:
    'No intended start is recorded (intended_ns), so delay in the load generator itself, before a request was sent, cannot be seen.',
  scheduled_ms: 'No admission is recorded (scheduled_ns), so waiting in the queue cannot be told from slow service.',
  first_token_ms: 'No first token is recorded (first_token_ns), so time to first token is not known.',
  finish_ms: 'No request finished (finish_ns), so no latency is known.',
  prompt_tokens: 'No prompt length is recorded (prompt_tokens), so a long prompt cannot be told from a slow server.',
  output_tokens: 'No output length is recorded (output_tokens), so a long answer cannot be told from a slow server.',
  itl_ms: 'No times between tokens are recorded (itl_us), so stalls inside an answer cannot be placed.',
} as const satisfies Partial<Record<keyof RequestRow, string>>;

/** One sentence for each field that every row lacks. */
export const limitsOf = (rows: readonly RequestRow[]): string[] =>
  (Object.keys(WITHOUT) as (keyof typeof WITHOUT)[]).filter(field => rows.every(row => row[field] === null)).map(field => WITHOUT[field]);
