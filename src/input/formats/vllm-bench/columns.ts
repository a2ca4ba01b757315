import type { z } from 'zod';
import type { Seconds } from '#core/units';
import { badRecord } from '#input/text/bad-record';
import { jsonValues } from '#input/text/json-values';
import type { Text } from '#input/text/text';
import { validate, type Whereabouts } from '#input/text/validate';
import type { WarningCounter } from '#input/text/warning-counter';
import { ENTRY } from './fields.ts';

/** One request of a detailed file, `input` and `output` in tokens; undefined where the file has no such array. */
export interface Detail {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly ttft: Seconds | undefined;
  readonly itls: readonly Seconds[] | undefined;
  readonly latency: Seconds | undefined;
  readonly start: Seconds | undefined;
  /** How long the client held it back, as under --max-concurrency. */
  readonly held: Seconds | undefined;
  readonly failed: boolean;
}

const HINT = 'Give the file as `vllm bench serve --save-result --save-detailed` wrote it.';

const column = <S extends z.ZodType>(schema: S) => {
  const entries: z.output<S>[] = [];
  return { entries, add: (value: unknown, at: Whereabouts) => entries.push(validate(schema, value, at, HINT)) };
};
const columnsOf = () => ({
  input_lens: column(ENTRY.input_lens),
  output_lens: column(ENTRY.output_lens),
  ttfts: column(ENTRY.ttfts),
  itls: column(ENTRY.itls),
  latencies: column(ENTRY.latencies),
  start_times: column(ENTRY.start_times),
  queue_times: column(ENTRY.queue_times),
  errors: column(ENTRY.errors),
});
type Columns = ReturnType<typeof columnsOf>;
const isColumn = (name: unknown): name is keyof Columns => typeof name === 'string' && Object.hasOwn(ENTRY, name);

/**
 * The requests of a detailed file, put together from its arrays; empty where it was written without --save-detailed.
 * @param counter of what is odd about the document
 * @param odd of what is odd about requests
 * @throws ForensicsError 'bad-record' for an entry of a wrong type, and for arrays of unequal length
 */
export const readDetails = (text: Text, source: string, counter: WarningCounter, odd: WarningCounter): Detail[] => {
  const columns = columnsOf();
  const paths = Object.keys(ENTRY).map(name => `$.${name}.*`);
  for (const { path, value } of jsonValues(text, source, paths, counter)) {
    if (isColumn(path[0])) columns[path[0]].add(value, { source, path: path.join('.') });
  }
  // Models without output tokens (embeddings) have no first tokens, only latencies.
  const count = Math.max(columns.ttfts.entries.length, columns.latencies.entries.length);
  for (const [field, { entries }] of Object.entries(columns)) {
    if (entries.length === 0 || entries.length === count) continue;
    const what = `it has ${entries.length} entries, but there are ${count} requests`;
    throw badRecord({ source, field }, what, `The file is damaged or cut off. ${HINT}`);
  }
  return Array.from({ length: count }, (_, i) => withoutFirst(detailOf(columns, i), i, odd));
};

/** vLLM 0.5 counted the time to the first token among those between tokens (vllm-project/vllm#7242): as many as tokens, where there is one fewer. */
const withoutFirst = (detail: Detail, i: number, counter: WarningCounter): Detail => {
  const { itls, ttft, output } = detail;
  if (itls === undefined || output === undefined || output < 2 || itls.length !== output || itls[0] !== ttft) return detail;
  counter.note('the time to the first token stands among those between tokens too, as vLLM 0.5 wrote it; there it was left out', i + 1);
  return { ...detail, itls: itls.slice(1) };
};

const detailOf = (columns: Columns, i: number): Detail => {
  const output = columns.output_lens.entries[i];
  const ttft = columns.ttfts.entries[i];
  const latency = columns.latencies.entries[i];
  const error = columns.errors.entries[i];
  return {
    input: columns.input_lens.entries[i],
    output,
    ttft,
    itls: columns.itls.entries[i],
    latency,
    start: columns.start_times.entries[i],
    held: columns.queue_times.entries[i],
    failed: hasFailed(error, output, ttft, latency),
  };
};

/** vLLM keeps failed requests in its arrays as zeros; the text of the error tells them where it was written. */
const hasFailed = (error: string | null | undefined, output = 0, ttft = 0, latency = 0): boolean => {
  if (output === 0 && ttft === 0 && latency === 0) return true;
  return error === undefined || error === null ? output === 0 && latency === 0 : error !== '';
};
