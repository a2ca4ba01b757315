import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Importer } from '#input/formats/define';
import { importers } from '#input/formats/index.gen';
import { refusalOf } from '#input/formats/known-but-not-read';
import { recognise } from '#input/formats/recognise';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { impossibleFigure } from '#input/series/possible';
import { badRecord } from '#input/text/bad-record';
import type { RunSummary } from '#schema/relation';
import { hashOf, textHeadOf, textOf } from './text-file.ts';

/** Reads a file with an importer. @param content where its plain content lies, if it is compressed */
function readWith(importer: Importer, file: string, content = file): SeriesFile {
  const series = importer.parse(textOf(content, file), basename(file));
  if (series.kind === 'summary') checkFigures(series.rows, basename(file));
  return { path: basename(file), sha256: hashOf(file), bytes: statSync(file).size, series };
}

/** A figure below zero is no figure: one of its run, or of the tool that wrote it, went wrong. */
function checkFigures(runs: readonly RunSummary[], source: string): void {
  for (const [i, run] of runs.entries()) {
    const wrong = impossibleFigure(run);
    if (wrong !== undefined)
      throw badRecord(
        { source, field: wrong },
        `run ${i + 1} of ${runs.length} has a figure below zero`,
        'Give the file as its tool wrote it.',
      );
  }
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
