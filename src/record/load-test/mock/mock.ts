import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Ns } from '#core/units';
import { monotonicNs, NS_PER_MS } from '#record/load-test/generator/monotonic';
import { PreciseQueue } from '#record/load-test/generator/precise-queue';
import { rng } from '#record/load-test/generator/rng';
import { dueTimes, through } from './due-times.ts';
import type { FaultKind, MockScript } from './script.ts';
import { type Outcome, streamAnswer } from './stream-answer.ts';
import { readBody, tokensAsked, type WireKind, wire } from './wire.ts';

/** What the server did for one request, and when it really did. Monotonic ns. */
export interface Served {
  /** x-request-id of the request. */
  readonly id: string;
  readonly received: Ns;
  /** When its turn came: later than received where it waited for a slot. */
  readonly begun: Ns;
  /** By the script. */
  readonly due: readonly Ns[];
  /** Just after the bytes were handed to the kernel. */
  readonly sent: readonly Ns[];
  readonly outcome: Outcome;
}

interface Turn {
  readonly received: Ns;
  readonly serve: (begun: Ns) => void;
}

/** An OpenAI-compatible server that does exactly what a script says, and writes down how exactly it did. */
export class Mock {
  readonly #script: MockScript;
  readonly #served: (served: Served) => void;
  readonly #die: () => void;
  readonly #queue = new PreciseQueue();
  readonly #random: () => number;
  readonly #waiting: Turn[] = [];
  #free: number;
  #count = 0;
  /** The first request, from which stalls count. */
  #zero: number | undefined;

  constructor(script: MockScript, served: (served: Served) => void, die: () => void) {
    this.#script = script;
    this.#served = served;
    this.#die = die;
    this.#random = rng(script.seed, 'mock');
    this.#free = script.slots ?? Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.#queue.close();
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const received = monotonicNs();
    const path = (request.url ?? '').split('?')[0] ?? '';
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const [first] = pieces;
      const body = (first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces)).toString('utf8');
      if (path.endsWith('/models')) return json(response, 200, { object: 'list', data: [{ id: 'mock', object: 'model' }] });
      if (path.endsWith('/health') || path.endsWith('/health/ready')) return json(response, 200, {});
      if (this.#script.wants_key && !request.headers.authorization?.startsWith('Bearer '))
        return json(response, 401, { error: { message: 'a key is wanted' } });
      const kind = kindOf(path);
      if (kind === undefined) this.#plain(request, response, received);
      else this.#answer(request, response, received, body, kind);
    });
  }

  /** Any other path: an answer in one piece after ttft_ms. */
  #plain(request: IncomingMessage, response: ServerResponse, received: Ns): void {
    const fault = this.#fault();
    if (this.#refused(request, response, received, fault)) return;
    const due = through(this.#script.stalls, this.#zeroAt(received), received, this.#script.ttft_ms * NS_PER_MS);
    this.#queue.at(due, () => {
      json(response, 200, { ok: true });
      this.#tell(request, received, received, [due], [monotonicNs()], 'served');
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, received: Ns, body: string, kind: WireKind): void {
    const script = this.#script;
    const asked = readBody(body);
    const stranger = asked === undefined ? 'such a body' : script.refuse_fields.find(field => field in asked);
    if (asked === undefined || stranger !== undefined) {
      json(response, 400, { error: { message: `${stranger} is not known here` } });
      return;
    }
    // Probes are no part of the script.
    const probe = request.headers['x-request-id']?.includes('-probe') === true;
    const fault = probe ? undefined : this.#fault();
    if (this.#refused(request, response, received, fault)) return;
    const zero = probe ? received : this.#zeroAt(received);
    const tokens = script.tokens === 'asked' ? tokensAsked(asked) : script.tokens;
    const text = wire(kind, asked, tokens, script.chunk_tokens, script.usage);
    this.#turn({
      received,
      serve: begun => {
        const due = dueTimes(script, zero, begun, tokens);
        streamAnswer(response, this.#queue, { due, text, fault }, ({ outcome, sent, at }) => {
          this.#tell(request, received, begun, due, sent, outcome);
          this.#leave(at);
        });
      },
    });
  }

  #turn(turn: Turn): void {
    if (this.#free <= 0) return void this.#waiting.push(turn);
    this.#free--;
    turn.serve(turn.received);
  }

  /** A slot is free from a time of the script on, which may lie a little before now. */
  #leave(at: number): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next.serve(Math.max(at, next.received));
  }

  #zeroAt(received: Ns): number {
    this.#zero ??= received;
    return this.#zero;
  }

  #fault(): FaultKind | undefined {
    this.#count++;
    const planned = this.#script.faults.find(({ every }) => this.#count % every === 0)?.kind;
    return planned ?? (this.#script.error_rate > 0 && this.#random() < this.#script.error_rate ? 'refuse' : undefined);
  }

  /** Deals with what gets no answer that streams. */
  #refused(request: IncomingMessage, response: ServerResponse, received: Ns, fault: FaultKind | undefined): boolean {
    if (fault !== 'refuse' && fault !== 'hang' && fault !== 'die') return false;
    if (fault === 'refuse') json(response, this.#script.error_status, { error: { message: 'not now' } });
    this.#tell(request, received, received, [], [], fault);
    if (fault === 'die') this.#die();
    return true;
  }

  #tell(
    request: IncomingMessage,
    received: Ns,
    begun: Ns,
    due: readonly number[],
    sent: readonly number[],
    outcome: Served['outcome'],
  ): void {
    this.#served({ id: request.headers['x-request-id']?.toString() ?? '', received, begun, due, sent, outcome });
  }
}

function kindOf(path: string): WireKind | undefined {
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/completions')) return 'completions';
  return path.endsWith('/generate_stream') ? 'triton' : undefined;
}

function json(response: ServerResponse, status: number, content: object): void {
  response.socket?.cork();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(content));
  response.socket?.uncork();
}
