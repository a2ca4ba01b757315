import { badRecord, secondResult } from '#input/text/bad-record';
import { hasJsonLines, parseJsonLine } from '#input/text/json-lines';
import { parsePython } from '#input/text/json-text';
import { lines } from '#input/text/lines';
import type { Text } from '#input/text/text';
import type { WarningCounter } from '#input/text/warning-counter';
import { type Document, HINT, hasStarts, readDocument } from './document.ts';

/** Whether a file was written with --append-result more than once: each run is a line. */
export const isAppended = (text: Text, source: string): boolean => hasJsonLines(text, source, 2);

/**
 * The runs of a file, one a line.
 * @throws ForensicsError 'bad-record' for a line that is no run, and for runs whose requests have start times, each of which is a series
 */
export const readAppended = (text: Text, source: string, counter: WarningCounter): Document[] => {
  const runs: Document[] = [];
  const seen = new Map<string, number>();
  for (const line of lines(text, source)) {
    const before = seen.get(line.text);
    if (before !== undefined) throw secondResult({ source, line: line.number }, `the run of line ${before} stands here again`);
    seen.set(line.text, line.number);
    if (parseJsonLine(line, source, counter, { parse: parsePython, hint: HINT }) === undefined) continue;
    const run = readDocument(line.text, `${source}, line ${line.number}`);
    if (hasStarts(run))
      throw badRecord(
        { source, line: line.number },
        'the file holds several runs, and this one has the requests themselves (--append-result with --save-detailed)',
        'Cut the file into one for each line, and give the one that goes with the trace.',
      );
    runs.push(run);
  }
  return runs;
};
