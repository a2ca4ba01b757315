import { ForensicsError } from '#core/errors';
import type { Importer } from '#input/formats/define';
import { importers } from '#input/formats/index.gen';
import { nearestFormats } from '#input/formats/nearest';
import { guessColumns } from '#input/mapped/guess';
import { textHeadOf } from './text-file.ts';
import { isTrace } from './traces.ts';

/** More would be a list of formats, and no help. */
const MOST_NEAR = 3;
const MOST_LACKING = 4;
const KEY = /"([^"\\\n]{1,80})"\s*:/g;

/** A unit behind a heading, as nvidia-smi writes it. */
const UNIT = /\s*\[[^\]]*\]$/;

const lacking = (names: readonly string[]): string => {
  const more = names.length - MOST_LACKING;
  return `${names.slice(0, MOST_LACKING).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Which formats a text is nearest to, and why each does not fit; nothing where it shares no name with any. */
export function nearest(head: string, among: readonly Importer[] = importers): string {
  const isJson = /^\ufeff?\s*[{[]/.test(head);
  const names = isJson
    ? [...new Set(Array.from(head.matchAll(KEY), ([, key = '']) => key))]
    : (guessColumns(head)?.columns ?? []).map(name => name.replace(UNIT, ''));
  const near = nearestFormats(names, among, isJson ? 'keys' : 'columns').slice(0, MOST_NEAR);
  const why = near.map(({ importer, lacks }) =>
    lacks.length === 0 ? `${importer.title} (it has its names, in another arrangement)` : `${importer.title} (it lacks ${lacking(lacks)})`,
  );
  return why.length === 0 ? '' : `; nearest: ${why.join('; ')}`;
}

const FORMATS = 'See docs/formats.md for the formats.';

/** The error for a trace that was named as something else; undefined for what is no trace. @param kind what it was named as, where it was */
export const traceInstead = (file: string, content: string, kind?: Importer['kind']): ForensicsError | undefined =>
  isTrace(content)
    ? new ForensicsError(
        'unknown-format',
        `${file} is a trace, not a file of ${kind ?? 'results or telemetry'}${kind === undefined ? '' : ' data'}`,
        kind === undefined ? 'Run forensics analyze on it.' : `Name the trace first: forensics analyze TRACE --${kind} FILE.`,
      )
    : undefined;

/** The error for a file that holds nothing; undefined for one that does. */
export const emptyFile = (file: string, head: string): ForensicsError | undefined =>
  head.replace(/^\ufeff/, '').trim() === ''
    ? new ForensicsError(
        'unknown-format',
        head === '' ? `${file} is empty (0 bytes)` : `${file} holds only blanks`,
        'The tool that wrote it had no output, or was stopped before: record again.',
      )
    : undefined;

/** The error for a file in no format: which are nearest, and why each does not fit. @param kind what it was named as, where it was */
export function unknownFile(file: string, content: string, kind?: Importer['kind']): ForensicsError {
  const among = importers.filter(importer => kind === undefined || importer.kind === kind);
  const head = textHeadOf(content);
  const what = `${file} is in no known format${kind === undefined ? '' : ` of ${kind} data`}${nearest(head, among)}`;
  return emptyFile(file, head) ?? traceInstead(file, content, kind) ?? new ForensicsError('unknown-format', what, FORMATS);
}
