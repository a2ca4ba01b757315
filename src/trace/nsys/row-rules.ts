import type { Bytes, Ns } from '#core/units';
import { type PreludeName, prelude } from '#trace/queries/index.gen';

/** What a value of a column must be: an integer from `least` to `most`, or NULL where that may stand for "not recorded". */
export interface ColumnRule {
  readonly nullable: boolean;
  readonly least: number;
  readonly most: number;
}

/** Where work ran. CUPTI numbers them by 32 bits without a sign, and none by all of them (CUPTI_INVALID_STREAM_ID), which 32 bits with a sign call -1. */
const PLACE: ReadonlySet<string> = new Set(['device_id', 'stream_id', 'context_id']);
const NOWHERE = -1;
const LARGEST_PLACE = 2 ** 32 - 1;
/** CUDA numbers the GPUs of a process from 0 on; seventy-two are the most that one system joins (GB200 NVL72), seven instances of MIG the most that one is cut into. */
const LARGEST_DEVICE = 1023;
/** Beyond 2^53 an integer that becomes a JavaScript number is another one. */
const SAFE = Number.MAX_SAFE_INTEGER;
/** A petabyte: a thousand times the memory of the largest GPU. */
const MOST_BYTES: Bytes = 2 ** 50;
/**
 * How far from the session, as the rest of the trace shows it, a time may lie. nsys ends calls that still block when it stops: up to 2 s after
 * the last begin of any call in our captures; those that it holds for longer are known by other signs (session-end.ts).
 */
export const SESSION_SLACK_NS: Ns = 10e9;

/** A process as nsys packs it: machine, virtual machine and process, beyond 2^53 for most machines, with low bits that are zero, so that a double holds it exactly. */
const PACKED = /^global_/;
const PACKED_STEP = 2 ** 24;

/** Whether a column holds packed ids. */
export const isPacked = ({ name }: Pick<GatedColumn, 'name'>): boolean => PACKED.test(name);

/** Whether a double is a packed id to the last digit. */
export const isPackedId = (value: number): boolean => value % PACKED_STEP === 0;

/** What a scan reads: a column of the prelude that is no text. */
export interface GatedColumn {
  readonly name: string;
  readonly type: 'int32' | 'integer' | 'real';
  readonly nullable: boolean;
}

/** What values of a column may be. */
export function ruleOf({ name, nullable }: GatedColumn): ColumnRule {
  if (name === 'bytes') return { nullable, least: 0, most: MOST_BYTES };
  // Where it may be unknown, nothing rests on it.
  if (name === 'device_id' && !nullable) return { nullable, least: NOWHERE, most: LARGEST_DEVICE };
  if (PLACE.has(name)) return { nullable, least: NOWHERE, most: LARGEST_PLACE };
  return { nullable, least: -SAFE, most: SAFE };
}

const columnsOf = (relation: PreludeName): readonly { readonly name: string; readonly type: string; readonly nullable: boolean }[] =>
  prelude[relation].columns;
const has = (relation: PreludeName, ...names: readonly string[]) =>
  names.every(name => columnsOf(relation).some(column => column.name === name));

/** Whether rows of a relation last from a start to an end. */
export const isTimed = (relation: PreludeName): boolean => has(relation, 'start_ns', 'end_ns');
/** Whether rows are work of a GPU or calls that launch it: they lie inside the session. Ranges of NVTX may have begun hours before it. */
export const isOfSession = (relation: PreludeName): boolean => has(relation, 'start_ns', 'end_ns', 'correlation_id');
/** Columns of which one tells rows of the same times apart: one thread makes one call at a time, one launch is one operation. */
export const IDENTITY: ReadonlySet<string> = new Set(['correlation_id', 'thread_id']);

/** The least that holds for rows of a relation, as a condition of SQL; cheap enough for rows that were never looked at one by one. */
export const timesInOrder = (relation: PreludeName): string | undefined =>
  isTimed(relation) ? `start_ns BETWEEN -${SAFE} AND end_ns AND end_ns <= ${SAFE}` : undefined;

/** All that holds for rows of a relation, as a condition of SQL. @param end when the session ended */
export function wholeRule(relation: PreludeName, end: Ns): string {
  const conditions = columnsOf(relation).flatMap(({ name, type, nullable }) => {
    if (type === 'text') return [];
    if (isPacked({ name })) return [nullable ? `(${name} IS NULL OR typeof(${name}) = 'integer')` : `typeof(${name}) = 'integer'`];
    const { least, most } = ruleOf({ name, type: 'integer', nullable });
    const fits = `(typeof(${name}) = 'integer' AND ${name} BETWEEN ${least} AND ${most})`;
    return [nullable ? `(${name} IS NULL OR ${fits})` : fits];
  });
  if (isTimed(relation)) conditions.push('start_ns <= end_ns');
  if (isOfSession(relation)) conditions.push(`start_ns >= -${SESSION_SLACK_NS} AND end_ns <= ${Math.ceil(end + SESSION_SLACK_NS)}`);
  return conditions.length === 0 ? '1' : conditions.join(' AND ');
}
