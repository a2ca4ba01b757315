import { isIn } from './characters.ts';

/** A text that is read character by character. All reading goes through here, so that the work can be counted. */
export class Reader {
  readonly text: string;
  #steps = 0;
  constructor(text: string) {
    this.text = text;
  }

  /** Characters looked at up to now. */
  get steps(): number {
    return this.#steps;
  }

  /** The character at a place; -1 outside of the text. */
  at(i: number): number {
    this.#steps += 1;
    return i >= 0 && i < this.text.length ? this.text.charCodeAt(i) : -1;
  }

  /** Whether a character is in one of the classes. */
  is(i: number, classes: number): boolean {
    return isIn(this.at(i), classes);
  }

  /** Where a run of characters of the classes ends, at most so many on. */
  run(from: number, classes: number, most = Number.POSITIVE_INFINITY): number {
    const limit = Math.min(this.text.length, from + most);
    let i = from;
    while (i < limit && isIn(this.text.charCodeAt(i), classes)) i += 1;
    this.#steps += i - from + 1;
    return i;
  }

  /** Where the first character of the classes stands, the end of the text or of the limit without one. */
  until(from: number, classes: number, most = Number.POSITIVE_INFINITY): number {
    const limit = Math.min(this.text.length, from + most);
    let i = from;
    while (i < limit && !isIn(this.text.charCodeAt(i), classes)) i += 1;
    this.#steps += i - from + 1;
    return i;
  }

  /** A part of the text, of which all counts as looked at. */
  slice(from: number, to: number): string {
    this.#steps += Math.max(0, Math.min(to, this.text.length) - from);
    return this.text.slice(from, to);
  }

  /** Whether a text stands at a place. */
  has(what: string, at: number): boolean {
    this.#steps += what.length;
    return this.text.startsWith(what, at);
  }
}
