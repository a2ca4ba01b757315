import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { ForensicsError } from '#core/errors';
import { watchInterrupts } from '#record/capture/interrupts';
import { type Epoch, epochBy } from '#record/load-test/generator/request-file';
import { wakeOnTime } from '#record/load-test/generator/timer-slack';
import type { Served } from '#record/load-test/mock/mock';
import { MockScript } from '#record/load-test/mock/script';
import { startMock } from '#record/load-test/mock/server';
import { clockPair } from '#record/samplers/clock-pair';
import { say, tell } from '../output.ts';

const port = (text: string): number => {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return Number(text);
};

/** @throws ForensicsError not-found, bad-argument */
function scriptOf(file: string | undefined): MockScript {
  if (file === undefined) return MockScript.parse({});
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new ForensicsError('not-found', `${file} cannot be read`, 'Check the path.');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ForensicsError('bad-argument', `${file} is no JSON (${error instanceof Error ? error.message : ''})`, 'See docs/load.md.');
  }
  const script = MockScript.safeParse(json);
  if (script.success) return script.data;
  const [issue] = script.error.issues;
  throw new ForensicsError(
    'bad-argument',
    `${file}: ${issue?.path.length ? `${issue.path.join('.')}: ` : ''}${issue?.message}`,
    'docs/load.md lists what a script can say.',
  );
}

/** A line of the log: when the script wanted each event sent, and when it was. Epoch ns. */
function logLine({ id, received, begun, due, sent, outcome }: Served, epoch: Epoch): string {
  const ns = (at: number) => epoch(at).toString();
  const list = (times: readonly number[]) => `[${times.map(ns).join(', ')}]`;
  return `{"id": ${JSON.stringify(id)}, "received_ns": ${ns(received)}, "begun_ns": ${ns(begun)}, "due_ns": ${list(due)}, "sent_ns": ${list(sent)}, "outcome": "${outcome}"}\n`;
}

/** Written in pieces of so many characters. */
const PIECE_CHARS = 64 * 1024;

/**
 * Writes what was served. Each line is made when its request is over: made many at a time, they would hold up the events of others for
 * milliseconds.
 * @throws ForensicsError not-writable
 */
function logTo(file: string | undefined) {
  if (file === undefined) return { add: () => {}, close: () => {} };
  const epoch = epochBy(clockPair());
  let text = '';
  let fd: number;
  try {
    fd = openSync(file, 'w');
  } catch {
    throw new ForensicsError('not-writable', `${file} cannot be written`, 'Choose another with --log.');
  }
  const flush = () => {
    writeSync(fd, text);
    text = '';
  };
  return {
    add: (served: Served) => {
      text += logLine(served, epoch);
      if (text.length > PIECE_CHARS) flush();
    },
    close: () => {
      flush();
      closeSync(fd);
    },
  };
}

export const mockCommand = () =>
  new Command('mock')
    .description('a scripted server in place of a model: it answers exactly when its script says, to try a load generator on')
    .argument('[script]', 'a JSON file (docs/load.md); without one: first token after 20 ms, 5 ms between tokens')
    .option('--port <n>', 'port on 127.0.0.1; 0 takes any that is free', port, 8000)
    .option('--log <file>', 'write when each event was due and when it was sent, a request a line')
    .addHelpText(
      'after',
      `
Serves /v1/completions and /v1/chat/completions (event streams), /v1/models and /health; any other path answers once, after ttft_ms.

Examples:
  $ forensics mock --port 8000
  $ echo '{"ttft_ms": 50, "itl_ms": 10, "slots": 8, "stalls": [{"at_s": 5, "ms": 300}]}' > slow.json; forensics mock slow.json --log sent.jsonl
`,
    )
    .action(async (file, options) => {
      const script = scriptOf(file);
      const interrupts = watchInterrupts();
      const log = logTo(options.log);
      wakeOnTime();
      try {
        const server = await startMock(script, options.port, log.add);
        say(`http://127.0.0.1:${server.port}`);
        tell('serving until Ctrl-C');
        await interrupts.first;
        await server.close();
      } finally {
        log.close();
        interrupts.dispose();
      }
    });
