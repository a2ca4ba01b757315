import type { Socket } from 'node:net';
import { buildConnector, Client } from 'undici';

/** What one read may take from a socket. */
const READ_BYTES = 64 * 1024;

/**
 * Connects so that all sockets are read into one buffer, from which the few bytes of an event are copied to where Node keeps small buffers.
 * Left to itself, each read makes an ArrayBuffer, ten thousand a second, and the collector stands still a microsecond for each that is gone.
 */
function plainConnector(): buildConnector.connector {
  const buffer = Buffer.alloc(READ_BYTES);
  return (options, done) => {
    let socket: Socket | undefined;
    const callback = (n: number) => socket?.push(Buffer.from(buffer.subarray(0, n))) ?? false;
    buildConnector({ port: Number(options.port), onread: { buffer, callback } })(options, (...made) => {
      socket = made[1] ?? undefined;
      done(...made);
    });
  };
}

/**
 * One connection for each request in flight: one that waits for a connection would wait for an answer, as in a closed loop. The one that
 * was used last is the first to be used again, so that a lull closes the others. (undici's own pool looks through all of its connections
 * for a free one: with thousands in flight, that takes longer than the request.)
 */
export class Connections {
  readonly #origin: string;
  /** Shared by all of them: TLS sessions are resumed, and what is read is read into one place. */
  readonly #connect: buildConnector.connector;
  readonly #all = new Set<Client>();
  readonly #free: Client[] = [];

  /** @param origin scheme, host and port */
  constructor(origin: string) {
    this.#origin = origin;
    this.#connect = new URL(origin).protocol === 'http:' ? plainConnector() : buildConnector({});
  }

  /** One that nobody uses; it connects when it is first used, and again when it was cut. */
  take(): Client {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    const made = new Client(this.#origin, { pipelining: 1, headersTimeout: 0, bodyTimeout: 0, connect: this.#connect });
    this.#all.add(made);
    return made;
  }

  /** Its request is over, one way or another. */
  giveBack(connection: Client): void {
    this.#free.push(connection);
  }

  async destroy(): Promise<void> {
    await Promise.all([...this.#all].map(connection => connection.destroy(null)));
  }
}
