/** Counts what is odd about a file, so that each oddity becomes one warning however often it occurs. */
export class WarningCounter {
  readonly #seen = new Map<string, { count: number; line: number; example: string | undefined }>();
  readonly #unit: string;

  /** `unit` is what is counted: lines, or the requests or runs of a JSON document, which has no lines worth naming. */
  constructor(unit = 'line') {
    this.#unit = unit;
  }

  /** Notes an oddity at a line. `what` is a clause that stands after "line N: "; equal clauses are counted together. */
  note(what: string, line: number, example?: string): void {
    const seen = this.#seen.get(what);
    if (seen === undefined) this.#seen.set(what, { count: 1, line, example });
    else seen.count += 1;
  }

  /** One sentence for each kind of oddity, in the order in which they were first met. */
  sentences(): string[] {
    return [...this.#seen].map(([what, { count, line, example }]) => {
      const unit = this.#unit;
      const name = `${unit.charAt(0).toUpperCase()}${unit.slice(1)}`;
      const where = count === 1 ? `${name} ${line}` : `${count} ${unit}s, the first of them ${unit} ${line}`;
      return `${where}: ${what}${example === undefined ? '' : ` (${example})`}.`;
    });
  }
}
