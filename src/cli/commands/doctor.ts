import { Command } from '@commander-js/extra-typings';
import { examineMachine, examineTrace } from '#app/doctor/examine';
import { examineFlight, flightRecordsAmong } from '#app/doctor/examine-flight';
import { version } from '#app/version';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';

/** The one trace among what was named. @throws ForensicsError bad-argument */
function onlyOne(paths: readonly string[]): string | undefined {
  const [first, ...more] = paths;
  if (more.length > 0)
    throw new ForensicsError(
      'bad-argument',
      `${paths.length} files are named`,
      'Name one trace, or the dumps of the flight recorder of all ranks.',
    );
  return first;
}

/** What this machine can do, and what a trace can tell. */
async function tellOfMachine({ say, tell, colours, env }: Terminal, trace: string | undefined, isJson: boolean): Promise<void> {
  const { checks, lacking } = await examineMachine(env);
  const examined = trace === undefined ? undefined : await examineTrace(trace, env, tell);
  const capabilities = examined?.capabilities ?? [];
  const writer = examined && { written_by: examined.writtenBy, warning: examined.warning ?? null };
  if (isJson) say(JSON.stringify({ version: version(), checks, ...writer, capabilities }, null, 2));
  else {
    const mark = (ok: boolean) => (ok ? colours.green('yes') : colours.yellow('no '));
    for (const c of checks) say(`${mark(c.ok)}  ${c.what}: ${c.detail}`);
    if (examined !== undefined) {
      say(`\nWhat can be told from ${trace}, written by ${examined.writtenBy}:`);
      if (examined.warning !== undefined) say(`${colours.yellow('!  ')}  ${examined.warning}`);
    }
    for (const c of capabilities) say(`${mark(c.available)}  ${c.what}: ${c.why}`);
  }
  if (lacking.length > 0)
    throw new ForensicsError(
      'unsupported',
      `this machine lacks: ${lacking.map(c => c.what).join(', ')}`,
      lacking.map(c => c.detail).join('; '),
    );
}

export const doctorCommand = (terminal: Terminal) =>
  new Command('doctor')
    .description('say what this machine can do, what a trace can tell, and in which collective a job hangs')
    .argument(
      '[files...]',
      'a trace (.sqlite, .nsys-rep, or .json of PyTorch’s profiler; also compressed), or a folder that holds one; or dumps of PyTorch’s flight recorder as JSON, one for each rank, or their folder',
    )
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      '\nExamples:\n  $ forensics doctor\n  $ forensics doctor trace.sqlite.gz\n  $ forensics doctor nccl_trace_rank_*.json\n',
    )
    .action(async (files, { json }) => {
      const dumps = flightRecordsAmong(files);
      if (dumps.length === 0) return tellOfMachine(terminal, onlyOne(files), json);
      const sentences = await examineFlight(dumps, terminal.env, terminal.tell);
      terminal.say(json ? JSON.stringify({ version: version(), hang: sentences }, null, 2) : sentences.join('\n'));
    });
