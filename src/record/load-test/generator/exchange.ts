import type { Dispatcher } from 'undici';
import { reasonOf } from '#core/reason-of';
import { streamReader } from './answer.ts';
import { type AnswerReader, plainReader, type Seen } from './answer-reader.ts';
import type { Connections } from './connections.ts';
import { monotonicNs } from './monotonic.ts';
import { streams, type Target } from './target.ts';
import { tritonReader } from './triton-answer.ts';

/** How an attempt ended, in monotonic ns. */
export interface Ended {
  readonly sent: number | null;
  readonly finish: number | null;
  readonly settled: number;
  readonly status: 'ok' | 'failed' | 'unfinished';
  readonly why: string | null;
  /** The HTTP status and the beginning of the body of a refusal; null when no answer came. */
  readonly refusal: { readonly status: number; readonly text: string } | null;
  readonly seen: Seen;
}

export interface Exchange {
  /** Gives it up: what comes after this is not looked at. */
  abandon(why: string): void;
}

/** As much of a refusal as is worth reading. */
const REFUSAL_BYTES = 2000;

/** What users know failures by, beyond what those of the system are called everywhere. */
const FAILURES: Readonly<Record<string, string>> = {
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed by the server',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  EMFILE: 'out of sockets here (raise ulimit -n)',
  EADDRNOTAVAIL: 'out of ports here',
};
export function failureOf(error: Error): string {
  if (error.name === 'HTTPParserError') return 'malformed HTTP';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error.message;
  return FAILURES[code] ?? reasonOf(error);
}

/** One attempt: what undici tells of it, until it is settled once. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #readEvents: (() => AnswerReader) | undefined;
  readonly #giveBack: () => void;
  readonly #done: (ended: Ended) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #sent: number | null = null;
  #status = 0;
  #refusal = '';
  #reader: AnswerReader | undefined;
  #settled = false;

  /** @param readEvents undefined for an answer that is no stream; @param giveBack its connection */
  constructor(readEvents: (() => AnswerReader) | undefined, giveBack: () => void, done: (ended: Ended) => void) {
    this.#readEvents = readEvents;
    this.#giveBack = giveBack;
    this.#done = done;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up before it had a connection.
    if (this.#settled) controller.abort(new Error('given up'));
    else this.#sent = monotonicNs();
  }

  onResponseStart(controller: Dispatcher.DispatchController, code: number, headers: Readonly<Record<string, unknown>>): void {
    if (code < 200) return;
    this.#status = code;
    const readEvents = code < 300 ? this.#readEvents : undefined;
    if (readEvents !== undefined && !String(headers['content-type']).startsWith('text/event-stream')) {
      this.#settle('failed', 'the answer is no event stream');
      controller.abort(new Error('given up'));
    } else this.#reader = readEvents === undefined ? plainReader() : readEvents();
  }

  onResponseData(_: Dispatcher.DispatchController, bytes: Buffer): void {
    const at = monotonicNs();
    if (this.#status < 300) this.#reader?.feed(bytes, at);
    else if (this.#refusal.length < REFUSAL_BYTES) this.#refusal += bytes.toString('utf8');
  }

  onResponseEnd(): void {
    const at = monotonicNs();
    const fault = this.#fault();
    this.#giveBack();
    this.#settle(fault === undefined ? 'ok' : 'failed', fault ?? null, at);
  }

  onResponseError(_: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#giveBack();
    this.#settle('failed', failureOf(error));
  }

  abandon(why: string): void {
    if (this.#settled) return;
    this.#settle('unfinished', why);
    this.#controller?.abort(new Error('given up'));
  }

  #fault(): string | undefined {
    if (this.#status >= 400) return `HTTP ${this.#status}`;
    return this.#status >= 300 ? `HTTP ${this.#status} (redirects are not followed)` : this.#reader?.fault();
  }

  #settle(how: Ended['status'], why: string | null, at = monotonicNs()): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#done({
      sent: this.#sent,
      finish: how === 'unfinished' ? null : at,
      settled: at,
      status: how,
      why,
      refusal: this.#status >= 400 ? { status: this.#status, text: this.#refusal } : null,
      seen: (this.#reader ?? plainReader()).seen,
    });
  }
}

/**
 * Sends one request and reads its answer. `sent` is the moment before its bytes are written to a connected socket; time spent
 * connecting lies before it. Each piece of the answer is stamped when it is read, before anything else is done with it.
 */
export function exchange(
  connections: Connections,
  target: Target,
  request: { readonly id: string; readonly body: string | null },
  done: (ended: Ended) => void,
): Exchange {
  const connection = connections.take();
  const readEvents = target.api === 'triton' ? tritonReader : streamReader;
  const attempt = new Attempt(streams(target) ? readEvents : undefined, () => connections.giveBack(connection), done);
  try {
    connection.dispatch(
      { path: target.path, method: target.method, headers: { ...target.headers, 'x-request-id': request.id }, body: request.body },
      attempt,
    );
  } catch (error) {
    attempt.onResponseError(undefined, error instanceof Error ? error : new Error(String(error)));
  }
  return attempt;
}
