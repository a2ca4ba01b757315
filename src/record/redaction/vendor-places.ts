import type { Where } from './secret.ts';

/** A column whose whole content is a person's own: what a program printed, or a file that was collected. */
export const CONTENTS: readonly (readonly [table: string, column: string])[] = [
  ['ProcessStreams', 'contentId'],
  ['ANALYSIS_FILE', 'contentId'],
  ['ANALYSIS_FILE', 'content'],
  ['NET_IB_DEVICE_INFO', 'name'],
  ['NET_IB_DEVICE_INFO', 'des'],
];

/** Where texts are kept once and referred to by number. */
export const STRINGS = 'StringIds';

/** Tables of names and values about the capture and the export. */
export const META_TABLES = ['META_DATA_CAPTURE', 'META_DATA_EXPORT', 'EXPORT_META_DATA', 'TARGET_INFO_SYSTEM_ENV'] as const;

/** What a row of such a table holds, told by its name. The rows that are not listed are texts like any other. */
export type MetaKind = 'public' | 'variable' | 'environment' | 'argument' | 'command' | 'host' | 'user' | 'folder' | 'removed';
const META: readonly (readonly [MetaKind, RegExp])[] = [
  // Versions and shifts of time: the analysis reads them.
  ['public', /^EXPORT_(PRODUCT|SCHEMA|ARCH|PLATFORM)|TIME_SHIFT$|NORMALIZE$/],
  ['variable', /ENVIRONMENT_VARIABLE/],
  ['environment', /^DeviceEnvironment$/],
  ['argument', /^PROCESS_\d+:ARGUMENT_\d+$/],
  ['command', /^PROCESS_\d+:COMMAND$/],
  ['host', /^(DEVICE_DISPLAY_NAME|EXPORT_HOST|Hostname)$/],
  ['user', /(^|:|_)(USER|USER_NAME)$/],
  ['folder', /(^|:)WORKING_DIR$/],
  // Where the report lay, and addresses of network adapters.
  ['removed', /^EXPORT_PARAM_(INPUT|OUTPUT)_(FILE|PATH|PATH_ABS)$|^NicInfo$/],
];
export const metaKindOf = (name: string): MetaKind | undefined => META.find(([, pattern]) => pattern.test(name))?.[0];

/** Tables whose names are the vendor's own words. */
const VENDORS_WORDS =
  /^(ENUM_|CUPTI_|CUDA_|CUDNN_|CUBLAS_|OSRT_|SAMPLING_CALLCHAINS|UnwindMethodType|META_DATA_|EXPORT_META_DATA|TARGET_INFO_(SYSTEM_ENV|GPU|GPU_METRICS)$)/;
const NAME_COLUMN = /^(name|label|symbolName|shortName|demangledName|metricName|chipName|busLocation)$/;

/** What kind of text a column holds. Tables that nobody knows hold texts, which are cleaned the most. */
export function roleOf(table: string, column: string): Where {
  if (VENDORS_WORDS.test(table) && NAME_COLUMN.test(column)) return 'name';
  return /^NVTX_/.test(table) || (table === PROCESSES && column === 'name') ? 'label' : 'text';
}

/** Columns that refer to STRINGS, as exports declare it in a comment; older and cut ones tell by the column's name only. */
const REFERENCE = /(?:^|\()\s*"?(\w+)"?\s[^\n(]*REFERENCES StringIds\s*\(id\)/gm;
const REFERRING_NAME =
  /^(symbol|module|srcFile|CpuInstruction|apiCallId|argumentsId|taskName|providerName|description)$|(name|text|content|file)(Id)?$/i;
export const declaredReferences = (sql: string): string[] => [...sql.matchAll(REFERENCE)].map(([, column = '']) => column);
export const refersByName = (column: string): boolean => REFERRING_NAME.test(column);

/** What kind of text a column refers to. */
export function referredRole(table: string, column: string): Where {
  if (/module|file|path|content|argument|desc/i.test(column)) return 'text';
  return table === THREADS || /^NVTX_|^KHR_/.test(table) ? 'label' : 'name';
}

/** Where processes and threads have their names. */
export const PROCESSES = 'PROCESSES';
export const THREADS = 'ThreadNames';

/** Tables that tell of processes and threads, not of what these did. */
export const ROLL = /^(PROCESSES|ThreadNames|ProcessStreams|ANALYSIS_FILE|DIAGNOSTIC_EVENT|TARGET_INFO_.*|META_DATA_.*|EXPORT_META_DATA)$/;

/** A table that only an export of Nsight Systems has. */
export const KNOWN_TABLE =
  /^(StringIds|META_DATA_CAPTURE|META_DATA_EXPORT|EXPORT_META_DATA|CUPTI_ACTIVITY_KIND_\w+|NVTX_EVENTS|OSRT_API|TARGET_INFO_\w+)$/;

/** Columns with serial numbers or hardware addresses. */
export const SERIAL_COLUMN = /^(uuid|serial|serialNumber)$/i;
export const ADDRESS_COLUMN = /^guid$/i;

/** What the analysis calls the devices. */
export const DEVICE_TABLE = 'TARGET_INFO_GPU';
export const DEVICE_NAMES = ['name', 'chipName', 'busLocation'] as const;
