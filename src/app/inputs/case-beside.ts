import { existsSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { statsOf } from '#core/stats-of';
import { textIn } from '#core/text-in';
import { caseFolder } from '#record/capture/folder';
import { assertSelfContained } from '#record/capture/self-contained';
import { Case } from '#schema/case';

/**
 * The case.json of a folder that `forensics capture` made; undefined for other folders and for files.
 * @throws ForensicsError bad-record when something in it leads out of it, the capture was cut off, or its case.json makes no sense
 */
export function caseBeside(path: string): Case | undefined {
  if (statsOf(path)?.isDirectory() !== true) return undefined;
  const folder = caseFolder(path);
  const isWhole = existsSync(folder.caseFile);
  if (!isWhole && !existsSync(folder.journal)) return undefined;
  assertSelfContained(folder);
  if (!isWhole)
    throw new ForensicsError(
      'bad-record',
      `${path} holds a capture that was cut off before its end`,
      `Finish it with forensics capture --resume ${path}, or name the trace itself.`,
    );
  const parsed = Case.safeParse(jsonOf(folder.caseFile));
  if (parsed.success) return parsed.data;
  throw new ForensicsError(
    'bad-record',
    `${folder.caseFile} was written by another version of forensics, or is damaged`,
    'Name the trace itself.',
  );
}

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(textIn(path) ?? '');
  } catch {
    return undefined;
  }
}
