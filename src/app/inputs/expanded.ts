import { isRecording } from './recording.ts';
import { statsOf } from './stats-of.ts';
import { filesIn, isTrace } from './traces.ts';

/** A file to read, and whether the user named it or the folder that holds it. */
export interface Expanded {
  readonly path: string;
  /** What is not known in a folder is passed over; what was named is refused. */
  readonly isNamed: boolean;
}

/** Files as they were named, with the files of a folder in its place; its traces are left out. */
export const expanded = (paths: readonly string[]): readonly Expanded[] =>
  [...new Set(paths)].flatMap((path): readonly Expanded[] =>
    statsOf(path)?.isDirectory() === true
      ? filesIn(path)
          .filter(file => !isTrace(file) && !isRecording(file))
          .map(file => ({ path: file, isNamed: false }))
      : [{ path, isNamed: true }],
  );
