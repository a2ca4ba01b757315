import { byteAt, intAt, itemAt, realAt, valueAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import { COPY_KIND } from '#trace/events/copy-kinds';
import { type GpuOps, OP } from '#trace/events/gpu-ops';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';

/**
 * Orders of events that CUDA guarantees: work begins after the call that launches it began; work of a stream runs as it was launched; a
 * thread that waits for a copy returns after the copy ended.
 */
const ORDERS = ['launch', 'stream', 'wait'] as const;
export type Order = (typeof ORDERS)[number];

/** How often an order was looked at, and how often it was broken: times of calls and of GPU work are not on one clock. */
export interface Disorder {
  readonly order: Order;
  readonly n: number;
  readonly broken: number;
}

/**
 * CUPTI puts stamps of the GPU on the host's clock, to within microseconds: of 480,000 launches in 26 captures none was early by anything.
 * What is out of order by less than this changes no cause.
 */
const SLACK_NS: Ns = 1e6;
/** As for launches without work: a row or two may be wrong, more than one in a hundred are not by chance. */
const IN_ANY_TRACE: Share = 0.01;
const A_FEW = 2;
/** Times that are wrong as a whole are wrong everywhere: operations in so many stretches, evenly spread, tell. */
const STRETCHES = 16;
const STRETCH = 1250;

const SYNC = ACTIVITIES.indexOf('sync');

/** Kinds of operations, by the table that holds them. */
const TABLES: readonly (readonly number[])[] = [[OP.kernel, OP.communication], [OP.copy], [OP.memset], [OP.graph]];
const tableOf = (kind: number): number => TABLES.findIndex(kinds => kinds.includes(kind));

/** The operations that are looked at, in stretches of consecutive ones. */
function* stretchesOf(n: number): Generator<readonly [number, number]> {
  if (n <= STRETCHES * STRETCH) {
    yield [0, n];
    return;
  }
  for (let k = 0; k < STRETCHES; k++) {
    const from = Math.floor((k * (n - STRETCH)) / (STRETCHES - 1));
    yield [from, from + STRETCH];
  }
}

/** When the thread of a call that copied to the host came back from waiting for it: at the end of a synchronisation that follows at once, or of the call itself. */
function waitedUntil({ api, callsOf, nameOf }: HostCalls, call: number): Ns | undefined {
  const [end, name] = [realAt(api.end, call), nameOf(intAt(api.nameId, call))];
  if (/^cudaMemcpy(2D)?$/.test(name)) return end;
  const calls = callsOf(intAt(api.thread, call));
  // What follows a call begins after it ended; what it did inside does not.
  const next = upperBound(calls.start, end);
  return next < calls.n && calls.activity[next] === SYNC && !/Event/.test(nameOf(intAt(calls.nameId, next)))
    ? realAt(calls.end, next)
    : undefined;
}

/** Counts orders that hold and those that do not. */
class Tally {
  readonly #counts = new Map(ORDERS.map(order => [order, { n: 0, broken: 0 }]));

  look(order: Order, isBroken: boolean): void {
    const count = this.#counts.get(order);
    if (count === undefined) return;
    count.n++;
    if (isBroken) count.broken++;
  }

  disorders(): readonly Disorder[] {
    return [...this.#counts].flatMap(([order, { n, broken }]) =>
      broken > Math.max(A_FEW, IN_ANY_TRACE * n) ? [{ order, n, broken }] : [],
    );
  }
}

/** Finds orders of events that a trace breaks although CUDA guarantees them: relations of it were shifted, swapped or joined wrongly. */
export function disorders(ops: GpuOps, host: HostCalls): readonly Disorder[] {
  const { api } = host;
  const tally = new Tally();
  for (const [from, to] of stretchesOf(ops.n)) {
    const latest = new Map<string, Ns[]>();
    for (let op = from; op < to; op++) {
      // A graph's nodes and what managed memory does run as the driver sees fit.
      if (ops.inGraph[op] === 1) continue;
      const call = api.find(valueAt(ops.processes, intAt(ops.process, op)), intAt(ops.correlation, op));
      if (call < 0) continue;
      const called = realAt(api.start, call);
      tally.look('launch', realAt(ops.start, op) < called - SLACK_NS);
      const stream = [ops.process[op], ops.device[op], ops.stream[op], api.thread[call]].join();
      const calledOf = getOrCompute(latest, stream, () => TABLES.map(() => Number.NEGATIVE_INFINITY));
      const table = tableOf(byteAt(ops.kind, op));
      // Rows of one table keep their order wherever they are moved: two tables beside one another tell.
      const before = Math.max(...calledOf.filter((_, t) => t !== table));
      if (before > Number.NEGATIVE_INFINITY) tally.look('stream', called < before - SLACK_NS);
      calledOf[table] = Math.max(called, itemAt(calledOf, table));
      if (ops.copyKind[op] !== COPY_KIND.deviceToHost) continue;
      const until = waitedUntil(host, call);
      if (until !== undefined) tally.look('wait', realAt(ops.end, op) > until + SLACK_NS);
    }
  }
  return tally.disorders();
}
