import type { Text } from '#input/text/text';
import type { Field } from './columns.ts';
import { headerOf } from './table.ts';

/** Words of headings that tell a field, the surest first. */
const WORDS: readonly (readonly [Field, RegExp])[] = [
  ['ttft', /ttft|time.?to.?first/i],
  ['first_token', /first.?token|^first$/i],
  ['prompt_tokens', /(?:prompt|input).*(?:tok|len)/i],
  ['output_tokens', /(?:output|completion|generated|answer|response).*(?:tok|len)/i],
  ['intended', /intended|scheduled.?at|due/i],
  ['scheduled', /admitted|dequeued/i],
  ['start', /^(?:ts|t|time)$|start|arriv|beg[iau]n|sent|timestamp|created/i],
  ['end', /(?:^|[_\s-])end|finish|done|completed|received/i],
  ['duration', /latency|duration|elapsed|response.?time|e2e/i],
  ['id', /(?:^|[_\s-])id$|request.?id|^rid$/i],
  ['status', /status|code|success|^ok$/i],
];

/** What the headings of a table of requests seem to mean. */
export interface Guess {
  readonly columns: readonly string[];
  /** Column by field; in the order in which --columns is best read. */
  readonly fields: ReadonlyMap<Field, string>;
  /** It has a start and an end or a duration: it looks like requests. */
  readonly isWhole: boolean;
}

/** Guesses what the columns of a delimited text are; undefined where it has no headings. */
export function guessColumns(text: Text): Guess | undefined {
  const columns = headerOf(text)?.columns;
  if (columns === undefined) return undefined;
  const taken = new Set<string>();
  const found = new Map<Field, string>();
  for (const [field, words] of WORDS) {
    const column = columns.find(c => !taken.has(c) && words.test(c));
    if (column === undefined) continue;
    taken.add(column);
    found.set(field, column);
  }
  const order = ['start', 'end', 'duration', 'first_token', 'ttft', 'prompt_tokens', 'output_tokens', 'status', 'id'] as const;
  const fields = new Map(order.flatMap(f => (found.has(f) ? [[f, found.get(f) ?? ''] as const] : [])));
  return { columns, fields, isWhole: fields.has('start') && (fields.has('end') || fields.has('duration')) };
}

/** The option that maps a table as guessed. */
export const columnsOption = ({ fields }: Guess): string => [...fields].map(([field, column]) => `${field}=${column}`).join(',');
