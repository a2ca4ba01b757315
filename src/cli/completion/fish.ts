import type { CommandWords, OptionWords } from './words.ts';

const optionLine = (command: string, { flags, takesValue, values, about }: OptionWords): string => {
  const names = flags.map(flag => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
  const value = !takesValue ? '' : values.length > 0 ? ` -x -a '${values.join(' ')}'` : ' -r';
  return `complete -c forensics -n '__fish_seen_subcommand_from ${command}' ${names}${value} -d '${about}'`;
};

/** A completion script for fish. */
export const fishScript = (commands: readonly CommandWords[]): string =>
  [
    '# fish completion of forensics: forensics completion fish | source',
    ...commands.map(c => `complete -c forensics -f -n __fish_use_subcommand -a ${c.name} -d '${c.about}'`),
    ...commands.flatMap(c => [
      ...c.options.map(o => optionLine(c.name, o)),
      ...(c.values.length > 0 ? [`complete -c forensics -f -n '__fish_seen_subcommand_from ${c.name}' -a '${c.values.join(' ')}'`] : []),
    ]),
    '',
  ].join('\n');
