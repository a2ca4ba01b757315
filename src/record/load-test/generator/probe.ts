import { Client } from 'undici';
import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import { Connections } from './connections.ts';
import { type Ended, exchange, failureOf } from './exchange.ts';
import { rng } from './rng.ts';
import { bodies, requestId, type Target } from './target.ts';

/** A model that is being loaded answers late; one that never answers is not worth a run. */
const PROBE_SECONDS = 120;
/** What the endpoint is asked for, the most first: those that know less refuse fields they do not know. */
const ASKED = [
  { ignoreEos: true, includeUsage: true },
  { ignoreEos: false, includeUsage: true },
  { ignoreEos: false, includeUsage: false },
];
const REFUSES_FIELDS = new Set([400, 422]);

const attempt = (connections: Connections, target: Target): Promise<Ended> =>
  new Promise(resolve => {
    // Without an adapter: one that is loaded now would not be cold in the run.
    const body = bodies(target, rng(0, 'prompts'))(0, 8, 2);
    const probe = exchange(connections, target, { id: requestId(target, 'probe', 0), body }, ended => {
      clearTimeout(late);
      resolve(ended);
    });
    const late = setTimeout(() => probe.abandon('no answer'), PROBE_SECONDS * 1000);
  });

/** A refusal's own words, on one line. */
const saying = (text: string) => (text === '' ? '' : `: ${text.replace(/\s+/g, ' ').slice(0, 300)}`);

function unusable(target: Target, { refusal, why }: Ended): ForensicsError | undefined {
  const where = `${target.origin}${target.path.split('?')[0]}`;
  if (refusal === null)
    return new ForensicsError('not-found', `${where} does not answer (${why})`, 'Check the URL, and that the server is up.');
  switch (refusal.status) {
    case 401:
    case 403:
      return new ForensicsError(
        'bad-argument',
        `${where} wants a key (HTTP ${refusal.status})`,
        'Put the key into an environment variable, and name that with --api-key-env.',
      );
    case 404:
    case 405:
      return new ForensicsError(
        'not-found',
        `${where} knows no such endpoint or model (HTTP ${refusal.status}${saying(refusal.text)})`,
        'Check the URL and --model.',
      );
    case 400:
    case 422:
      return new ForensicsError(
        'bad-argument',
        `${where} refuses our requests (HTTP ${refusal.status}${saying(refusal.text)})`,
        'Check --model, --extra and the lengths.',
      );
    default:
      // Busy, or broken now and then: that is what a load test is to find out.
      return undefined;
  }
}

/**
 * One small request before the run: whether anybody answers, and which of our fields the endpoint takes.
 * @throws ForensicsError not-found, bad-argument
 */
export async function probe(target: Target): Promise<Target> {
  const connections = new Connections(target.origin);
  try {
    for (const asked of target.api === 'triton' ? ASKED.slice(-1) : ASKED) {
      const wanted = { ...target, ...asked };
      const ended = await attempt(connections, wanted);
      if (ended.status === 'ok') return wanted;
      const last = asked === ASKED.at(-1);
      if (ended.refusal !== null && REFUSES_FIELDS.has(ended.refusal.status) && !last) continue;
      const error = unusable(wanted, ended);
      if (error !== undefined) throw error;
      return { ...target, ...(target.api === 'triton' ? asked : ASKED[0]) };
    }
    return target;
  } finally {
    await connections.destroy();
  }
}

const Models = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

/**
 * The first model that the server lists beside the endpoint.
 * @throws ForensicsError bad-argument when it lists none
 */
export async function firstModel(target: Target): Promise<string> {
  const path = target.path.replace(/\?.*$/, '').replace(/\/(?:chat\/)?completions\/?$/, '/models');
  const connection = new Client(target.origin);
  try {
    const { body, statusCode } = await connection.request({ path, method: 'GET', headers: target.headers, headersTimeout: 10_000 });
    if (statusCode !== 200)
      throw new ForensicsError(
        'bad-argument',
        `${target.origin}${path} answers HTTP ${statusCode}, so no model is known`,
        'Name the model with --model.',
      );
    const models = Models.safeParse(await body.json().catch(() => undefined));
    if (models.success) return models.data.data[0]?.id ?? '';
    throw new ForensicsError('bad-argument', `${target.origin}${path} lists no model`, 'Name it with --model.');
  } catch (error) {
    if (error instanceof ForensicsError) throw error;
    throw new ForensicsError(
      'not-found',
      `${target.origin} does not answer (${error instanceof Error ? failureOf(error) : 'no answer'})`,
      'Check the URL, and that the server is up.',
    );
  } finally {
    await connection.destroy();
  }
}
