import { z } from 'zod';

/** OTLP writes 64-bit integers as strings of their digits; some exporters write numbers. */
const nanoseconds = z.union([z.string().regex(/^\d{1,20}$/), z.number().int().nonnegative().max(1e19)]).transform(BigInt);
const value = z.object({
  stringValue: z.string().optional(),
  intValue: z.union([z.string().regex(/^-?\d{1,20}$/), z.number()]).optional(),
  doubleValue: z.union([z.number(), z.string()]).optional(),
});
const attribute = z.object({ key: z.string(), value: value.nullish() });

export const Span = z.object({
  traceId: z.string().optional(),
  spanId: z.string().optional(),
  name: z.string().optional(),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds.optional(),
  attributes: z.array(attribute).default([]),
  status: z
    .object({ code: z.union([z.int().min(0).max(2), z.enum(['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'])]).optional() })
    .nullish(),
});
export type Span = z.infer<typeof Span>;

/** One ExportTraceServiceRequest; spans are checked one by one. */
export const Export = z.object({
  resourceSpans: z.array(z.object({ scopeSpans: z.array(z.object({ spans: z.array(z.unknown()).default([]) })).default([]) })),
});

/** The number of an attribute, or null. */
export const numberOf = (span: Span, ...keys: string[]): number | null => {
  const found = keys
    .map(key => span.attributes.find(attribute => attribute.key === key)?.value)
    .find(known => known !== undefined && known !== null);
  const number = Number(found?.doubleValue ?? found?.intValue ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
};

export const textOf = (span: Span, key: string): string | undefined =>
  span.attributes.find(attribute => attribute.key === key)?.value?.stringValue;
