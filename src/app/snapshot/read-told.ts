import { ForensicsError } from '#core/errors';
import { importers } from '#input/formats/index.gen';
import { recognise } from '#input/formats/recognise';
import type { AnySeries } from '#schema/relation';

/** What a text was read as, or why it was not. */
export type Read = { readonly series: AnySeries } | { readonly why: string };

/** Reads what a program answered with the importer that knows it. @param what the command, as messages call it */
export function readTold(text: string, what: string): Read {
  try {
    const importer = recognise(text, importers);
    return importer === undefined ? { why: 'its answer is in no format that is read here' } : { series: importer.parse(text, what) };
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    return { why: error.message };
  }
}
