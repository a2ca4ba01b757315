import { closeSync, openSync, readSync } from 'node:fs';

/** A file of the kernel that is read again and again through one descriptor: opening it costs more than reading it. */
export class ProcFile {
  readonly #fd: number;
  #buffer = Buffer.allocUnsafe(16 * 1024);

  /** @throws when it is not there, or cannot be read */
  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    try {
      this.read();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** What it says now. A longer file comes in pieces, of one reading as far as the kernel makes it so. */
  read(): string {
    let length = 0;
    for (;;) {
      if (length === this.#buffer.length) this.#buffer = Buffer.concat([this.#buffer, Buffer.allocUnsafe(length)]);
      const got = readSync(this.#fd, this.#buffer, length, this.#buffer.length - length, length);
      if (got === 0) return this.#buffer.toString('latin1', 0, length);
      length += got;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
