import { closeSync, openSync, writeSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { textIn } from '#core/text-in';
import { wrongShape } from '#core/wrong-shape';
import { type Epoch, epochBy } from '#record/load-test/generator/request-file';
import type { Served } from '#record/load-test/mock/mock';
import { MockScript } from '#record/load-test/mock/script';
import { startMock } from '#record/load-test/mock/server';
import { whenAborted } from '#record/processes/interruption';
import { clockPair } from '#record/samplers/clock-pair';

/** Reads a script of the mock server. @throws ForensicsError not-found, bad-argument */
export function readScript(file: string): MockScript {
  const text = textIn(file);
  if (text === undefined)
    throw new ForensicsError('not-found', `${file} does not exist, is no file, or may not be read`, 'Check the path.');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ForensicsError('bad-argument', `${file} is not valid JSON`, 'Write an object, such as {"ttft_ms": 50, "itl_ms": 10}.');
  }
  const script = MockScript.safeParse(json);
  if (script.success) return script.data;
  const [issue] = script.error.issues;
  const field = issue?.path.join('.') ?? '';
  throw new ForensicsError(
    'bad-argument',
    `${file} is no script${field === '' ? '' : `, at ${field}`}: ${wrongShape(issue)}`,
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

/**
 * Serves until it is stopped.
 * @param log where a line is written for each request
 * @param listening told the server's URL
 * @throws ForensicsError not-writable; bad-argument when the port is taken
 */
export async function serveMock(
  script: MockScript,
  port: number,
  log: string | undefined,
  stop: AbortSignal,
  listening: (url: string) => void,
): Promise<void> {
  const file = logTo(log);
  try {
    const server = await startMock(script, port, file.add);
    listening(`http://127.0.0.1:${server.port}`);
    await whenAborted(stop);
    await server.close();
  } finally {
    file.close();
  }
}
