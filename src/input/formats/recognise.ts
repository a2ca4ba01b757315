import { ForensicsError } from '#core/errors';
import type { Importer } from './define.ts';
import { isMarkdown } from './markdown.ts';

/** How many characters of a file `recognise` looks at; a caller need not read more to find its format. */
export const HEAD_CHARS = 64 * 1024;

/**
 * The importer that knows this content, or undefined if none does. Markdown is no importer's: what it quotes is not the file.
 * @throws ForensicsError 'unknown-format' when two equally specific importers claim it.
 */
export const recognise = <I extends Importer>(head: string, importers: readonly I[]): I | undefined => {
  const start = head.slice(0, HEAD_CHARS);
  if (isMarkdown(start)) return undefined;
  const claims = importers.filter(importer => importer.sniff(start));
  const top = Math.max(...claims.map(specificity));
  const [winner, rival] = claims.filter(importer => specificity(importer) === top);
  if (winner !== undefined && rival !== undefined) {
    throw new ForensicsError(
      'unknown-format',
      `its format may be ${winner.id} or ${rival.id}, and nothing tells which`,
      'Please report it, with the first lines of the file.',
    );
  }
  return winner;
};

const specificity = (importer: Importer): number => importer.specificity ?? 0;
