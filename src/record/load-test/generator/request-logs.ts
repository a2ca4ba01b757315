import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import type { Outcome } from './outcome.ts';
import { type Epoch, RequestFile } from './request-file.ts';

const REQUESTS_FILE = 'requests.jsonl';
const WARM_UP_FILE = 'warm-up.jsonl';

/** What a run writes down of its requests: those of the warm-up apart from those that are measured. */
export class RequestLogs {
  readonly #measured: RequestFile;
  readonly #warmUp: RequestFile | undefined;

  /** @throws ForensicsError not-writable; then no file is left */
  constructor(folder: string, hasWarmUp: boolean) {
    this.#measured = new RequestFile(join(folder, REQUESTS_FILE));
    try {
      this.#warmUp = hasWarmUp ? new RequestFile(join(folder, WARM_UP_FILE)) : undefined;
    } catch (error) {
      this.#measured.keep();
      throw error;
    }
  }

  /** @throws ForensicsError not-writable */
  add(id: string, outcome: Outcome, epoch: Epoch): void {
    const file = outcome.phase === 'warm-up' ? this.#warmUp : this.#measured;
    file?.add(id, outcome, epoch);
  }

  /** @throws ForensicsError not-writable */
  flush(): void {
    this.#measured.flush();
    this.#warmUp?.flush();
  }

  /** @throws ForensicsError not-writable */
  finish(): void {
    this.#measured.finish();
    this.#warmUp?.finish();
  }

  /** Keeps what there is after a failure; the failure, with the place where that is. What is no user's to mend stays as it is. */
  keepAfter(failure: unknown): unknown {
    const kept = [this.#measured, this.#warmUp].flatMap(file => file?.keep() ?? []);
    if (!(failure instanceof ForensicsError) || kept.length === 0) return failure;
    return new ForensicsError(failure.code, failure.message, `${failure.hint} The requests until then are in ${kept.join(' and ')}.`);
  }
}
