/**
 * A DEPS.list: what a floor or a room may touch. One name a line: `#floor`, `#floor/room`, a package, a `node:` module; ` type` after a
 * name allows its types alone. Lines after `[file.ts]` hold for that file only, beside all others.
 */
export interface DepsList {
  readonly all: ReadonlySet<string>;
  /** By file, as the section names it: its path below the folder of the list. `.` stands for all files outside of rooms. */
  readonly sections: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Reads a DEPS.list. @throws Error for a line that is no name */
export function parseDepsList(text: string): DepsList {
  const all = new Set<string>();
  const sections = new Map<string, Set<string>>();
  let current = all;
  for (const line of text.split('\n').map(l => l.trim())) {
    const section = /^\[([^\]]+)\]$/.exec(line)?.[1];
    if (line === '') continue;
    if (section !== undefined) {
      current = new Set();
      sections.set(section, current);
    } else if (/^(#[\w/-]+|@?[\w./:-]+)( type)?$/.test(line)) current.add(line);
    else throw new Error(`DEPS.list: "${line}" is no name`);
  }
  return { all, sections };
}
