import { join } from 'node:path';
import { reasonOf } from '#core/reason-of';
import { ProcFile } from './proc-file.ts';
import type { Source } from './sources.ts';

/** A source that may be read at any time. */
interface Open {
  readonly columns: readonly string[];
  /** As many values as columns. */
  readonly read: () => readonly string[];
}

export interface OpenSources {
  readonly columns: readonly string[];
  /** How many files could be opened. */
  readonly readable: number;
  /** One sentence for each that could not. */
  readonly missing: readonly string[];
  readonly read: () => string[];
  readonly close: () => void;
}

/** Opens the files that are there. What cannot be read, now or later, has empty values. */
export function openSources(sources: readonly Source[], root: string): OpenSources {
  const missing: string[] = [];
  const files: ProcFile[] = [];
  const opened = sources.flatMap((source): Open[] => {
    const blank = source.columns.map(() => '');
    try {
      const file = new ProcFile(join(root, source.path));
      files.push(file);
      const values = source.read(file.read());
      if (source.optional && values.every(value => value === '')) return [];
      if (!source.optional && values.includes(''))
        missing.push(`/${source.path} has no ${source.columns.filter((_, i) => values[i] === '').join(', ')}`);
      return [{ columns: source.columns, read: () => valuesOf(source, file, blank) }];
    } catch (error) {
      if (source.optional) return [];
      missing.push(`no ${source.columns.join(', ')}: /${source.path} cannot be read (${reasonOf(error)})`);
      return [{ columns: source.columns, read: () => blank }];
    }
  });
  return {
    columns: opened.flatMap(({ columns }) => columns),
    readable: files.length,
    missing,
    read: () => opened.flatMap(({ read }) => read()),
    close: () => {
      for (const file of files) file.close();
    },
  };
}

const valuesOf = (source: Source, file: ProcFile, blank: readonly string[]): readonly string[] => {
  try {
    return source.read(file.read());
  } catch {
    return blank;
  }
};
