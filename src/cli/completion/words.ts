import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** An option as a shell completes it. */
export interface OptionWords {
  readonly flags: readonly string[];
  readonly takesValue: boolean;
  /** The values that it may have, where it names them. */
  readonly values: readonly string[];
  readonly about: string;
}

/** A command as a shell completes it. */
export interface CommandWords {
  readonly name: string;
  readonly about: string;
  readonly options: readonly OptionWords[];
  /** What its argument may be, where that is one of a few words. */
  readonly values: readonly string[];
}

/** A sentence that fits on a line of a list, without what shells quote by. */
const short = (text: string): string =>
  text
    .split(/[:;,(]/, 1)[0]
    ?.replaceAll(/['"`\\[\]$]/g, '')
    .trim() ?? '';

/** What there is to complete of a command. */
export const wordsOf = (command: CommandUnknownOpts): CommandWords => ({
  name: command.name(),
  about: short(command.description()),
  options: [
    ...command.options.map(o => ({
      flags: [o.short, o.long].filter(flag => flag !== undefined && flag !== null),
      takesValue: o.required || o.optional,
      values: o.argChoices ?? [],
      about: short(o.description),
    })),
    { flags: ['--help'], takesValue: false, values: [], about: 'show the help' },
  ],
  values: command.registeredArguments.flatMap(a => a.argChoices ?? []),
});
