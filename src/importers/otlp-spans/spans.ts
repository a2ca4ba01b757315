import { ForensicsError } from '#model/errors';
import { checked } from '../checked.ts';
import { jsonLines } from '../json-lines.ts';
import { jsonValues } from '../json-values.ts';
import { lines } from '../lines.ts';
import type { Tally } from '../tally.ts';
import type { Text } from '../text.ts';
import { Export, Span } from './schema.ts';

const HINT = 'Give spans as OTLP JSON: one document, or one export a line as the file exporter of the collector writes them.';

/**
 * The spans of a file, one by one: of one document, or of one export a line.
 * @throws ForensicsError 'bad-record'
 */
export function* readSpans(text: Text, source: string, tally: Tally): Generator<Span, void> {
  if (hasLines(text, source)) {
    for (const { line, value } of jsonLines(text, source, tally)) {
      const { resourceSpans } = checked(Export, value, { source, line }, HINT);
      for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans))
        yield checked(Span, span, { source, line, path: 'span' }, HINT);
    }
    return;
  }
  for (const { path, value } of jsonValues(text, source, ['$.resourceSpans.*.scopeSpans.*.spans.*'], tally))
    yield checked(Span, value, { source, path: path.join('.') }, HINT);
}

/** Whether the first line is a whole document. One too long for a line is no line. */
const hasLines = (text: Text, source: string): boolean => {
  try {
    const first = lines(text, source).next();
    if (first.done === true) return false;
    JSON.parse(first.value.text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof ForensicsError) return false;
    throw error;
  }
};
