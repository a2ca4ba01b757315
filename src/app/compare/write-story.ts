import { basename, dirname, extname } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { storyHtml } from '#report/render/decide/story-html';
import { storyMarkdown } from '#report/render/decide/story-markdown';
import { storyOf } from '#report/render/decide/story-parts';
import type { Comparison } from '#schema/comparison';

const RENDERED = { '.html': storyHtml, '.md': storyMarkdown } as const;

const rendererOf = (file: string) => Object.entries(RENDERED).find(([ending]) => ending === extname(file).toLowerCase())?.[1];

/** Refuses a story that would be in no known form, before the work. @throws ForensicsError bad-argument */
export function assertStory(file: string): void {
  if (rendererOf(file) !== undefined) return;
  throw new ForensicsError('bad-argument', `--story ${file}: a story is a page or Markdown`, 'Name a file that ends in .html or .md.');
}

/** Writes a comparison as the story of one change: a page, or Markdown. @throws ForensicsError bad-argument, not-writable */
export function writeStory(file: string, comparison: Comparison): void {
  assertStory(file);
  writeFiles(dirname(file), { [basename(file)]: rendererOf(file)?.(storyOf(comparison)) ?? '' });
}
