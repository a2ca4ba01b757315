import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Importer } from '#input/formats/define';
import { importers } from '#input/formats/index.gen';
import { refusalOf } from '#input/formats/known-but-not-read';
import { recognise } from '#input/formats/recognise';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { hashOf, textHeadOf, textOf } from './text-file.ts';

/** Reads a file with an importer. @param content where its plain content lies, if it is compressed */
function readWith(importer: Importer, file: string, content = file): SeriesFile {
  const series = importer.parse(textOf(content, file), basename(file));
  return { path: basename(file), sha256: hashOf(file), bytes: statSync(file).size, series };
}

/**
 * Reads a text file with the importer that knows its content, piece by piece: it may be larger than memory.
 * @param content where its plain content lies, if it is compressed
 * @throws ForensicsError bad-record; unknown-format for a format that is known, but not read here
 */
export function readSeries(file: string, content = file): SeriesFile | undefined {
  const head = textHeadOf(content);
  const importer = recognise(head, importers);
  if (importer !== undefined) return readWith(importer, file, content);
  const refusal = refusalOf(head, basename(file));
  if (refusal !== undefined) throw refusal;
  return undefined;
}
