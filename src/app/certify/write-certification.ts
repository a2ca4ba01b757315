import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { writeFiles } from '#app/files/write-files';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { certificationMarkdown } from '#report/render/certification/markdown';
import type { Certification } from '#schema/certification';

/** Writes certification.json and certification.md; those of an earlier run in the folder are replaced. @throws ForensicsError not-writable */
export function writeCertification(folder: string, certification: Certification): void {
  try {
    mkdirSync(resolve(folder), { recursive: true });
  } catch (error) {
    const why = reasonOf(error);
    throw new ForensicsError('not-writable', `${folder} cannot be made (${why})`, 'Name another folder with --out.');
  }
  writeFiles(folder, {
    'certification.json': `${JSON.stringify(certification, null, 2)}\n`,
    'certification.md': certificationMarkdown(certification),
  });
}
