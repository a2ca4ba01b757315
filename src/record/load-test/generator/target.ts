import { type PromptKind, Prompts } from './prompts.ts';

export type Api = 'completions' | 'chat' | 'http';

/** Where requests go and what they say. Plain data: it travels to other processes. */
export interface Target {
  readonly origin: string;
  /** Path and query. */
  readonly path: string;
  readonly api: Api;
  readonly method: string;
  /** With the credential, where there is one; it is never written anywhere. */
  readonly headers: Readonly<Record<string, string>>;
  /** Body of a plain HTTP request. */
  readonly body: string | null;
  readonly model: string | null;
  readonly promptKind: PromptKind;
  /** Ask the server to write as many tokens as we want, whatever it would say (vLLM, SGLang). */
  readonly ignoreEos: boolean;
  /** Ask for the number of tokens in the last event. */
  readonly includeUsage: boolean;
  /** Further fields of the body, as `temperature`. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Names this run in the ids of its requests. */
  readonly run: string;
}

/** The request id that goes to the server (x-request-id) and into the request log. */
export const requestId = (target: Target, stage: string, index: number): string => `${target.run}-${stage}${index}`;

/** Makes bodies: text that is ready but for the prompt and its lengths. */
export function bodies(target: Target, source: () => number): (i: number, promptTokens: number, outputTokens: number) => string | null {
  if (target.api === 'http') return () => target.body;
  const prompts = new Prompts(target.api === 'chat' ? 'words' : target.promptKind, source);
  const fixed = JSON.stringify({
    ...(target.model === null ? {} : { model: target.model }),
    stream: true,
    ...(target.includeUsage ? { stream_options: { include_usage: true } } : {}),
    ...(target.ignoreEos ? { ignore_eos: true } : {}),
    ...target.extra,
  }).slice(0, -1);
  return (i, promptTokens, outputTokens) => {
    const prompt = prompts.json(i, promptTokens);
    const asked = target.api === 'chat' ? `"messages":[{"role":"user","content":${prompt}}]` : `"prompt":${prompt}`;
    return `${fixed},"max_tokens":${outputTokens},${asked}}`;
  };
}
