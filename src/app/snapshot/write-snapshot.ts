import { basename, dirname, resolve } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { snapshotHtml } from '#report/render/snapshot/html';
import { snapshotMarkdown } from '#report/render/snapshot/markdown';
import type { Drift } from '#schema/drift';
import type { Snapshot } from '#schema/snapshot';

/**
 * Writes a snapshot as JSON, and its page beside it as HTML and Markdown; those of an earlier one of that name are replaced.
 * @param file with or without its ending
 * @returns the paths of the three
 * @throws ForensicsError not-writable
 */
export async function writeSnapshot(file: string, snapshot: Snapshot, drift: Drift | undefined): Promise<readonly string[]> {
  const name = basename(file).replace(/\.(?:json|html|md)$/i, '') || 'snapshot';
  const folder = resolve(dirname(file));
  const files = {
    [`${name}.json`]: `${JSON.stringify(snapshot, null, 2)}\n`,
    [`${name}.html`]: await snapshotHtml(snapshot, drift),
    [`${name}.md`]: snapshotMarkdown(snapshot, drift),
  };
  writeFiles(folder, files);
  return Object.keys(files);
}
