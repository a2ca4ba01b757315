import { randomUUID } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { probeTarget, runLoadTest } from '#app/load-test/run-load-test';
import { duration, positiveDuration } from '#cli/durations';
import { interruptible } from '#cli/interrupts';
import { loadExitCode } from '#cli/load/exit-code';
import { replayOf, settingsOf } from '#cli/load/load-settings';
import { terminalObserver } from '#cli/load/observer';
import { arrivalWish, concurrencies, lengthWish, sweep } from '#cli/load/patterns';
import { targetOfAll } from '#cli/load/target-of';
import { loadWords } from '#cli/load/wording';
import type { Terminal } from '#cli/terminal';
import { unlessAborted } from '#record/processes/interruption';

const FASTEST = 1_000_000;
const rate = (text: string): number => {
  const value = Number(text);
  if (!(value > 0 && value <= FASTEST)) throw new InvalidArgumentError(`It must be a number above 0 and at most ${FASTEST}.`);
  return value;
};
const whole =
  (from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to)
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    return value;
  };
const collect = (value: string, all: readonly string[]) => [...all, value];

/** A name that tells runs of one folder apart. */
const defaultOut = (): string => `forensics-load-${new Date().toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}`;

const EXPLAINED = `
It sends real requests: on a server in production they compete with those of your users.
An open loop (--rate) sends on schedule, whether answers have come or not. A closed loop (--concurrency, --sweep) sends the next request
when an answer has come, and so hides waiting. To lay the result over a trace: forensics analyze TRACE --requests requests.jsonl. docs/load.md says more.

Exit codes: 0 ran, 2 could not begin, 3 the schedule was not kept (load.json says why), 4 no request succeeded, 129/130/143 interrupted
by SIGHUP/SIGINT/SIGTERM (the first stops sending and waits 5 s for answers, the second ends at once; all is written).

Examples:
  $ forensics load http://localhost:8000/v1/completions --rate 20 --duration 2m --prompt-tokens lognormal:512,0.8
  $ forensics load http://localhost:8000/v1/chat/completions --sweep 1-4096 --duration 20 --warm-up 5
  $ forensics load http://localhost:8000/v1/completions --arrivals trace:requests.jsonl --api-key-env MY_KEY
  $ forensics load http://localhost:8080/predict --rate 200 --body @input.json --header 'content-type: application/json'
  $ forensics load http://localhost:8000/v2/models/ensemble/generate_stream --rate 4 --adapters lora_list_16.txt --adapter-session sticky --nonce
  $ forensics mock --port 8000 &  forensics load http://localhost:8000/v1/completions --rate 50 --duration 10
`;

/** The command with all that says who is asked for what. */
const asking = () =>
  new Command('load')
    .description('send requests to a server at given times, and measure from when they were meant to be sent')
    .argument(
      '<urls...>',
      'the endpoint; of several replicas each, asked in turn: …/v1/completions, …/v1/chat/completions, …/generate_stream of Triton, or anything that speaks HTTP',
    )
    .addOption(
      new Option('--api <kind>', 'what the endpoint is; auto goes by the end of its path')
        .choices(['auto', 'openai', 'completions', 'chat', 'triton', 'http'] as const)
        .default('auto' as const),
    )
    .option('--model <name>', 'the model to ask for (default: the first that the server lists)')
    .option(
      '--prompt-tokens <lengths>',
      'N, uniform:A-B, normal:MEAN,SD or lognormal:MEDIAN,SIGMA (default: 256, or as in the trace)',
      lengthWish,
    )
    .option('--output-tokens <lengths>', 'the same for answers (default: 128, or as in the trace)', lengthWish)
    .addOption(
      new Option('--prompt-as <kind>', 'prompts as words, or as token ids, whose number is exact (completions of vLLM and SGLang)')
        .choices(['words', 'ids'] as const)
        .default('words' as const),
    )
    .option('--prompt-file <file>', 'the text of a file as each prompt, instead of words')
    .option(
      '--nonce',
      'begin each prompt with five words that no other begins with, in this run or another: caches of prefixes are of no use',
      false,
    )
    .option('--adapters <file>', 'ask for adapters (LoRA): a list, a name on each line')
    .addOption(
      new Option(
        '--adapter-session <kind>',
        'random: an adapter for each request; sticky: a user keeps the one that he drew (default: random)',
      ).choices(['random', 'sticky'] as const),
    )
    .option('--adapter-field <name>', 'where its name goes in the body (default: model; for Triton parameters.lora_name)')
    .option('--sessions <n>', 'users of an open loop (default: 4); in a closed loop each place in flight is one', whole(1, 65_536))
    .option('--no-ignore-eos', 'let the model end its answers')
    .option('--extra <json>', 'further fields of the body, as \'{"temperature": 0}\'')
    .option('--method <name>', 'plain HTTP: the method (default: GET, or POST with --body)')
    .option('--body <text>', 'plain HTTP: the body, or @FILE')
    .option('--header <line>', 'a header, as NAME: VALUE; may be repeated', collect, [])
    .option('--api-key-env <name>', 'send the key that is in this environment variable');

export const loadCommand = (terminal: Terminal) =>
  asking()
    .addOption(
      new Option('--arrivals <pattern>', 'poisson, constant, gamma:CV, ramp:FROM-TO (requests/s) or trace:FILE')
        .argParser(arrivalWish)
        .default({ kind: 'poisson' as const }, 'poisson'),
    )
    .option('--rate <n>', 'requests a second', rate)
    .option('--duration <time>', 'how long to send (default: 30s); with --concurrency or --sweep, for each stage', positiveDuration)
    .option('--requests <n>', 'end after so many requests', whole(1, 20_000_000))
    .addOption(
      new Option('--concurrency <list>', 'closed loop: keep so many in flight, one stage after the other, as 1,2,4').argParser(
        concurrencies,
      ),
    )
    .addOption(new Option('--sweep <range>', 'closed loop: powers of two, as 1-4096').argParser(sweep).conflicts('concurrency'))
    .option('--warm-up <time>', 'warm up for this long before measuring; with --concurrency or --sweep, in each stage', duration, 0)
    .option('--timeout <time>', 'abandon a request after this long', positiveDuration, 600)
    .option('--drain <time>', 'wait this long for responses after the last request', duration, 60)
    .option('--seed <n>', 'the same seed sends the same requests at the same times', whole(0, 2 ** 31), 1)
    .option('--generators <n>', 'processes that send (default: by the rate and the processors)', whole(1, 256))
    .option('--out <dir>', 'a new folder for requests.jsonl and load.json (default: forensics-load-TIME)')
    .option('--json', 'print load.json to stdout, and nothing else', false)
    .addHelpText('after', EXPLAINED)
    .action(async (urls, options) => {
      const asked = targetOfAll(urls, options, terminal.env, randomUUID().slice(0, 8));
      const wish = { ...options, concurrency: options.sweep ?? options.concurrency };
      // What makes no sense is said before anybody is asked.
      const replay = await replayOf(wish, { env: terminal.env, progress: terminal.tell });
      settingsOf(asked, wish, replay);
      await interruptible(async signals => {
        const target = await unlessAborted(signals.stop, probeTarget(asked, terminal.tell));
        const { load, folder } = await runLoadTest(
          settingsOf(target, wish, replay),
          options.out ?? defaultOut(),
          terminalObserver(terminal),
          signals,
        );
        terminal.say(options.json ? JSON.stringify(load, null, 2) : loadWords(load, folder));
        terminal.exitCode = loadExitCode(load);
      });
    });
