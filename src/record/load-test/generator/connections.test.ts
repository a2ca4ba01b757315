import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { Connections } from './connections.ts';

/** More than the buffers of sockets and streams hold together, so that reading has to stop and go on. */
const BYTES = 4_000_000;
/** Bytes of which no stretch looks like another answer's. */
const answerOf = (n: number) => Buffer.alloc(BYTES, `answer ${n}, `);

async function serve(): Promise<number> {
  const server = createServer((request, response) => response.end(answerOf(Number(request.url?.slice(1)))));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test('answers that come at once through one buffer come whole and unmixed, also to a reader that rests', async () => {
  const connections = new Connections(`http://127.0.0.1:${await serve()}`);
  onTestFinished(() => connections.destroy());
  const read = (n: number) =>
    new Promise<Buffer>((resolve, reject) => {
      // Kept as they came: a piece that lay in the shared buffer would be overwritten by the next read.
      const pieces: Buffer[] = [];
      const connection = connections.take();
      connection.dispatch(
        { path: `/${n}`, method: 'GET' },
        {
          onRequestStart: () => {},
          onResponseStart: () => {},
          onResponseData: (controller, piece) => {
            pieces.push(piece);
            if (pieces.length % 10 !== 0) return;
            controller.pause();
            setTimeout(() => controller.resume(), 1);
          },
          onResponseEnd: () => {
            connections.giveBack(connection);
            resolve(Buffer.concat(pieces));
          },
          onResponseError: (_, error) => reject(error),
        },
      );
    });
  // Twice, so that connections are used again.
  for (const round of [0, 1]) {
    const numbers = [1, 2, 3].map(n => 10 * round + n);
    const answers = await Promise.all(numbers.map(read));
    expect(answers.map((a, i) => a.equals(answerOf(numbers[i] ?? 0)))).toEqual([true, true, true]);
  }
});
