import { hasJsonLines, jsonLines } from '#input/text/json-lines';
import { jsonValues } from '#input/text/json-values';
import { head, type Text } from '#input/text/text';
import { validate } from '#input/text/validate';
import type { WarningCounter } from '#input/text/warning-counter';
import { Export, Span } from './schema.ts';

const HINT =
  'Give spans as OTLP JSON: one document, an array of exports, or one export a line as the file exporter of the collector writes them.';
const SPANS = 'resourceSpans.*.scopeSpans.*.spans.*';

/**
 * The spans of a file, one by one: of one document, of an array of them, or of one export a line.
 * @throws ForensicsError 'bad-record'
 */
export function* readSpans(text: Text, source: string, counter: WarningCounter): Generator<Span, void> {
  if (!isArray(text) && hasJsonLines(text, source, 1)) {
    for (const { line, value } of jsonLines(text, source, counter)) {
      const { resourceSpans } = validate(Export, value, { source, line }, HINT);
      for (const span of resourceSpans.flatMap(({ scopeSpans }) => scopeSpans).flatMap(({ spans }) => spans))
        yield validate(Span, span, { source, line, path: 'span' }, HINT);
    }
    return;
  }
  for (const { path, value } of jsonValues(text, source, [isArray(text) ? `$.*.${SPANS}` : `$.${SPANS}`], counter))
    yield validate(Span, value, { source, path: path.join('.') }, HINT);
}

/** A byte order mark and blanks may stand before the bracket. */
const BEFORE = 256;
const isArray = (text: Text): boolean => /^\ufeff?\s*\[/.test(head(text, BEFORE));
