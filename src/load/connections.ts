import { buildConnector, Client } from 'undici';

/**
 * One connection for each request in flight: one that waits for a connection would wait for an answer, as in a closed loop. The one that
 * was used last is the first to be used again, so that a lull closes the others. (undici's own pool looks through all of its connections
 * for a free one: with thousands in flight, that takes longer than the request.)
 */
export class Connections {
  readonly #origin: string;
  /** Shared, so that TLS sessions are resumed. */
  readonly #connect = buildConnector({});
  readonly #all = new Set<Client>();
  readonly #free: Client[] = [];

  /** @param origin scheme, host and port */
  constructor(origin: string) {
    this.#origin = origin;
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
