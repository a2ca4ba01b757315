import { z } from 'zod';
import { ForensicsError } from '#core/errors';
import type { Ns } from '#core/units';
import type { ExportRows } from '#trace/nsys/export-tables';
import type { ExportWriter } from '#trace/nsys/export-writer';
import { ncclOf } from './communicator.ts';
import type { Lasting, Naming, TraceEvent } from './event.ts';
import { type Moment, since } from './event-times.ts';
import { copyOf, fillOf, kernelOf, syncOf } from './gpu-work.ts';
import { parsed } from './parsed.ts';

const Call = z.object({ correlation: z.number().int().nonnegative() });
/** What c10d notes beside a collective; other versions leave some out. */
const Collective = z.object({
  'Collective name': z.string(),
  'Process Group Name': z.string(),
  'Process Group Ranks': z.string(),
  dtype: z.string(),
  'In msg nelems': z.number().int().nonnegative(),
  'Out msg nelems': z.number().int().nonnegative(),
});

/** Named stretches of the program: operators, record_function, and with_stack=True the functions of Python. */
const RANGES: ReadonlySet<string> = new Set(['cpu_op', 'user_annotation', 'python_function']);
/** `thread 686 (pt_autograd_0)`. */
const THREAD_NAME = /^thread \d+ \((.+)\)$/;
/** What is in no process: spans of the whole trace, and rows that the profiler made of others for its viewer. */
const DERIVED: ReadonlySet<string> = new Set(['Trace', 'gpu_user_annotation']);
const HIP = /^hip[A-Z]/;

const LEAD: Ns = 1;

interface Times {
  readonly start: Ns;
  readonly end: Ns;
}

/** Makes rows of events, in whatever order they come. */
export class Rows {
  readonly #writer: ExportWriter;
  readonly #shown: string;
  /** Where rows count from: the first event of the file, which may not be the earliest. */
  #origin: Moment | undefined;
  #first: Ns = 0;
  readonly #callers = new Set<number>();
  readonly #records = new Set<number>();
  /** The profiler's own work, which names a thread and no process. */
  readonly #overheads: ExportRows['overhead'][] = [];
  readonly #names = new Map<number, string>();
  readonly #hosts = new Set<number>();
  readonly passedOver = new Map<string, number>();
  events = 0;

  constructor(writer: ExportWriter, shown: string) {
    this.#writer = writer;
    this.#shown = shown;
  }

  /** @throws z.ZodError for an event that lacks what its category has; ForensicsError unsupported */
  add({ kind, event }: TraceEvent): void {
    if (kind === 'naming') this.#name(event);
    else this.#last(event);
  }

  /** When the session begins, on the clock of the rows: before all of them, since a row of CUPTI that begins and ends at 0 has no times. */
  get firstNs(): Ns {
    return this.#first - LEAD;
  }

  /** Ends the rows: their first moment on the trace's clock, and the process whose work it all is. @throws ForensicsError unsupported for several */
  finish(): { readonly first: Moment; readonly pid: number } {
    const pids = this.#callers.size > 0 ? this.#callers : this.#hosts;
    if (this.#callers.size > 1)
      throw new ForensicsError(
        'unsupported',
        `${this.#shown} holds CUDA calls of ${this.#callers.size} processes, and the trace does not tell whose work a GPU did`,
        'It was put together from several traces: name those, one for each rank.',
      );
    const [pid = 0] = pids;
    for (const row of this.#overheads.splice(0)) this.#writer.write('overhead', { ...row, pid });
    const { us, ns } = this.#origin ?? { us: 0, ns: 0 };
    const first = this.firstNs + ns;
    return { first: { us: us + Math.floor(first / 1000), ns: ((first % 1000) + 1000) % 1000 }, pid };
  }

  /** Names of the processes that ran on the host: GPUs are processes to the viewer. */
  get processes(): ReadonlyMap<number, string> {
    return new Map([...this.#names].filter(([pid]) => this.#hosts.has(pid)));
  }

  #name({ what, pid, tid, name }: Naming): void {
    if (what === 'process_name') this.#names.set(pid, name);
    else if (tid > 0) {
      const own = THREAD_NAME.exec(name)?.[1];
      if (own !== undefined) this.#writer.write('thread', { pid, tid, name: own });
    }
  }

  #last(event: Lasting): void {
    const { category, name, pid, tid, args } = event;
    this.#origin ??= event.begin;
    const start = since(this.#origin, event.begin);
    const times = { start, end: start + event.length };
    const thread = { ...times, pid, tid, name };
    const isRange = RANGES.has(category);
    if (isRange) this.#writer.write('range', { ...thread, nccl: ncclArgs(name, args) });
    else if (category === 'kernel') this.#writer.write('kernel', kernelOf(event, times));
    else if (category === 'gpu_memcpy') {
      if (typeof args['kind'] === 'string') throw this.#amd();
      this.#writer.write('copy', copyOf(event, times));
    } else if (category === 'gpu_memset') this.#writer.write('fill', fillOf(event, times));
    else if (category === 'cuda_runtime' || category === 'cuda_driver') this.#called({ ...thread, args });
    else if (category === 'cuda_sync') this.#synced(event, times);
    else if (category === 'overhead' && tid > 0) this.#overheads.push(thread);
    else {
      if (!DERIVED.has(category)) this.passedOver.set(category, (this.passedOver.get(category) ?? 0) + 1);
      return;
    }
    if (isRange) this.#hosts.add(pid);
    this.#first = this.events === 0 ? start : Math.min(this.#first, start);
    this.events += 1;
  }

  #called({ args, ...call }: Times & Pick<Lasting, 'pid' | 'tid' | 'name' | 'args'>): void {
    if (HIP.test(call.name)) throw this.#amd();
    this.#writer.write('call', { ...call, correlation: parsed(Call, args).correlation });
    this.#callers.add(call.pid);
    this.#hosts.add(call.pid);
  }

  #synced(event: Lasting, times: Times): void {
    const { sync, record } = syncOf(event, times) ?? {};
    if (sync !== undefined) this.#writer.write('sync', sync);
    if (record === undefined || this.#records.has(record.correlation)) return;
    this.#records.add(record.correlation);
    this.#writer.write('eventRecord', record);
  }

  #amd(): ForensicsError {
    return new ForensicsError(
      'unsupported',
      `${this.#shown} was recorded on AMD GPUs: its copies have no sizes, and its calls are those of HIP`,
      'Traces of NVIDIA GPUs are read.',
    );
  }
}

/** What a collective was called with, where the range is c10d's note of it. */
function ncclArgs(name: string, args: Lasting['args']): ReturnType<typeof ncclOf> {
  if (name !== 'record_param_comms') return undefined;
  const { data } = Collective.safeParse(args);
  return (
    data &&
    ncclOf({
      name: data['Collective name'],
      group: data['Process Group Name'],
      ranks: data['Process Group Ranks'],
      type: data.dtype,
      inElements: data['In msg nelems'],
      outElements: data['Out msg nelems'],
    })
  );
}
