import type { Dispatcher } from 'undici';
import { type AnswerReader, plainReader, type Seen, streamReader } from './answer.ts';
import type { Connections } from './connections.ts';
import { monotonicNs } from './monotonic.ts';
import type { Target } from './target.ts';

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

/** What users know failures by; other codes are shown as they are. */
const FAILURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  UND_ERR_SOCKET: 'connection closed by the server',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  ENOTFOUND: 'unknown host',
  EMFILE: 'out of sockets here (raise ulimit -n)',
  EADDRNOTAVAIL: 'out of ports here',
};
function failureOf(error: Error): string {
  if (error.name === 'HTTPParserError') return 'malformed HTTP';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return error.message;
  return FAILURES[code] ?? code;
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
  let controller: Dispatcher.DispatchController | undefined;
  let sent: number | null = null;
  let status = 0;
  let refusal = '';
  let reader: AnswerReader | undefined;
  let settled = false;
  const connection = connections.take();
  const settle = (how: Ended['status'], why: string | null, at = monotonicNs()) => {
    if (settled) return;
    settled = true;
    done({
      sent,
      finish: how === 'unfinished' ? null : at,
      settled: at,
      status: how,
      why,
      refusal: status >= 400 ? { status, text: refusal } : null,
      seen: (reader ?? plainReader()).seen,
    });
  };
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart: c => {
      controller = c;
      // Given up before it had a connection.
      if (settled) c.abort(new Error('given up'));
      else sent = monotonicNs();
    },
    onResponseStart: (c, code, headers) => {
      if (code < 200) return;
      status = code;
      const stream = target.api !== 'http' && code < 300;
      if (stream && !String(headers['content-type']).startsWith('text/event-stream')) {
        settle('failed', 'the answer is no event stream');
        c.abort(new Error('given up'));
      } else reader = stream ? streamReader() : plainReader();
    },
    onResponseData: (_, bytes) => {
      const at = monotonicNs();
      if (status < 300) reader?.feed(bytes, at);
      else if (refusal.length < REFUSAL_BYTES) refusal += bytes.toString('utf8');
    },
    onResponseEnd: () => {
      const at = monotonicNs();
      const fault = status >= 400 ? `HTTP ${status}` : status >= 300 ? `HTTP ${status} (redirects are not followed)` : reader?.fault();
      connections.giveBack(connection);
      settle(fault === undefined ? 'ok' : 'failed', fault ?? null, at);
    },
    onResponseError: (_, error) => {
      connections.giveBack(connection);
      settle('failed', failureOf(error));
    },
  };
  try {
    connection.dispatch(
      { path: target.path, method: target.method, headers: { ...target.headers, 'x-request-id': request.id }, body: request.body },
      handler,
    );
  } catch (error) {
    connections.giveBack(connection);
    settle('failed', error instanceof Error ? failureOf(error) : String(error));
  }
  return {
    abandon: why => {
      if (settled) return;
      settle('unfinished', why);
      controller?.abort(new Error('given up'));
    },
  };
}
