import { badRecord, quote } from '#input/text/bad-record';
import { parseExact } from '#input/text/exact-json';
import { parseJsonLine } from '#input/text/json-lines';
import type { Line } from '#input/text/lines';
import type { WarningCounter } from '#input/text/warning-counter';
import { dateUnit } from '#input/time/nanoseconds';
import type { RequestRow } from '#schema/relation';
import { NativeRequest } from './schema.ts';

const STAMPS = ['intended_ns', 'arrival_ns', 'scheduled_ns', 'first_token_ns', 'finish_ns'] as const;
type StampName = (typeof STAMPS)[number];

const ONE_OBJECT = 'Write one JSON object to a line, with null for a missing value, never NaN; see docs/formats.md.';

/** A record whose shape is right and whose stamps are exact. */
export interface RequestRecord extends Readonly<Record<StampName, bigint | null>> {
  readonly line: number;
  readonly arrival_ns: bigint;
  /** Times between tokens, ms. */
  readonly itl_ms: RequestRow['itl_ms'];
  readonly fields: Omit<NativeRequest, StampName | 'itl_us'>;
}

/**
 * Reads one line; undefined for a last line that is cut off (noted in `counter`).
 * @throws ForensicsError 'bad-record' naming line and field.
 */
export const readRecord = (line: Line, source: string, counter: WarningCounter): RequestRecord | undefined => {
  const json = parseJsonLine(line, source, counter, { parse: parseExact, hint: ONE_OBJECT });
  if (json === undefined) return undefined;
  const shape = NativeRequest.safeParse(json);
  if (!shape.success) throw wrongShape(json, shape.error.issues[0]?.path ?? [], line.number, source);
  noteUnknownFields(json, line.number, counter);
  const { itl_us, ...fields } = shape.data;
  const stamp = (name: StampName): bigint | null => exactStamp(shape.data[name], { source, line: line.number, field: name });
  return {
    line: line.number,
    intended_ns: stamp('intended_ns'),
    arrival_ns: stamp('arrival_ns') ?? 0n,
    scheduled_ns: stamp('scheduled_ns'),
    first_token_ns: stamp('first_token_ns'),
    finish_ns: stamp('finish_ns'),
    itl_ms: itl_us ? Float32Array.from(itl_us, us => us / 1000) : null,
    fields,
  };
};

const wrongShape = (json: unknown, path: readonly PropertyKey[], line: number, source: string) => {
  const hint = 'See docs/formats.md for the fields of a request log and their types.';
  const [name, index] = path;
  if (!isObject(json) || typeof name !== 'string') return badRecord({ source, line }, `${quote(json)} is not a JSON object`, hint);
  const value = json[name];
  const wanted = isField(name) ? NativeRequest.shape[name].description : undefined;
  const found = value === undefined ? 'it is missing' : `it is ${quote(value)}`;
  const entry = typeof index === 'number' && Array.isArray(value) ? `entry ${index} is ${quote(value[index])}` : found;
  return badRecord({ source, line, field: name }, `${entry}, but the field must be ${wanted ?? 'of another type'}`, hint);
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isField = (name: string): name is keyof NativeRequest => Object.hasOwn(NativeRequest.shape, name);

const noteUnknownFields = (json: unknown, line: number, counter: WarningCounter): void => {
  const unknown = isObject(json) ? Object.keys(json).filter(name => !isField(name)) : [];
  if (unknown.length > 0) counter.note('fields that are not in the format were ignored', line, quote(unknown.join(', ')));
};

const exactStamp = (value: string | number | null | undefined, at: { source: string; line: number; field: string }): bigint | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || Number.isSafeInteger(value)) return BigInt(value);
  const unit = dateUnit(value);
  const what =
    unit === undefined
      ? `${value} is not a whole number of nanoseconds that can be read exactly`
      : `${value} looks like ${unit} since 1970, not nanoseconds`;
  throw badRecord(at, what, 'Write stamps as whole nanoseconds, in full digits without a point or an exponent, or as a string.');
};
