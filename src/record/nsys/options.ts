/** The options of one subcommand: long name without dashes, and the short letter where there is one. */
export type OptionTable = ReadonlyMap<string, string | undefined>;

/** Reads the options out of a help text: lines such as `\t-t, --trace=` and `\t--kill=`. What is deprecated does nothing any more. */
export function optionsOf(help: string): OptionTable {
  const table = new Map<string, string | undefined>();
  for (const line of help.split('\n')) {
    const [, short, stem = '', choice] =
      /^\s*(?:\(Experimental\) )?(?:-(\w), )?--([a-z][a-z0-9-]*)(?:\[([a-z|]+)\])?(?:[=\s[]|$)/.exec(line) ?? [];
    // Two in one: `--nvtx-domain-[include|exclude]=`.
    for (const end of choice?.split('|') ?? ['']) if (stem !== '' && !table.has(stem + end)) table.set(stem + end, short);
  }
  return table;
}

/** One option as given: its long name, and its value where it has one. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
}

export const flagText = ({ name, value }: Flag): string => (value === undefined ? `--${name}` : `--${name}=${value}`);

/** The first of some names that an option table knows: options were renamed over the versions. */
export const knownName = (table: OptionTable, ...names: readonly string[]): string | undefined => names.find(n => table.has(n));

/**
 * Reads options that a user wrote for nsys: `--name=value`, `--name value`, `-n value`.
 * @param tables those of the subcommands that may get them
 * @returns the flags, and what could not be read
 */
export function parseFlags(words: readonly string[], tables: readonly OptionTable[]): { flags: Flag[]; strange: string[] } {
  const flags: Flag[] = [];
  const strange: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? '';
    const [, dashes = '', key = '', given] = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = dashes === '--' ? key : tables.flatMap(t => [...t]).find(([, short]) => short !== undefined && short === key)?.[0];
    if (name === undefined || !tables.some(t => t.has(name))) {
      strange.push(word);
      continue;
    }
    const next = words[i + 1];
    const value = given ?? (next !== undefined && !next.startsWith('-') ? next : undefined);
    if (given === undefined && value !== undefined) i++;
    flags.push({ name, value });
  }
  return { flags, strange };
}
