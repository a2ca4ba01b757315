import { httpUrl, keyIn } from '#cli/http';
import { ForensicsError } from '#core/errors';
import type { Api, Target } from '#record/load-test/generator/target';
import { type SayingWish, saidBy } from './said-by.ts';
import { textIn } from './text-in.ts';

export interface TargetWish extends SayingWish {
  readonly api: 'auto' | 'openai' | Api;
  readonly model?: string | undefined;
  readonly method?: string | undefined;
  readonly body?: string | undefined;
  readonly header: readonly string[];
  readonly apiKeyEnv?: string | undefined;
  readonly extra?: string | undefined;
  readonly ignoreEos: boolean;
}

const bad = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

function apiOf(path: string, asked: TargetWish['api']): Api {
  if (asked !== 'auto' && asked !== 'openai') return asked;
  if (/\/chat\/completions\/?$/.test(path)) return 'chat';
  if (asked === 'openai' || /\/completions\/?$/.test(path)) return 'completions';
  return /\/v2\/models\/.*\/generate(?:_stream)?\/?$/.test(path) ? 'triton' : 'http';
}

function headersOf(wish: TargetWish, json: boolean, env: NodeJS.ProcessEnv): Record<string, string> {
  const headers: Record<string, string> = json ? { 'content-type': 'application/json' } : {};
  for (const line of wish.header) {
    const [, name = '', value = ''] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === '') throw bad(`--header ${line} is no header`, 'Write it as NAME: VALUE.');
    headers[name.toLowerCase()] = value;
  }
  if (wish.apiKeyEnv !== undefined) {
    headers['authorization'] = `Bearer ${keyIn(wish.apiKeyEnv, env)}`;
  }
  return headers;
}

function extraOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw bad('--extra is no JSON object', `Write it as '{"temperature": 0}'.`);
}

const bodyOf = (text: string | undefined): string | null =>
  text?.startsWith('@') === true ? textIn(text.slice(1), '--body @') : (text ?? null);

/**
 * What is asked of several servers in turn; of one, as of `targetOf`.
 * @throws ForensicsError bad-argument where they differ in more than scheme, host and port; and as `targetOf`
 */
export function targetOfAll(urls: readonly string[], wish: TargetWish, env: NodeJS.ProcessEnv, run: string): Target {
  const [first, ...others] = urls.map(url => targetOf(url, wish, env, run));
  if (first === undefined) throw bad('no URL was named', 'Name the endpoint, as http://localhost:8000/v1/completions.');
  const odd = others.find(other => other.path !== first.path);
  if (odd !== undefined)
    throw bad(
      `${odd.origin}${odd.path} is another endpoint than ${first.origin}${first.path}`,
      'Replicas have one path: test each endpoint by itself.',
    );
  return others.length === 0 ? first : { ...first, replicas: others.map(other => other.origin) };
}

/**
 * What is asked of which server, before anybody has asked it.
 * @param env where the key is looked for
 * @param run tells the ids of this run from those of others
 * @throws ForensicsError bad-argument, not-found
 */
export function targetOf(text: string, wish: TargetWish, env: NodeJS.ProcessEnv, run: string): Target {
  const url = httpUrl(text);
  const api = apiOf(url.pathname, wish.api);
  if (api !== 'http' && (wish.method !== undefined || wish.body !== undefined))
    throw bad('--method and --body are for plain HTTP', 'Leave them out, or say --api http.');
  const body = bodyOf(wish.body);
  const speaksOpenAi = api === 'completions' || api === 'chat';
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    api,
    method: api === 'http' ? (wish.method ?? (body === null ? 'GET' : 'POST')) : 'POST',
    headers: headersOf(wish, api !== 'http', env),
    body,
    model: speaksOpenAi ? (wish.model ?? null) : null,
    promptKind: api === 'completions' ? wish.promptAs : 'words',
    ignoreEos: speaksOpenAi && wish.ignoreEos,
    includeUsage: speaksOpenAi,
    extra: extraOf(wish.extra),
    run,
    ...saidBy(wish, api),
  };
}
