import type { GpuSlice, ThreadSlice, TraceSlices } from './slices.ts';
import type { Box, Group, Track } from './tracks.ts';

const COPIES: Readonly<Record<number, string>> = {
  1: 'host to device',
  2: 'device to host',
  8: 'device to device',
  9: 'host to host',
  10: 'peer to peer',
};
const LAUNCHES = { api: 'CUDA calls', os: 'operating system', nvtx: 'NVTX' } as const;

const byKey = <T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> => {
  const map = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const list = map.get(key);
    if (list === undefined) map.set(key, [item]);
    else list.push(item);
  }
  return map;
};

function nameOfGpu({ kind, name, copy_kind }: GpuSlice): string {
  if (kind === 'copy') return `copy, ${copy_kind === null ? 'of a kind that is not known' : (COPIES[copy_kind] ?? `of kind ${copy_kind}`)}`;
  return name ?? (kind === 'kernel' ? 'a kernel without a name' : kind);
}

const args = (fields: Readonly<Record<string, number | null>>): Record<string, number> =>
  Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));

const gpuBox = (slice: GpuSlice): Box => ({
  start: slice.start_ns,
  end: slice.start_ns + slice.dur_ns,
  name: nameOfGpu(slice),
  kind: slice.kind,
  args: args({ correlation_id: slice.correlation_id, bytes: slice.bytes }),
});
const threadBox = (slice: ThreadSlice): Box => ({
  start: slice.start_ns,
  end: slice.start_ns + slice.dur_ns,
  name: slice.name ?? 'without a name',
  kind: slice.kind,
  args: args({ correlation_id: slice.correlation_id }),
});

/** The streams of each process on each GPU. */
export function gpuGroups({ gpu, names }: TraceSlices): Group[] {
  const nameOf = processNames(names);
  return [...byKey(gpu, s => `${s.device_id} ${s.pid ?? ''}`).values()]
    .toSorted((a, b) => (a[0]?.device_id ?? 0) - (b[0]?.device_id ?? 0) || (a[0]?.pid ?? 0) - (b[0]?.pid ?? 0))
    .flatMap(slices => {
      const [first] = slices;
      if (first === undefined) return [];
      const streams = [...byKey(slices, s => String(s.stream_id))].toSorted((a, b) => Number(a[0]) - Number(b[0]));
      const tracks: Track[] = streams.map(([stream, of]) => ({ title: `stream ${stream}`, boxes: of.map(gpuBox) }));
      return [{ title: `GPU ${first.device_id}${first.pid === null ? '' : `, ${nameOf(first.pid)}`}`, tracks, counters: [] }];
    });
}

const processNames = (names: TraceSlices['names']) => {
  const map = new Map(names.flatMap(n => (n.thread_id === null ? [[n.pid, n.name] as const] : [])));
  return (pid: number): string => (map.has(pid) ? `${map.get(pid)} (process ${pid})` : `process ${pid}`);
};

/** The threads of each process, the busiest kind of record on a track of its own. */
export function threadGroups({ threads, names }: TraceSlices): Group[] {
  const nameOf = processNames(names);
  const threadNames = new Map<string, string>(
    names.flatMap(n => (n.thread_id === null ? [] : [[`${n.pid} ${n.thread_id}`, n.name] as const])),
  );
  return [...byKey(threads, s => String(s.pid)).values()].flatMap(slices => {
    const [first] = slices;
    if (first === undefined) return [];
    const tracks = [...byKey(slices, s => String(s.thread_id))]
      .toSorted((a, b) => Number(a[0]) - Number(b[0]))
      .flatMap(([thread, of]) => {
        const title = `${threadNames.get(`${first.pid} ${thread}`) ?? 'thread'} ${thread}`;
        return (['nvtx', 'api', 'os'] as const).flatMap(kind => {
          const boxes = of.filter(s => s.kind === kind).map(threadBox);
          return boxes.length === 0 ? [] : [{ title: `${title}: ${LAUNCHES[kind]}`, boxes }];
        });
      });
    return [{ title: nameOf(first.pid), tracks, counters: [] }];
  });
}
