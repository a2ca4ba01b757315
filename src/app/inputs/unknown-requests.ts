import { ForensicsError } from '#core/errors';
import { importers } from '#input/formats/index.gen';
import { columnsOption, type Guess, guessColumns } from '#input/mapped/guess';
import { textHeadOf, textOf } from './text-file.ts';
import { emptyFile, nearest, traceInstead } from './unknown-file.ts';

const isRequests = <T extends { readonly kind: string }>(importer: T) => importer.kind === 'requests';
/** A word of a command line that a shell must not take apart. */
const quoted = (option: string) => (/^[\w=,.:-]+$/.test(option) ? option : `'${option.replaceAll("'", "'\\''")}'`);

/** How a table is mapped, as far as its headings tell. */
const mapping = (guess: Guess): string =>
  guess.isWhole
    ? `Map its columns, as --columns ${quoted(columnsOption(guess))} if that is what they mean`
    : `Say what its columns (${guess.columns.join(', ')}) mean with --columns, as in start=COLUMN:ms,end=COLUMN:ms,output_tokens=COLUMN`;

/** The error for a file of requests in no format that is known: what it is nearest to, and how to map its columns. */
export function unknownRequests(file: string, content: string): ForensicsError {
  const head = textHeadOf(content);
  const requests = importers.filter(isRequests);
  const other = emptyFile(file, head) ?? traceInstead(file, content, 'requests');
  if (other !== undefined) return other;
  const what = `${file} is in no known format of requests${nearest(head, requests)}`;
  const guess = guessColumns(textOf(content, file));
  if (guess === undefined) return new ForensicsError('unknown-format', what, 'See docs/formats.md for the formats.');
  return new ForensicsError('unknown-format', what, `${mapping(guess)}; docs/formats.md lists the formats.`);
}

/** What to do with a table of a folder that looks like requests; nothing for all else. */
export function looksLikeRequests(content: string): string {
  const guess = guessColumns(textOf(content));
  return guess?.isWhole === true ? `; it looks like requests: name it with --requests, and --columns ${quoted(columnsOption(guess))}` : '';
}
