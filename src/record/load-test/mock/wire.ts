import { z } from 'zod';

const Asked = z.looseObject({
  model: z.string().default('mock'),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  prompt: z.union([z.string(), z.array(z.number())]).optional(),
  text_input: z.string().optional(),
  messages: z.array(z.looseObject({ content: z.string().optional() })).optional(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).optional(),
});
export type Asked = z.infer<typeof Asked>;

/** What OpenAI's completions take when nothing is asked. */
const DEFAULT_TOKENS = 16;

/** A body of a completion or a chat; undefined for anything else. */
export function readBody(text: string): Asked | undefined {
  try {
    return Asked.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export const tokensAsked = (asked: Asked): number => asked.max_tokens ?? asked.max_completion_tokens ?? DEFAULT_TOKENS;

function words(text: string): number {
  if (text === '') return 0;
  let n = 1;
  for (let at = text.indexOf(' '); at >= 0; at = text.indexOf(' ', at + 1)) n++;
  return n;
}
/** To this server a word is a token, and an id as well. */
const promptTokens = ({ prompt, messages, text_input }: Asked): number =>
  text_input !== undefined
    ? words(text_input)
    : prompt === undefined
      ? (messages ?? []).reduce((n, m) => n + words(m.content ?? ''), 0)
      : typeof prompt === 'string'
        ? words(prompt)
        : prompt.length;

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;

/** Events of a stream, ready to be sent. */
export interface Wire {
  readonly first: string;
  readonly token: string;
  /** What follows the last token. */
  readonly end: string;
}

interface Parts {
  readonly first: string;
  readonly token: string;
  readonly last: string;
}
/** Made once for each model and kind: at thousands of requests a second, making them anew would be most of the work. */
const known = new Map<string, Parts>();
const MOST_KNOWN = 100;

/** The APIs whose streams are served: two of OpenAI's, and generate_stream of Triton. */
export type WireKind = 'completions' | 'chat' | 'triton';

function partsOf(kind: WireKind, model: string, chunkTokens: number): Parts {
  const key = `${kind} ${chunkTokens} ${model}`;
  const made = known.get(key);
  if (made !== undefined) return made;
  const parts = makeParts(kind, model, ' word'.repeat(chunkTokens));
  if (known.size < MOST_KNOWN) known.set(key, parts);
  return parts;
}

function makeParts(kind: WireKind, model: string, text: string): Parts {
  if (kind === 'triton') {
    const token = event({ model_name: model, model_version: '1', text_output: text });
    return { first: token, token, last: '' };
  }
  const chat = kind === 'chat';
  const base = baseOf(chat, model);
  const choice = (delta: object, finish: string | null) =>
    event({ ...base, choices: [{ index: 0, ...(chat ? { delta } : delta), finish_reason: finish }] });
  const token = choice(chat ? { content: text } : { text }, null);
  return {
    first: (chat ? choice({ role: 'assistant', content: '' }, null) : '') + token,
    token,
    last: choice(chat ? {} : { text: '' }, 'length'),
  };
}

const baseOf = (chat: boolean, model: string) => ({
  id: 'mock',
  object: chat ? 'chat.completion.chunk' : 'text_completion',
  created: 0,
  model,
});

/** Texts of the events of an answer, in the form of its API. */
export function wire(kind: WireKind, asked: Asked, tokens: number, chunkTokens: number, usage: boolean): Wire {
  const { first, token, last } = partsOf(kind, asked.model, chunkTokens);
  const counted = () => {
    const prompt = promptTokens(asked);
    const counts = { prompt_tokens: prompt, completion_tokens: tokens, total_tokens: prompt + tokens };
    return event({ ...baseOf(kind === 'chat', asked.model), choices: [], usage: counts });
  };
  if (kind === 'triton') return { first, token, end: '' };
  return { first, token, end: `${last}${usage && asked.stream_options?.include_usage ? counted() : ''}data: [DONE]\n\n` };
}
