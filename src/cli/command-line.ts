import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import { version } from '#app/version';
import { gatherNsysWords } from '#cli/capture/nsys-wording';
import { visibleLines } from '#core/format/visible';
import { HELP, WAYS_IN } from './help.ts';
import { refuseLackingValue } from './lacking-value.ts';
import { type Io, type Terminal, type TextStream, terminalOn } from './terminal.ts';
import { markSides } from './two-sides.ts';

const COULD_NOT_RUN = 2;
/** Below the help of each command that takes a time. */
const TIMES = 'Times: seconds, or with a unit: 500ms, 90s, 10m, 1h (intervals between samples: ms where no unit is given).\n';
/** What commander calls a run that was asked for words alone. */
const WORDS_ALONE = new Set(['commander.helpDisplayed', 'commander.version', 'commander.help']);

/** At which lines of help are wrapped where there is no terminal. */
const PLAIN_COLUMNS = 80;
const widthOf = ({ isTTY, columns }: TextStream): number => (isTTY === true ? (columns ?? PLAIN_COLUMNS) : PLAIN_COLUMNS);

const program = (io: Io) =>
  new Command('forensics')
    .description('Why was this GPU server slow? Joins an Nsight Systems trace with load-test latencies, power and host telemetry.')
    .version(version())
    .showHelpAfterError('(see `forensics --help`)')
    .configureHelp(HELP)
    .exitOverride()
    .configureOutput({
      writeOut: text => void io.stdout.write(text),
      // What was typed, or a script put in, is quoted in it.
      writeErr: text => void io.stderr.write(visibleLines(text)),
      getOutHelpWidth: () => widthOf(io.stdout),
      getErrHelpWidth: () => widthOf(io.stderr),
    })
    .addHelpText(
      'after',
      `
Exit codes: 0 ran, 1 a finding at or above --fail-on, 2 could not run. docs/troubleshooting.md has those of each command.
A server is slow right now? docs/right-now.md says what to run, and what it does to the service.

Start here:
  $ forensics demo                     a real incident, analyzed
  $ forensics capture -- ./serve.sh    your own: record a workload and report
  $ forensics analyze runs/monday      what is recorded already: a trace and the files around it
  $ forensics completion bash          completes commands and options in your shell
  $ forensics query --list             the questions behind the report, to ask by hand
`,
    );
/** The code behind a command is loaded where that command is asked for: SQLite, schemas and charts take a second. */
const COMMANDS: Readonly<Record<string, (terminal: Terminal) => Promise<CommandUnknownOpts>>> = {
  demo: async terminal => (await import('#cli/commands/demo')).demoCommand(terminal),
  doctor: async terminal => (await import('#cli/commands/doctor')).doctorCommand(terminal),
  capture: async terminal => (await import('#cli/commands/capture')).captureCommand(terminal),
  analyze: async terminal => (await import('#cli/commands/analyze')).analyzeCommand(terminal),
  pipeline: async terminal => (await import('#cli/commands/pipeline')).pipelineCommand(terminal),
  compare: async terminal => (await import('#cli/commands/compare')).compareCommand(terminal),
  targets: async terminal => (await import('#cli/commands/targets')).targetsCommand(terminal),
  history: async terminal => (await import('#cli/commands/history')).historyCommand(terminal),
  baseline: async terminal => (await import('#cli/commands/baseline')).baselineCommand(terminal),
  run: async terminal => (await import('#cli/commands/run')).runCommand(terminal),
  card: async terminal => (await import('#cli/commands/card')).cardCommand(terminal),
  sweep: async terminal => (await import('#cli/commands/sweep')).sweepCommand(terminal),
  load: async terminal => (await import('#cli/commands/load')).loadCommand(terminal),
  mock: async terminal => (await import('#cli/commands/mock')).mockCommand(terminal),
  monitor: async terminal => (await import('#cli/commands/monitor')).monitorCommand(terminal),
  query: async terminal => (await import('#cli/commands/query')).queryCommand(terminal),
  energy: async terminal => (await import('#cli/commands/energy')).energyCommand(terminal),
  storage: async terminal => (await import('#cli/commands/storage')).storageCommand(terminal),
  snapshot: async terminal => (await import('#cli/commands/snapshot')).snapshotCommand(terminal),
  certify: async terminal => (await import('#cli/commands/certify')).certifyCommand(terminal),
  export: async terminal => (await import('#cli/commands/export')).exportCommand(terminal),
  redact: async terminal => (await import('#cli/commands/redact')).redactCommand(terminal),
  audit: async terminal => (await import('#cli/commands/audit')).auditCommand(terminal),
  score: async terminal => (await import('#cli/commands/score')).scoreCommand(terminal),
  completion: async terminal => (await import('#cli/commands/completion')).completionCommand(terminal, () => allOf(terminal)),
};
const allOf = (terminal: Terminal) => Promise.all(Object.values(COMMANDS).map(load => load(terminal)));

/** The commands that a command line can mean: one where it names one. */
function wanted(words: readonly string[]) {
  if (words.length === 1 && ['-V', '--version'].includes(words[0] ?? '')) return [];
  const name = words.find(word => !word.startsWith('-')) ?? '';
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return asked === undefined ? Object.values(COMMANDS) : [asked];
}

/** Where the help of what was asked stands. */
const helpOf = (words: readonly string[]): string => {
  const name = words.find(word => !word.startsWith('-')) ?? '';
  return Object.hasOwn(COMMANDS, name) ? `forensics ${name} --help` : 'forensics --help';
};

/** Whether help was asked for a command that there is not: commander then shows the help of all, and says nothing. */
const unknownTopic = ([first, topic]: readonly string[]): boolean =>
  first === 'help' && topic !== undefined && topic !== 'help' && !Object.hasOwn(COMMANDS, topic);

/** Gives a command, and those below it, what holds for all: where they print, how they end, and where their help stands. */
function inherit(command: CommandUnknownOpts, from: CommandUnknownOpts, path = 'forensics'): void {
  command.copyInheritedSettings(from);
  const own = `${path} ${command.name()}`;
  if (command.options.some(o => o.flags.includes('<time>'))) command.addHelpText('after', TIMES);
  command.showHelpAfterError(`(see \`${own} --help\`)`);
  for (const below of command.commands) inherit(below, command, own);
}

/** The command that a command line means: one below it, where the words name one. */
function meantOf(command: CommandUnknownOpts, words: readonly string[]): CommandUnknownOpts {
  const [, next] = words.filter(word => !word.startsWith('-'));
  return command.commands.find(below => below.name() === next) ?? command;
}

/**
 * Runs a command line.
 * @param words what follows the name of the program
 * @returns the exit code
 */
export async function main(words: readonly string[], io: Io): Promise<number> {
  const terminal = terminalOn(io);
  if (words.length === 0) {
    io.stdout.write(WAYS_IN);
    return 0;
  }
  const all = program(io);
  const asked = wanted(words);
  for (const load of asked) {
    const command = await load(terminal);
    inherit(command, all);
    all.addCommand(command);
  }
  try {
    const gathered = markSides(gatherNsysWords(words));
    const [only] = all.commands;
    if (asked.length === 1 && only !== undefined) refuseLackingValue(meantOf(only, gathered), gathered);
    await all.parseAsync(gathered, { from: 'user' });
    return terminal.exitCode;
  } catch (error) {
    const code = error !== null && typeof error === 'object' && 'code' in error ? String(error.code) : '';
    if (code === 'commander.help' && unknownTopic(words)) return COULD_NOT_RUN;
    if (WORDS_ALONE.has(code)) return 0;
    if (!code.startsWith('commander.')) terminal.printFailure(error, helpOf(words));
    return COULD_NOT_RUN;
  }
}
