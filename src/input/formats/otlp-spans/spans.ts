import { checked } from '#reading/checked';
import { hasJsonLines, jsonLines } from '#reading/json-lines';
import { jsonValues } from '#reading/json-values';
import type { Tally } from '#reading/tally';
import type { Text } from '#reading/text';
import { Export, Span } from './schema.ts';

const HINT = 'Give spans as OTLP JSON: one document, or one export a line as the file exporter of the collector writes them.';

/**
 * The spans of a file, one by one: of one document, or of one export a line.
 * @throws ForensicsError 'bad-record'
 */
export function* readSpans(text: Text, source: string, tally: Tally): Generator<Span, void> {
  if (hasJsonLines(text, source, 1)) {
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
