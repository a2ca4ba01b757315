import Database from 'better-sqlite3';
import { getOrCompute } from '#core/get-or-compute';
import { type Column, type SchemaVersion, tablesOf } from './synthetic-schema.ts';

export { SCHEMA_VERSIONS, type SchemaVersion } from './synthetic-schema.ts';

/** Bytes stand for text in another encoding than UTF-8. */
type Text = string | Uint8Array;

interface Timed {
  /** ns since the session began. */
  readonly start: number;
  readonly end: number;
}
interface GpuWork extends Timed {
  readonly pid: number;
  readonly correlation: number;
  readonly device?: number;
  readonly context?: number;
  readonly stream?: number;
  readonly graphNode?: number;
}
export interface SyntheticKernel extends GpuWork {
  readonly name: Text;
  readonly fullName?: Text;
  readonly grid?: readonly [number, number, number];
  readonly block?: readonly [number, number, number];
}
export interface SyntheticCopy extends GpuWork {
  readonly bytes: number;
  readonly kind: number;
  readonly srcKind?: number;
  readonly dstKind?: number;
  readonly srcDevice?: number;
  readonly dstDevice?: number;
}
export interface SyntheticMemset extends GpuWork {
  readonly bytes: number;
  readonly memKind?: number;
}
export interface SyntheticSync extends GpuWork {
  readonly type: number;
}
export interface SyntheticCall extends Timed {
  readonly pid: number;
  readonly tid: number;
  readonly name: Text;
}
export interface SyntheticApiCall extends SyntheticCall {
  readonly correlation: number;
  readonly returnValue?: number;
}
export interface SyntheticRange extends SyntheticCall {
  /** true: the name was registered and is an id; false: it stands in the row. */
  readonly registered?: boolean;
  /** Its payload as bytes, header and all. */
  readonly payload?: Uint8Array;
  /** Its payload as JSON. */
  readonly json?: string;
}

/** A field of an NVTX payload; the offset of the first is left out, as nsys does it. */
export interface SyntheticField {
  readonly schema: number;
  readonly name: string;
  /** As NVTX numbers types: 18 is an unsigned integer of 64 bits, 22 a size. */
  readonly type: number;
  readonly offset?: number;
}

/** A small trace in a few words. All lists may be left out; a table without rows is not made, as nsys does it. */
export interface TraceDescription {
  readonly version: SchemaVersion;
  readonly epochNs: bigint;
  readonly processes?: readonly { readonly pid: number; readonly name?: string }[];
  readonly threads?: readonly { readonly pid: number; readonly tid: number; readonly name: string }[];
  readonly kernels?: readonly SyntheticKernel[];
  readonly copies?: readonly SyntheticCopy[];
  readonly memsets?: readonly SyntheticMemset[];
  readonly syncs?: readonly SyntheticSync[];
  readonly apiCalls?: readonly SyntheticApiCall[];
  readonly osCalls?: readonly SyntheticCall[];
  readonly nvtx?: readonly SyntheticRange[];
  readonly payloadFields?: readonly SyntheticField[];
  readonly overheads?: readonly SyntheticCall[];
  /** Names of the GPUs, by their numbers; one H200 where left out. */
  readonly gpus?: readonly string[];
  readonly options?: {
    /** Event tables bear the suffix _V2. */
    readonly suffixV2?: boolean;
    readonly dropTables?: readonly string[];
    readonly emptyTables?: readonly string[];
    /** Every column NOT NULL with a default, as exports of 2019 and 2020 have it. */
    readonly notNull?: boolean;
    /** What stands above the process id in a global id. 1 in the captures at hand; from 32 on ids exceed 2^53. */
    readonly machine?: bigint;
  };
}

/** A global id as nsys packs it: machine and hardware above bit 48, process above bit 24, thread below. Signed, as SQLite reads it. */
export const globalId = (machine: bigint, pid: number, tid = 0): bigint =>
  BigInt.asIntN(64, (machine << 48n) | (BigInt(pid) << 24n) | BigInt(tid));

type Cell = bigint | number | Text | null;
type Row = Readonly<Record<string, Cell | undefined>>;

/** Ids for texts, in the order of their first use. */
function interner() {
  const ids = new Map<string, { readonly id: number; readonly value: Text }>();
  const intern = (value: Text): number => {
    const key = typeof value === 'string' ? `t${value}` : `b${Buffer.from(value).toString('hex')}`;
    const known = ids.get(key) ?? { id: ids.size + 1, value };
    ids.set(key, known);
    return known.id;
  };
  return { intern, rows: () => [...ids.values()] };
}

/** The rows of every table, under the names of the newest schema. */
function rowsOf(description: TraceDescription): ReadonlyMap<string, readonly Row[]> {
  const { version, epochNs, processes = [], options: { machine = 1n } = {} } = description;
  const { intern, rows: strings } = interner();
  const gpu = (w: GpuWork): Row => ({
    start: w.start,
    end: w.end,
    deviceId: w.device ?? 0,
    contextId: w.context ?? 1,
    streamId: w.stream ?? 7,
    correlationId: w.correlation,
    globalPid: globalId(machine, w.pid),
    graphNodeId: w.graphNode,
  });
  const call = (c: SyntheticCall): Row => ({
    start: c.start,
    end: c.end,
    globalTid: globalId(machine, c.pid, c.tid),
    nameId: intern(c.name),
  });
  const kernel = (k: SyntheticKernel): Row => {
    const [[gridX, gridY, gridZ], [blockX, blockY, blockZ]] = [k.grid ?? [1, 1, 1], k.block ?? [128, 1, 1]];
    return {
      ...gpu(k),
      shortName: intern(k.name),
      demangledName: intern(k.fullName ?? k.name),
      gridX,
      gridY,
      gridZ,
      blockX,
      blockY,
      blockZ,
    };
  };
  const copy = (c: SyntheticCopy): Row => ({
    ...gpu(c),
    bytes: c.bytes,
    copyKind: c.kind,
    srcKind: c.srcKind,
    dstKind: c.dstKind,
    srcDeviceId: c.srcDevice,
    dstDeviceId: c.dstDevice,
  });
  const range = ({ registered = false, payload, json, ...r }: SyntheticRange): Row => ({
    ...call(r),
    eventType: 59,
    domainId: 0,
    binaryData: payload,
    jsonText: json,
    ...(registered ? { textId: intern(r.name) } : { text: r.name }),
  });
  const [major, minor, micro] = version.split('.');
  const tables: [string, readonly Row[]][] = [
    ['CUPTI_ACTIVITY_KIND_KERNEL', (description.kernels ?? []).map(kernel)],
    ['CUPTI_ACTIVITY_KIND_MEMCPY', (description.copies ?? []).map(copy)],
    ['CUPTI_ACTIVITY_KIND_MEMSET', (description.memsets ?? []).map(m => ({ ...gpu(m), bytes: m.bytes, memKind: m.memKind ?? 2 }))],
    ['CUPTI_ACTIVITY_KIND_SYNCHRONIZATION', (description.syncs ?? []).map(s => ({ ...gpu(s), syncType: s.type }))],
    [
      'CUPTI_ACTIVITY_KIND_RUNTIME',
      (description.apiCalls ?? []).map(a => ({ ...call(a), correlationId: a.correlation, returnValue: a.returnValue ?? 0 })),
    ],
    ['OSRT_API', (description.osCalls ?? []).map(o => ({ ...call(o), nestingLevel: 0 }))],
    ['NVTX_EVENTS', (description.nvtx ?? []).map(range)],
    [
      'NVTX_PAYLOAD_SCHEMA_ENTRIES',
      (description.payloadFields ?? []).map((f, idx) => ({
        domainId: 1,
        schemaId: f.schema,
        idx,
        type: f.type,
        name: f.name,
        offset: f.offset,
      })),
    ],
    ['PROFILER_OVERHEAD', (description.overheads ?? []).map(call)],
    ['PROCESSES', processes.map(p => ({ globalPid: globalId(machine, p.pid), pid: p.pid, name: p.name }))],
    ['ThreadNames', (description.threads ?? []).map(t => ({ globalTid: globalId(machine, t.pid, t.tid), nameId: intern(t.name) }))],
    ['TARGET_INFO_SESSION_START_TIME', [{ utcEpochNs: epochNs, utcTime: '', localTime: '' }]],
    [
      'TARGET_INFO_GPU',
      (description.gpus ?? ['NVIDIA H200']).map((name, id) => ({
        ...{ id, name, busLocation: `0000:0${id}:06.0`, smCount: 132, totalMemory: 150_109_880_320 },
      })),
    ],
    ['TARGET_INFO_CUDA_DEVICE', processes.map(p => ({ gpuId: 0, cudaId: 0, pid: p.pid }))],
    ['META_DATA_CAPTURE', [{ name: 'START_TRIGGER', value: 'Immediate' }]],
    [
      version === '2.9.1' ? 'EXPORT_META_DATA' : 'META_DATA_EXPORT',
      Object.entries({ '': version, _MAJOR: major, _MINOR: minor, _MICRO: micro }).map(([part, value]) => ({
        name: `EXPORT_SCHEMA_VERSION${part}`,
        value,
      })),
    ],
  ];
  return new Map([...tables, ['StringIds', strings().map(({ id, value }) => ({ id, value }))]]);
}

const ddl = (columns: readonly Column[], withDefaults: boolean) =>
  columns.map(c => {
    const type = c.text ? 'TEXT' : 'INTEGER';
    return `"${c.name}" ${type}${withDefaults ? ` NOT NULL DEFAULT ${c.text ? "''" : '0'}` : c.notNull ? ' NOT NULL' : ''}`;
  });

/** Bytes go in as text all the same: SQLite does not check its encoding, and neither does nsys. */
const placeholder = (cell: Cell) => (cell instanceof Uint8Array ? 'CAST(? AS TEXT)' : '?');

/** Writes an nsys-like SQLite export, in the dialect of the version asked for. */
export function buildTrace(path: string, description: TraceDescription): void {
  const { suffixV2 = false, dropTables = [], emptyTables = [], notNull = false } = description.options ?? {};
  const rows = rowsOf(description);
  const db = new Database(path);
  const inserts = new Map<string, Database.Statement<Cell[]>>();
  db.exec('BEGIN');
  for (const [table, columns] of tablesOf(description.version)) {
    const content = emptyTables.includes(table) ? [] : (rows.get(table) ?? []);
    if (dropTables.includes(table) || (content.length === 0 && !emptyTables.includes(table))) continue;
    const name = suffixV2 && /^CUPTI_|^OSRT_|^NVTX_/.test(table) ? `${table}_V2` : table;
    db.exec(`CREATE TABLE "${name}" (${ddl(columns, notNull)})`);
    for (const row of content) {
      const cells = columns.flatMap(c => {
        const value = row[c.name] ?? (c.notNull && !notNull ? (c.text ? '' : 0) : null);
        return value === null ? [] : [{ name: c.name, value }];
      });
      const sql = `INSERT INTO "${name}" (${cells.map(c => `"${c.name}"`)}) VALUES (${cells.map(c => placeholder(c.value))})`;
      getOrCompute(inserts, sql, () => db.prepare<Cell[]>(sql)).run(...cells.map(c => c.value));
    }
  }
  db.exec('COMMIT');
  db.close();
}
