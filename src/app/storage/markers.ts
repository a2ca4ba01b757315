import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import { EpochClock } from '#record/samplers/epoch-clock';
import type { StorageMarker } from '#schema/storage-step';

type Told = Omit<StorageMarker, 'at_ns' | 'step' | 'attempt'> & Partial<Pick<StorageMarker, 'step' | 'attempt'>>;

/** markers.jsonl: what happens in a run, a line each, added to as it happens. */
export class Markers {
  readonly #fd: number;
  readonly #clock = new EpochClock();

  /** @throws ForensicsError not-writable, also where the file is a link: a folder that is resumed may be a stranger's */
  constructor(folder: string) {
    const file = join(folder, 'markers.jsonl');
    try {
      this.#fd = openSync(file, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW, 0o644);
    } catch (error) {
      throw new ForensicsError('not-writable', `${file} cannot be written (${reasonOf(error)})`, 'Name another folder with --out.');
    }
    // A run that was killed may have left half a line.
    const { size } = fstatSync(this.#fd);
    const last = Buffer.alloc(1);
    if (size > 0 && readSync(this.#fd, last, 0, 1, size - 1) === 1 && last[0] !== 0x0a) writeSync(this.#fd, '\n');
  }

  add(told: Told): void {
    const { event, step = null, attempt = null, detail } = told;
    const marker: StorageMarker = { at_ns: String(this.#clock.now()), event, step, attempt, ...(detail === undefined ? {} : { detail }) };
    writeSync(this.#fd, `${JSON.stringify(marker)}\n`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
