import type { Tell } from './sampler.ts';

/** What could not be recorded: told at once, and kept for the summary. The same is said once. */
export class Notes {
  readonly #tell: Tell;
  readonly #said: string[] = [];

  constructor(tell: Tell) {
    this.#tell = tell;
  }

  add(sentence: string): void {
    if (this.#said.includes(sentence)) return;
    this.#said.push(sentence);
    this.#tell(sentence);
  }

  all(): string[] {
    return [...this.#said];
  }
}
