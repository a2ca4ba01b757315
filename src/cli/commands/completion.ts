import { Argument, Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { bashScript } from '#cli/completion/bash';
import { fishScript } from '#cli/completion/fish';
import { type CommandWords, wordsOf } from '#cli/completion/words';
import { zshScript } from '#cli/completion/zsh';
import type { Terminal } from '#cli/terminal';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
const SCRIPT: Readonly<Record<(typeof SHELLS)[number], (commands: readonly CommandWords[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** @param all the commands that there are, loaded when their words are asked for */
export const completionCommand = ({ stdout }: Terminal, all: () => Promise<readonly CommandUnknownOpts[]>) =>
  new Command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
    .addHelpText(
      'after',
      `
Examples:
  $ forensics completion bash > ~/.local/share/bash-completion/completions/forensics
  $ source <(forensics completion bash)        in ~/.bashrc, or now; zsh alike, after compinit
  $ forensics completion fish > ~/.config/fish/completions/forensics.fish
`,
    )
    .action(async shell => {
      stdout.write(SCRIPT[shell]((await all()).map(wordsOf)));
    });
