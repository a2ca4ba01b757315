import type { Line } from './block.ts';

/** Gathers the texts of a part of a document of HTML as lines: those of the file, and those that tags make. */
export class HtmlLines {
  #lines: { line: number; text: string; begins: boolean }[] = [];
  #begins = true;

  /** What follows begins something of its own. */
  begin(): void {
    this.#begins = true;
  }

  /** Puts a text that stands at a line of the file. */
  add(line: number, text: string): void {
    const last = this.#lines.at(-1);
    if (last !== undefined && (text.trim() === '' || (last.line === line && !this.#begins))) last.text += text;
    else if (text.trim() !== '') {
      this.#lines.push({ line, text, begins: this.#begins });
      this.#begins = false;
    }
  }

  /** A tag: what stands before it and behind it are two words. */
  separate(): void {
    const last = this.#lines.at(-1);
    if (last !== undefined) last.text += ' ';
  }

  /** The lines so far, blanks made one; the next begins anew. */
  take(): Line[] {
    const lines = this.#lines.map(line => ({ ...line, text: line.text.replace(/\s+/g, ' ').trim() }));
    this.#lines = [];
    this.#begins = true;
    return lines;
  }
}
