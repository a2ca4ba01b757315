import { realAt } from '#core/columns';
import type { TraceStore } from '#trace/nsys/trace-store';

/** One process of a trace, as PyTorch's profiler would have seen it. */
export interface KinetoOptions {
  readonly pid: number;
  /** Epoch ns that times count from; undefined writes them since 1970, as versions before PyTorch 2.4 did. */
  readonly base?: bigint | undefined;
}

const COPIES = ['', 'HtoD', 'DtoH', 'HtoA', 'AtoH', 'AtoA', 'AtoD', 'DtoA', 'DtoD', 'HtoH', 'PtoP'];
const MEMORY = ['Pageable', 'Pinned', 'Device', 'Array', 'Managed', 'Device Static', 'Managed Static', 'Unknown'];

/** Whole microseconds and three digits of nanoseconds, as Kineto's fmtTs writes them (libkineto/src/output_json.cpp). */
const micros = (ns: bigint): string => `${ns / 1000n}.${String(ns % 1000n).padStart(3, '0')}`;

interface Row {
  readonly start_ns: number;
  readonly end_ns: number;
}

/** Writes what Kineto writes of one process of a trace: its events, in its layout, to the nanosecond. */
export function kinetoOf(store: TraceStore, { pid, base }: KinetoOptions): string {
  const session = store.scan('session', ['epoch_s', 'epoch_ns']);
  const epoch = BigInt(realAt(session.epoch_s, 0)) * 1_000_000_000n + BigInt(realAt(session.epoch_ns, 0));
  const rows = <T>(relation: string) => store.run(`SELECT * FROM ${relation} WHERE pid = ${pid}`, 1e6).rows as unknown as readonly T[];
  const names = new Map(store.run('SELECT name_id, name FROM name', 1e6).rows.map(r => [Number(r['name_id']), String(r['name'])]));
  const at = (r: Row) =>
    `"ts": ${micros(epoch + BigInt(r.start_ns) - (base ?? 0n))}, "dur": ${micros(BigInt(r.end_ns) - BigInt(r.start_ns))}`;
  const event = (cat: string, name: string, p: unknown, tid: unknown, r: Row, args: object) =>
    `  {\n    "ph": "X", "cat": "${cat}", "name": ${JSON.stringify(name)}, "pid": ${p}, "tid": ${tid},\n    ${at(r)},\n    "args": ${JSON.stringify(args)}\n  }`;
  const number = (value: unknown) => Number(value);
  type Work = Row & Readonly<Record<string, bigint | string | null>>;
  const place = (w: Work) => ({
    device: number(w['device_id']),
    context: number(w['context_id']),
    stream: number(w['stream_id']),
    correlation: number(w['correlation_id']),
  });
  const work = (cat: string, name: string, w: Work, args: object) =>
    event(cat, name, w['device_id'], w['stream_id'], w, { ...place(w), ...args });
  const events = [
    ...rows<Work>('nvtx_range').map(r => event('user_annotation', String(r['name']), pid, r['thread_id'], r, { 'External id': 1 })),
    ...rows<Work>('kernel').map(k =>
      work('kernel', names.get(number(k['full_name_id'])) ?? '', k, {
        grid: [number(k['grid_x']), number(k['grid_yz']), 1],
        block: [number(k['block']), 1, 1],
        ...(k['graph_node_id'] === null ? {} : { 'graph node id': number(k['graph_node_id']) }),
      }),
    ),
    ...rows<Work>('memcpy').map(c => {
      const name = `Memcpy ${COPIES[number(c['copy_kind'])]} (${MEMORY[number(c['src_kind'])]} -> ${MEMORY[number(c['dst_kind'])]})`;
      const peers = number(c['copy_kind']) === 10 ? { fromDevice: number(c['src_device_id']), toDevice: number(c['dst_device_id']) } : {};
      return work('gpu_memcpy', name, c, { bytes: number(c['bytes']), ...peers });
    }),
    ...rows<Work>('memset').map(f => work('gpu_memset', `Memset (${MEMORY[number(f['mem_kind'])]})`, f, { bytes: number(f['bytes']) })),
    // CUPTI's name of the interface's version is taken off (libkineto/src/cupti_strings.cpp).
    ...rows<Work>('api_call').map(c =>
      event(
        /^cu[A-Z]/.test(String(c['name'])) ? 'cuda_driver' : 'cuda_runtime',
        String(c['name']).replace(/_v\d{4,}$/, ''),
        pid,
        c['thread_id'],
        c,
        {
          cbid: 211,
          correlation: number(c['correlation_id']),
        },
      ),
    ),
    `  {"name": "process_name", "ph": "M", "ts": 0, "pid": ${pid}, "tid": 0, "args": {"name": "python3"}}`,
    '  {"name": "Record Window End", "ph": "i", "s": "g", "pid": "", "tid": "", "ts": 0}',
  ];
  const gpus = store.scan('gpu', ['gpu_id', 'sm_count', 'memory_bytes']);
  const devices = Array.from({ length: gpus.n }, (_, i) => ({
    ...{ id: gpus.gpu_id[i], name: 'NVIDIA H200', totalGlobalMem: gpus.memory_bytes[i], numSms: gpus.sm_count[i] },
  }));
  const head = `{\n  "schemaVersion": 1,\n  "deviceProperties": ${JSON.stringify(devices)},\n  "displayTimeUnit": "ms",\n`;
  const from = base === undefined ? '' : `  "baseTimeNanoseconds": ${base},\n`;
  return `${head}${from}  "traceEvents": [\n${events.join(',\n')}\n  ],\n  "traceName": "a.json"\n}\n`;
}
