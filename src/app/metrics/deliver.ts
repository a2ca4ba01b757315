import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import type { RunSamples } from '#report/render/metrics/catalogue';
import { familiesOf } from '#report/render/metrics/families';
import { otlpJson } from '#report/render/metrics/otlp';
import { PROMETHEUS_TYPE, prometheusText } from '#report/render/metrics/prometheus-text';

/** A gateway that takes longer hangs. */
const PATIENCE_MS = 20_000;

/** Where figures are sent, and with which key. */
export interface Receiver {
  readonly url: URL;
  /** What the header `authorization` says. */
  readonly authorization: string | undefined;
}

async function send({ authorization }: Receiver, url: URL, method: 'PUT' | 'POST', type: string, body: string): Promise<void> {
  const headers = { 'content-type': type, ...(authorization === undefined ? {} : { authorization }) };
  const where = `${url.origin}${url.pathname}`;
  let answer: Response;
  try {
    answer = await fetch(url, { method, headers, body, redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? reasonOf(error.cause) : '';
    throw new ForensicsError(
      'not-found',
      `${where} was not reached${cause === '' ? '' : ` (${cause})`}`,
      'Check the URL, and that the receiver is up.',
    );
  }
  const said = (await answer.text()).replace(/\s+/g, ' ').slice(0, 200);
  if (!answer.ok)
    throw new ForensicsError(
      'bad-argument',
      `${where} refuses the figures (HTTP ${answer.status}${said === '' ? '' : `: ${said}`})`,
      'Check the URL and the key.',
    );
}

/** A run as the push gateway groups it: a slash in a name takes its base64 form. */
const groupOf = (run: string): string =>
  run.includes('/') ? `run@base64/${Buffer.from(run).toString('base64url')}` : `run/${encodeURIComponent(run)}`;

/**
 * Puts the figures of each run into a push gateway, in a group of its own; what was there of that run before is replaced.
 * @throws ForensicsError not-found, bad-argument
 */
export async function pushToGateway(runs: readonly RunSamples[], to: Receiver): Promise<void> {
  for (const run of runs) {
    const families = familiesOf([run]);
    // The label as it is written, without what is private.
    const label = families[0]?.figures[0]?.labels.find(([name]) => name === 'run')?.[1] ?? 'run';
    const url = new URL(to.url);
    const base = url.pathname.replace(/\/+$/, '');
    url.pathname = `${base.endsWith('/metrics/job/forensics') ? base : `${base}/metrics/job/forensics`}/${groupOf(label)}`;
    await send(to, url, 'PUT', PROMETHEUS_TYPE, prometheusText(families));
  }
}

/**
 * Posts the figures of all runs as OTLP over HTTP, in JSON; to /v1/metrics where the URL has no path.
 * @param now epoch ms
 * @throws ForensicsError not-found, bad-argument
 */
export async function postOtlp(runs: readonly RunSamples[], to: Receiver, now: number): Promise<void> {
  const url = new URL(to.url);
  if (url.pathname === '/' || url.pathname === '') url.pathname = '/v1/metrics';
  await send(to, url, 'POST', 'application/json', otlpJson(familiesOf(runs), BigInt(now) * 1_000_000n, version()));
}
