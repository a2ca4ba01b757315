import type { CommandWords } from './words.ts';

const casesOf = (commands: readonly CommandWords[]): string =>
  commands
    .flatMap(({ name, options }) =>
      options
        .filter(o => o.values.length > 0)
        .map(
          o =>
            `    ${o.flags.map(flag => `${name}:${flag}`).join('|')}) COMPREPLY=($(compgen -W '${o.values.join(' ')}' -- "$word")); return;;`,
        ),
    )
    .join('\n');

const wordsIn = (commands: readonly CommandWords[]): string =>
  commands
    .map(({ name, options, values }) => `    ${name}) words='${[...options.flatMap(o => o.flags), ...values].join(' ')}';;`)
    .join('\n');

/** A completion script for bash. */
export const bashScript = (
  commands: readonly CommandWords[],
): string => `# bash completion of forensics: source <(forensics completion bash)
_forensics() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(c => c.name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "$command:$before" in
${casesOf(commands)}
  esac
  case "$command" in
${wordsIn(commands)}
  esac
  # What is no option is a file, unless the command takes one of a few words.
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -o bashdefault -F _forensics forensics
`;
