import { quote } from './bad-record.ts';
import { type Line, lines } from './lines.ts';
import type { Text } from './text.ts';
import type { WarningCounter } from './warning-counter.ts';

/**
 * The lines of a text that are not blank; a last one that no line break ends may be cut off, and is left out with a note, unless
 * `isWhole` says that it is complete beyond doubt.
 */
export function* wholeLines(text: Text, source: string, counter: WarningCounter, isWhole = (_: string) => false): Generator<Line, void> {
  for (const line of lines(text, source)) {
    if (line.ended || isWhole(line.text)) yield line;
    else counter.note('no line break ends the file, so this line may be cut off and was left out', line.number, quote(line.text));
  }
}
