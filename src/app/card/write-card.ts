import { writeFiles } from '#app/files/write-files';
import { cardHtml } from '#report/render/card/html';
import { cardMarkdown } from '#report/render/card/markdown';
import { summaryOf } from '#report/render/guide/summary';
import { cardJunit } from '#report/render/junit/card';
import type { Card } from '#schema/card';

/**
 * Writes a card in all its forms into a folder, in place of one that is there.
 * @param summary whether the folder is that of a run, whose SUMMARY.md it is
 * @throws ForensicsError not-writable
 */
export async function writeCard(folder: string, card: Card, summary: boolean): Promise<void> {
  writeFiles(folder, {
    'card.json': `${JSON.stringify(card, null, 2)}\n`,
    'card.md': cardMarkdown(card),
    'card.html': await cardHtml(card),
    'card.xml': cardJunit(card),
    ...(summary ? { 'SUMMARY.md': summaryOf(card) } : {}),
  });
}
