import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { readScript, serveMock } from '#app/mock/serve-mock';
import { interruptible } from '#cli/interrupts';
import type { Terminal } from '#cli/terminal';
import { wakeOnTime } from '#record/load-test/generator/timer-slack';
import { MockScript } from '#record/load-test/mock/script';

const port = (text: string): number => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return Number(text);
};

export const mockCommand = ({ say, tell, ownsProcess }: Terminal) =>
  new Command('mock')
    .description('serve in place of a model, and answer exactly when a script says: to try a load generator on')
    .argument('[script]', 'a JSON file (docs/load.md); without one: first token after 20 ms, 5 ms between tokens')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes any that is free', port, 8000)
    .option('--log <file>', 'write when each event was due and when it was sent, a request a line')
    .addHelpText(
      'after',
      `
Serves /v1/completions, /v1/chat/completions and Triton's …/generate_stream (event streams), /v1/models and /health; any other path answers once, after ttft_ms.

Examples:
  $ forensics mock --port 8000
  $ echo '{"ttft_ms": 50, "itl_ms": 10, "slots": 8, "stalls": [{"at_s": 5, "ms": 300}]}' > slow.json; forensics mock slow.json --log sent.jsonl
`,
    )
    .action(async (file, options) => {
      const script = file === undefined ? MockScript.parse({}) : readScript(file);
      const listening = (url: string) => {
        say(url);
        tell('serving until Ctrl-C');
      };
      if (ownsProcess) wakeOnTime();
      await interruptible(({ stop }) => serveMock(script, options.port, options.log, stop, listening));
    });
