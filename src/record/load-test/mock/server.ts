import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ForensicsError } from '#core/errors';
import { Mock, type Served } from './mock.ts';
import type { MockScript } from './script.ts';

export interface MockServer {
  readonly port: number;
  close(): Promise<void>;
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new ForensicsError('bad-argument', `port ${port} cannot be had (${error.code ?? error.message})`, 'Choose another with --port.'),
      ),
    );
    // The queue of new connections is as long as the kernel allows (net.core.somaxconn): a burst must not wait for a SYN to be sent again.
    server.listen({ port, host: '127.0.0.1', backlog: 4096 }, () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Starts the mock server on this host only.
 * @param port 0 for any that is free
 * @param served told of each request when it is over
 * @throws ForensicsError bad-argument when the port is taken
 */
export async function startMock(script: MockScript, port: number, served: (served: Served) => void = () => {}): Promise<MockServer> {
  const server = createServer({ keepAliveTimeout: 60_000 });
  const stop = () => {
    server.close();
    server.closeAllConnections();
    mock.close();
  };
  const mock = new Mock(script, served, stop);
  server.on('request', (request, response) => mock.handle(request, response));
  return {
    port: await listening(server, port),
    close: async () => {
      if (!server.listening) return;
      await new Promise<void>(resolve => {
        server.once('close', () => resolve());
        stop();
      });
    },
  };
}
