import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { examineMachine, examineTrace } from '#app/doctor/examine';
import { examineFlight, flightRecordsAmong } from '#app/doctor/examine-flight';
import { version } from '#app/version';
import { checkupAsked, tellCheckup } from '#cli/checkup/checkup';
import { positiveDuration } from '#cli/durations';
import { expectedGpus, isHealthAsked, tellHealth } from '#cli/health/health';
import { positive } from '#cli/numbers';
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

const MOST_IN_FLIGHT = 4096;
const whole = (text: string): number => {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > MOST_IN_FLIGHT)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_IN_FLIGHT}.`);
  return value;
};

export const doctorCommand = (terminal: Terminal) =>
  new Command('doctor')
    .description('check a machine, a server, a trace or a hung job: what works, what is wrong, what can be told')
    .argument(
      '[files...]',
      'a trace (.sqlite, .nsys-rep, or .json of PyTorch’s profiler; also compressed), or a folder that holds one; or dumps of PyTorch’s flight recorder as JSON, one for each rank, or their folder',
    )
    .option(
      '--machine',
      'judge the state of this machine by rules: links, fabric, PCIe, clocks, heat, memory, settings of NCCL, logs',
      false,
    )
    .option('--from <path>', 'with --machine: judge a folder of saved outputs and logs, or a snapshot.json, instead of this machine')
    .option('--expect <gpus>', 'with --machine: how many GPUs of which model there should be, as 8xB200', expectedGpus)
    .option('--quick', 'half a minute: memory and activity of all GPUs, and what a server gives (docs/guides.md)', false)
    .option('--full', 'minutes: seven checks of a server and its GPUs, with a table of their activity', false)
    .option('--url <url>', 'with --quick or --full: the server, OpenAI-compatible; requests are sent from here')
    .option('--ssh <host>', 'with --quick or --full: the machine with the GPUs, reached by the ssh of this system')
    .option('--for <time>', 'with --quick or --full: how long the load lasts (default: 20s, 30s)', positiveDuration)
    .option('--concurrency <n>', 'with --quick or --full: requests in flight (default: 1)', whole)
    .option('--expect-rate <tokens>', 'with --quick or --full: output tokens a second that the server should give', positive)
    .option('--log <files...>', 'with --full: logs of the server (default: those of containers that serve a model)')
    .option('--model <name>', 'with --quick or --full: the model to ask for (default: the first that the server lists)')
    .option('--api-key-env <name>', 'with --quick or --full: send the key that is in this environment variable')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Six questions:
  doctor                     what this machine can do: nsys, nvidia-smi, Node. Seconds
  doctor TRACE               which questions a trace can answer, and what it lacks
  doctor --machine           is the machine healthy? Seconds; it only reads
  doctor --quick --url URL   do all GPUs of a server work? Half a minute; it sends requests, one at a time
  doctor --full --url URL    the same, with its log and the state of the machine. A minute or two
  doctor nccl_trace_rank_*   in which collective a job hangs, by the dumps of PyTorch's flight recorder

Exit codes: 0 nothing is wrong, 1 --quick or --full found something, or --machine something of medium severity or more, 2 could not run, or nothing
could be judged.

Examples:
  $ forensics doctor
  $ forensics doctor trace.sqlite.gz
  $ forensics doctor nccl_trace_rank_*.json
  $ forensics doctor --machine --expect 8xB200
  $ forensics doctor --machine --from outputs/
  $ forensics doctor --quick --url http://localhost:8000
  $ forensics doctor --full --url http://gpu-box:8000 --ssh root@gpu-box --expect-rate 100
`,
    )
    .action(async (files, options) => {
      const { json } = options;
      if (isHealthAsked(options, files)) return tellHealth(terminal, options);
      const checkup = checkupAsked(options, files);
      if (checkup !== undefined) return tellCheckup(terminal, checkup, options);
      const dumps = flightRecordsAmong(files);
      if (dumps.length === 0) return tellOfMachine(terminal, onlyOne(files), json);
      const sentences = await examineFlight(dumps, terminal.env, terminal.tell);
      terminal.say(json ? JSON.stringify({ version: version(), hang: sentences }, null, 2) : sentences.join('\n'));
    });
