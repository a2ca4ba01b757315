import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { ForensicsError } from '#core/errors';
import { reasonOf } from '#core/reason-of';
import type { ClockPair } from '#schema/clock-pair';
import type { Outcome } from './outcome.ts';

/** Lines are collected up to so many characters before they are written. */
const BUFFER_CHARS = 64 * 1024;

/** Puts monotonic stamps (ns) on the epoch, by one reading of both clocks. */
export type Epoch = (monotonic: number) => bigint;
export function epochBy(pair: ClockPair): Epoch {
  const shift = BigInt(pair.epoch_ns) - BigInt(pair.monotonic_ns);
  return monotonic => BigInt(Math.round(monotonic)) + shift;
}

/** A line of the native format (docs/formats.md). */
export function requestLine(id: string, outcome: Outcome, epoch: Epoch): string {
  const ns = (at: number | null) => (at === null ? 'null' : String(epoch(at)));
  const gaps = outcome.gapsUs.map(us => Math.round(us * 10) / 10);
  const fields = [
    `"id": ${JSON.stringify(id)}`,
    ...(outcome.intended === null ? [] : [`"intended_ns": ${ns(outcome.intended)}`]),
    // What never got a connection arrived nowhere; it was handed over then.
    `"arrival_ns": ${ns(outcome.sent ?? outcome.released)}`,
    `"first_token_ns": ${ns(outcome.first)}`,
    `"finish_ns": ${ns(outcome.finish)}`,
    `"prompt_tokens": ${outcome.promptTokens}`,
    `"output_tokens": ${outcome.outputTokens}`,
    `"itl_us": ${outcome.first === null ? 'null' : JSON.stringify(gaps)}`,
    ...Object.entries(outcome.asked ?? {}).map(([name, value]) => `"${name}": ${JSON.stringify(value)}`),
    `"status": "${outcome.status}"`,
  ];
  return `{${fields.join(', ')}}\n`;
}

/**
 * A request log that is there as a whole or not at all. Until `finish` its lines lie in FILE.part as they came, so that they survive when
 * we are killed; then they are put in the order of arrival.
 */
export class RequestFile {
  readonly #file: string;
  readonly #part: string;
  readonly #fd: number;
  readonly #lines: { readonly at: number; readonly bytes: number; readonly arrival: number }[] = [];
  #size = 0;
  #text = '';
  /** What a full disk did not take stays here, so that the places of the lines hold and nothing is lost should there be room again. */
  #unwritten: Buffer = Buffer.alloc(0);
  #finished = false;

  /** @throws ForensicsError not-writable */
  constructor(file: string) {
    this.#file = file;
    this.#part = `${file}.part`;
    try {
      this.#fd = openSync(this.#part, 'w+');
    } catch (error) {
      throw notWritable(file, error);
    }
  }

  add(id: string, outcome: Outcome, epoch: Epoch): void {
    const line = requestLine(id, outcome, epoch);
    const bytes = Buffer.byteLength(line);
    this.#lines.push({ at: this.#size, bytes, arrival: outcome.sent ?? outcome.released });
    this.#size += bytes;
    this.#text += line;
    if (this.#text.length > BUFFER_CHARS) this.flush();
  }

  /** @throws ForensicsError not-writable when the disk is full */
  flush(): void {
    const text = Buffer.from(this.#text);
    this.#text = '';
    this.#unwritten = this.#unwritten.length === 0 ? text : Buffer.concat([this.#unwritten, text]);
    try {
      while (this.#unwritten.length > 0) this.#unwritten = this.#unwritten.subarray(writeSync(this.#fd, this.#unwritten));
    } catch (error) {
      throw notWritable(this.#file, error);
    }
  }

  get count(): number {
    return this.#lines.length;
  }

  /** @throws ForensicsError not-writable; FILE.part then stays */
  finish(): void {
    this.flush();
    const sorted = `${this.#file}.sorted.part`;
    try {
      this.#sortInto(sorted);
      renameSync(sorted, this.#file);
    } catch (error) {
      rmSync(sorted, { force: true });
      throw notWritable(this.#file, error);
    }
    this.#finished = true;
    closeSync(this.#fd);
    rmSync(this.#part, { force: true });
  }

  /**
   * After a failure: keeps the requests that ended before it.
   * @returns where they are: FILE, or FILE.part where FILE cannot be written; undefined where there are none, and then no file is left
   */
  keep(): string | undefined {
    if (this.count > 0 && !this.#finished) {
      try {
        this.finish();
      } catch {
        // Why is known already, or is the same; FILE.part stays.
      }
    }
    const path = this.#finished ? this.#file : this.#part;
    const holdsSome = this.#finished ? this.count > 0 : this.#size > this.#unwritten.length + Buffer.byteLength(this.#text);
    if (!this.#finished) closeSync(this.#fd);
    if (holdsSome) return path;
    rmSync(path, { force: true });
    return undefined;
  }

  #sortInto(file: string): void {
    const out = openSync(file, 'w');
    try {
      for (const { at, bytes } of this.#lines.toSorted((a, b) => a.arrival - b.arrival)) {
        const line = Buffer.alloc(bytes);
        readSync(this.#fd, line, 0, bytes, at);
        for (let done = 0; done < bytes; ) done += writeSync(out, line, done);
      }
      fsyncSync(out);
    } finally {
      closeSync(out);
    }
  }
}

const notWritable = (file: string, error: unknown) =>
  error instanceof ForensicsError
    ? error
    : new ForensicsError(
        'not-writable',
        `${file} cannot be written (${reasonOf(error)})`,
        'Make room, or choose another folder with --out.',
      );
