import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { CaseFolder } from './folder.ts';

/**
 * Makes sure that nothing in a case leads out of it: whoever made it may be a stranger, and what is written into it must not end up elsewhere.
 * @throws ForensicsError bad-record for a link, a pipe or a device
 */
export function assertSelfContained(folder: CaseFolder): void {
  const there = lstatSync(folder.private, { throwIfNoEntry: false });
  if (there !== undefined && !there.isDirectory()) refuse(folder.private);
  for (const place of there === undefined ? [folder.path] : [folder.path, folder.private])
    for (const entry of readdirSync(place, { recursive: true, withFileTypes: true }))
      if (!entry.isFile() && !entry.isDirectory()) refuse(join(entry.parentPath, entry.name));
}

function refuse(path: string): never {
  throw new ForensicsError(
    'bad-record',
    `${path} is a link or no file: nothing in a case may lead out of it`,
    'If you made it yourself, put the file itself in its place; else do not trust the case. A trace can be named by itself.',
  );
}
