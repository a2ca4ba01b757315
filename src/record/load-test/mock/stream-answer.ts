import type { ServerResponse } from 'node:http';
import { valueAt } from '#core/columns';
import type { Ns } from '#core/units';
import { monotonicNs } from '#record/load-test/generator/monotonic';
import type { PreciseQueue } from '#record/load-test/generator/precise-queue';
import type { FaultKind } from './script.ts';
import type { Wire } from './wire.ts';

/** How an answer ended: as a whole, because the client left, or by a fault of the script. */
export type Outcome = 'served' | 'left' | FaultKind;

interface Answer {
  /** When each event is due, monotonic. */
  readonly due: readonly Ns[];
  readonly text: Wire;
  readonly fault: FaultKind | undefined;
}

interface Streamed {
  readonly outcome: Outcome;
  /** When each event was handed to the kernel, monotonic. */
  readonly sent: readonly Ns[];
  /** When it was over by the script, or, where that was cut short, by the clock. */
  readonly at: Ns;
}

/** Sends an answer event by event, each when it is due. @param ended told once */
export function streamAnswer(
  response: ServerResponse,
  queue: PreciseQueue,
  { due, text, fault }: Answer,
  ended: (streamed: Streamed) => void,
): void {
  const sent: Ns[] = [];
  let over = false;
  const end = (outcome: Outcome, at: Ns) => {
    if (over) return;
    over = true;
    ended({ outcome, sent, at });
  };
  response.once('close', () => end('left', monotonicNs()));
  const step = (i: number) => {
    if (over) return;
    const last = i === due.length - 1;
    const broken = fault !== undefined && i === Math.min(1, due.length - 1);
    const words = broken && fault === 'malformed' ? 'data: {"choices": [{"te\n\n' : i === 0 ? text.first : text.token;
    const says = broken && fault === 'error-event' ? 'data: {"error": {"message": "out of memory", "code": 500}}\n\n' : words;
    // Corked, head and event leave in one write, and uncorking writes them now, not at the end of this turn of the event loop.
    response.socket?.cork();
    if (i === 0) response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    response.write(says);
    if (last) response.end(text.end);
    response.socket?.uncork();
    sent.push(monotonicNs());
    if (broken && fault === 'cut') {
      response.socket?.destroy();
      return end('cut', monotonicNs());
    }
    if (last) return end(fault ?? 'served', valueAt(due, i));
    const next = due[i + 1];
    if (next !== undefined) queue.at(next, () => step(i + 1));
  };
  if (due[0] !== undefined) queue.at(due[0], () => step(0));
}
