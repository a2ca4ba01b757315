import { publicMessage } from '#core/secrets/variables';
import type { FactRow } from '#schema/relation';

/** What a log says of one thing, gathered line by line: the first of each state, counts of lines, and the most of something. */
export class LogTally {
  readonly #entity: string;
  readonly #rows = new Map<string, FactRow>();

  constructor(entity: string) {
    this.#entity = entity;
  }

  /** A state: what was said first counts. */
  state(name: string, value: FactRow['value'] | undefined, unit = ''): void {
    if (value !== undefined && !this.#rows.has(name)) this.#rows.set(name, { entity: this.#entity, name, value, unit });
  }

  /** The first message of its kind, without what is private. @param host a name that the log gives to its host */
  message(name: string, text: string, host?: string): void {
    if (!this.#rows.has(name)) this.state(name, publicMessage(text, host));
  }

  /** Counts on; 0 says that it is counted. @param by how many lines */
  count(name: string, by = 1, unit = 'lines'): void {
    const before = this.#number(name);
    this.#rows.set(name, { entity: this.#entity, name, value: before + by, unit });
  }

  /** The most that was said. */
  most(name: string, value: number, unit = ''): void {
    if (!Number.isFinite(value)) return;
    this.#rows.set(name, { entity: this.#entity, name, value: Math.max(this.#rows.has(name) ? this.#number(name) : value, value), unit });
  }

  #number(name: string): number {
    const value = this.#rows.get(name)?.value;
    return typeof value === 'number' ? value : 0;
  }

  rows(): readonly FactRow[] {
    return [...this.#rows.values()];
  }
}
