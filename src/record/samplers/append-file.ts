import { type FileHandle, open } from 'node:fs/promises';
import { reasonOf } from '#core/reason-of';

/**
 * A file that grows without holding up the writer: while one write is under way, what follows is gathered, so a disk that
 * stalls costs no samples. After a write that failed nothing more is written.
 */
export class AppendFile {
  readonly #handle: FileHandle;
  readonly #failed: (reason: string) => void;
  #waiting = '';
  #waitingSamples = 0;
  #samples = 0;
  #writing: Promise<void> | undefined;
  #broken = false;

  private constructor(handle: FileHandle, failed: (reason: string) => void) {
    this.#handle = handle;
    this.#failed = failed;
  }

  /**
   * @param failed is told once why nothing more is written
   * @throws when the file cannot be opened
   */
  static async open(path: string, failed: (reason: string) => void): Promise<AppendFile> {
    return new AppendFile(await open(path, 'a'), failed);
  }

  /** @param samples how many the text holds */
  write(text: string, samples = 0): void {
    if (this.#broken) return;
    this.#waiting += text;
    this.#waitingSamples += samples;
    this.#writing ??= this.#drain();
  }

  /** How many samples were written. */
  get samples(): number {
    return this.#samples;
  }

  /** False once a write failed. */
  get sound(): boolean {
    return !this.#broken;
  }

  /** Resolves when all that was given so far is written, or failed. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#handle.close().catch(() => {});
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting !== '') {
        const text = this.#waiting;
        const samples = this.#waitingSamples;
        this.#waiting = '';
        this.#waitingSamples = 0;
        await this.#handle.appendFile(text);
        this.#samples += samples;
      }
    } catch (error) {
      this.#broken = true;
      this.#waiting = '';
      this.#failed(reasonOf(error));
    } finally {
      this.#writing = undefined;
    }
  }
}
