import { closeSync, constants, openSync, readSync } from 'node:fs';

/** The kernel gives one record a read, and refuses a buffer that is too small for it. */
const LARGEST_RECORD = 16 * 1024;
/** Nothing more for now; the record was overwritten before it was read, so go on with the next. */
const NOTHING = 'EAGAIN';
const OVERWRITTEN = 'EPIPE';

/** The kernel's messages from when it was opened (man 4 kmsg, /dev/kmsg): no process, and no reading of what was there before. */
export class KernelLog {
  readonly #fd: number;
  readonly #buffer = Buffer.alloc(LARGEST_RECORD);
  #rest = '';
  /** Messages were lost, because they came faster than they were read. */
  overwritten = false;

  /** @throws when it may not be read, as in most containers */
  constructor(path = '/dev/kmsg') {
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      // It cannot be asked to begin at its end.
      this.lines();
    } catch (error) {
      this.close();
      throw error;
    }
    this.overwritten = false;
  }

  /** The lines that came since the last call. */
  lines(): string[] {
    let text = this.#rest;
    for (;;) {
      const got = this.#read();
      if (got === '') break;
      text += got;
    }
    const lines = text.split('\n');
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #read(): string {
    for (;;)
      try {
        return this.#buffer.toString('latin1', 0, readSync(this.#fd, this.#buffer));
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? error.code : undefined;
        if (code === NOTHING) return '';
        if (code !== OVERWRITTEN) throw error;
        this.overwritten = true;
      }
  }
}
