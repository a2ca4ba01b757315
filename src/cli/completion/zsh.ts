import type { CommandWords, OptionWords } from './words.ts';

const specs = ({ flags, takesValue, values, about }: OptionWords): string[] =>
  flags.map(flag => `'*${flag}[${about}]${takesValue ? `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}` : ''}'`);

const argumentsOf = ({ name, options, values }: CommandWords): string =>
  `    ${name}) _arguments ${[...options.flatMap(specs), values.length > 0 ? `'*:value:(${values.join(' ')})'` : "'*:file:_files'"].join(' ')};;`;

/** A completion script for zsh. */
export const zshScript = (commands: readonly CommandWords[]): string => `#compdef forensics
# zsh completion of forensics: source <(forensics completion zsh)
_forensics() {
  if (( CURRENT == 2 )); then
    local -a commands
    commands=(${commands.map(c => `'${c.name}:${c.about}'`).join(' ')})
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(argumentsOf).join('\n')}
  esac
}
if [ "\${funcstack[1]}" = _forensics ]; then _forensics "$@"; else compdef _forensics forensics; fi
`;
