export const SCHEMA_VERSIONS = ['2.9.1', '3.7.2', '3.13.2', '3.20.3', '3.24.0', '3.25.0'] as const;
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];

const rank = (version: SchemaVersion) => SCHEMA_VERSIONS.indexOf(version);

/** Columns as the export writes them: `!` is NOT NULL, `:T` text; `since>` and `until<` bound the versions that have them. */
const TABLES: Readonly<Record<string, string>> = {
  StringIds: 'id! value:T!',
  PROCESSES: 'globalPid pid name:T',
  ThreadNames: 'nameId! priority globalTid',
  META_DATA_EXPORT: 'name:T! value:T',
  META_DATA_CAPTURE: 'name:T! value:T',
  TARGET_INFO_SESSION_START_TIME: 'utcEpochNs utcTime:T localTime:T 3.25.0>systemClockNs',
  TARGET_INFO_GPU: 'vmId! id! name:T busLocation:T totalMemory memoryBandwidth clockRate smCount uuid:T',
  TARGET_INFO_CUDA_DEVICE: 'gpuId cudaId! pid! 3.25.0>uuid:T 3.25.0>numMultiprocessors',
  CUPTI_ACTIVITY_KIND_KERNEL:
    'start! end! deviceId! contextId! 3.7.2>greenContextId streamId! correlationId globalPid demangledName! shortName! mangledName launchType ' +
    'registersPerThread! gridX! gridY! gridZ! blockX! blockY! blockZ! graphNodeId sharedMemoryLimitConfig 3.24.0>graphId 3.24.0>clusterX 3.25.0>tensorSizeMinusOneElements',
  CUPTI_ACTIVITY_KIND_MEMCPY:
    'start! end! deviceId! contextId! 3.7.2>greenContextId streamId! correlationId globalPid bytes! copyKind! 3.7.2<name srcKind dstKind ' +
    'srcDeviceId srcContextId dstDeviceId dstContextId migrationCause graphNodeId virtualAddress 3.20.3>copyCount',
  CUPTI_ACTIVITY_KIND_MEMSET:
    'start! end! deviceId! contextId! 3.7.2>greenContextId streamId! correlationId globalPid value! bytes! graphNodeId memKind',
  CUPTI_ACTIVITY_KIND_SYNCHRONIZATION:
    'start! end! deviceId! contextId! 3.7.2>greenContextId streamId! correlationId globalPid 3.20.3>deprecatedSyncType syncType! eventId! 3.20.3>eventSyncId',
  CUPTI_ACTIVITY_KIND_RUNTIME: 'start! end! eventClass! globalTid correlationId nameId! 3.7.2<name returnValue! callchainId',
  CUPTI_ACTIVITY_KIND_GRAPH_TRACE:
    'start! end! deviceId! contextId! greenContextId streamId! correlationId globalPid graphId! graphExecId!',
  OSRT_API: 'start! end! eventClass! globalTid nameId! returnValue! nestingLevel callchainId! 3.24.0>argumentsId',
  NVTX_EVENTS:
    'start! end eventType! rangeId category color text:T globalTid endGlobalTid textId domainId jsonTextId jsonText:T 3.20.3>binaryData:T',
  NVTX_PAYLOAD_SCHEMA_ENTRIES: 'domainId! schemaId! idx! flags type name:T description:T arrayOrUnionDetail offset',
  PROFILER_OVERHEAD: 'start! end! globalTid nameId! 3.24.0<returnValue! 3.24.0>overheadType',
};

/** When a table came into the export. */
const SINCE: Readonly<Record<string, SchemaVersion>> = {
  META_DATA_CAPTURE: '3.7.2',
  TARGET_INFO_CUDA_DEVICE: '3.20.3',
  CUPTI_ACTIVITY_KIND_GRAPH_TRACE: '3.24.0',
  NVTX_PAYLOAD_SCHEMA_ENTRIES: '3.25.0',
};

export interface Column {
  readonly name: string;
  readonly text: boolean;
  readonly notNull: boolean;
}

/** One column of a table in this version, or nothing where the version has no such column. */
function readColumn(spec: string, version: SchemaVersion): Column[] {
  const [, bound, sign, name = '', type, mark] = /^(?:([\d.]+)([<>]))?(\w+)(:T)?(!)?$/.exec(spec) ?? [];
  const edge = SCHEMA_VERSIONS.find(v => v === bound);
  if (name === '' || (bound !== undefined && edge === undefined)) throw new Error(`cannot read the column ${spec}`);
  if (edge !== undefined && rank(version) >= rank(edge) !== (sign === '>')) return [];
  return [{ name, text: type !== undefined, notNull: mark !== undefined }];
}

/** The tables of a schema version, as measured on real exports, less the columns that nobody reads. */
export function tablesOf(version: SchemaVersion): ReadonlyMap<string, readonly Column[]> {
  const known = Object.entries(TABLES).filter(([table]) => rank(version) >= rank(SINCE[table] ?? '2.9.1'));
  return new Map(
    known.map(([table, columns]) => [
      version === '2.9.1' && table === 'META_DATA_EXPORT' ? 'EXPORT_META_DATA' : table,
      columns.split(' ').flatMap(spec => readColumn(spec, version)),
    ]),
  );
}
