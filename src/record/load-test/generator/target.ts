import type { AdapterUse, Asked } from './adapters.ts';
import { type PromptKind, Prompts } from './prompts.ts';

export type Api = 'completions' | 'chat' | 'triton' | 'http';

/** Where requests go and what they say. Plain data: it travels to other processes. */
export interface Target {
  readonly origin: string;
  /** Further servers with the same path: requests go to all in turn; left out: none. */
  readonly replicas?: readonly string[];
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
  /** Adapters to ask for; left out: none. */
  readonly adapters?: AdapterUse;
  /** Each prompt begins as no other does, in this run or another. */
  readonly hasNonce?: boolean;
  /** The text that is each prompt; left out: words are made, as many as tokens are asked for. */
  readonly promptText?: string;
}

/** Whether answers come as a stream of events, so that the first token has a time. */
export const streams = ({ api, path }: Target): boolean => api !== 'http' && !(api === 'triton' && /\/generate\/?(?:\?|$)/.test(path));

/** The request id that goes to the server (x-request-id) and into the request log. */
export const requestId = (target: Target, stage: string, index: number): string => `${target.run}-${stage}${index}`;

/** Where servers look for the name of an adapter: vLLM takes it for a model, Triton's backend for vLLM reads it as a parameter. */
export const usualAdapterField = (api: Api): string => (api === 'triton' ? 'parameters.lora_name' : 'model');

/** A copy with a value at a place, as `parameters.lora_name`. */
function withField(body: Readonly<Record<string, unknown>>, place: string, value: unknown): Record<string, unknown> {
  const [, head = place, rest] = /^([^.]*)\.(.*)$/s.exec(place) ?? [];
  if (rest === undefined) return { ...body, [head]: value };
  const inner = body[head];
  const within = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? { ...inner } : {};
  return { ...body, [head]: withField(within, rest, value) };
}

/** The fields that are the same in each request. */
function fixedFields(target: Target): Record<string, unknown> {
  if (target.api === 'triton') return { stream: streams(target), ...target.extra };
  return {
    ...(target.model === null ? {} : { model: target.model }),
    stream: true,
    ...(target.includeUsage ? { stream_options: { include_usage: true } } : {}),
    ...(target.ignoreEos ? { ignore_eos: true } : {}),
    ...target.extra,
  };
}

/** The prompt's own field, and how many tokens are wanted. Triton: docs.nvidia.com, extension_generate; TensorRT-LLM's ensemble has these inputs. */
function varying(api: Api, prompt: string, outputTokens: number): string {
  if (api === 'triton') return `"max_tokens":${outputTokens},"text_input":${prompt}`;
  const asked = api === 'chat' ? `"messages":[{"role":"user","content":${prompt}}]` : `"prompt":${prompt}`;
  return `"max_tokens":${outputTokens},${asked}`;
}

/** Makes bodies: text that is ready but for the prompt and its lengths. */
export function bodies(
  target: Target,
  source: () => number,
): (i: number, promptTokens: number, outputTokens: number, asked?: Asked) => string | null {
  const { api, adapters, promptText } = target;
  if (api === 'http') return () => target.body;
  const prompts = new Prompts(api === 'completions' ? target.promptKind : 'words', source);
  const fields = fixedFields(target);
  const begin = (of: object) => JSON.stringify(of).slice(0, -1);
  const plain = begin(fields);
  const ofAdapter = new Map(adapters?.names.map(name => [name, begin(withField(fields, adapters.field, name))]));
  const promptOf = (i: number, tokens: number, nonce: string | undefined) =>
    promptText === undefined ? prompts.json(i, tokens, nonce) : JSON.stringify(nonce === undefined ? promptText : `${nonce} ${promptText}`);
  return (i, promptTokens, outputTokens, asked = {}) => {
    const fixed = asked.adapter === undefined ? plain : (ofAdapter.get(asked.adapter) ?? plain);
    return `${fixed},${varying(api, promptOf(i, promptTokens, asked.nonce), outputTokens)}}`;
  };
}
