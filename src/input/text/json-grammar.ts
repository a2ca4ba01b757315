/** NaN and Infinity are no JSON; Python writes them all the same, and they are read as missing. */
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;
const OF_PYTHON = /^(?:NaN|-?Infinity)$/;
/** So much of a token is kept and shown. */
export const LONGEST_SHOWN = 40;

/** What may stand next. */
type Next = 'value' | 'first value' | 'name' | 'first name' | 'colon' | 'comma' | 'nothing';

/** The grammar of JSON (RFC 8259) over its tokens: a mark, or a string or literal as a whole. */
export class JsonGrammar {
  readonly #python: boolean;
  #next: Next = 'value';
  readonly #open: ('{' | '[')[] = [];
  /** Whether a number stood before the comma that was read last: `1,0625`. */
  #afterNumber = false;
  #commaAfterNumber = false;

  /** @param python whether NaN and Infinity may stand for numbers */
  constructor(python: boolean) {
    this.#python = python;
  }

  /** What is wrong with a token here; undefined for nothing. */
  accept(token: string): string | undefined {
    if (this.#next === 'nothing') return 'more follows after the end of its document, as where two results were written to one file';
    const wrong = this.#step(token);
    if (wrong === undefined) return undefined;
    const shown = JSON.stringify(token.slice(0, LONGEST_SHOWN));
    const comma = this.#next === 'name' && this.#commaAfterNumber && /^\d/.test(token) ? '; JSON writes decimals with a point' : '';
    return `${shown} stands where ${wrong} belongs${comma}`;
  }

  /** What a text lacks that ends here; undefined for nothing. */
  get lacks(): string | undefined {
    return this.#next === 'nothing' ? undefined : 'it ends in the middle';
  }

  #step(token: string): string | undefined {
    const next = this.#next;
    const [kind] = token;
    if (next === 'colon') return token === ':' ? this.#to('value') : 'a colon';
    if (next === 'comma') return this.#afterValue(token);
    if (next === 'name' || next === 'first name') {
      if (kind === '"') return this.#to('colon');
      return next === 'first name' && token === '}' ? this.#close() : 'a name in quotes';
    }
    if (token === '{' || token === '[') {
      this.#open.push(token);
      return this.#to(token === '{' ? 'first name' : 'first value');
    }
    if (token === ']' && next === 'first value') return this.#close();
    if (kind !== '"' && !LITERAL.test(token) && !(this.#python && OF_PYTHON.test(token))) return 'a value';
    this.#afterNumber = kind !== '"';
    return this.#to(this.#open.length === 0 ? 'nothing' : 'comma');
  }

  #afterValue(token: string): string | undefined {
    const inObject = this.#open.at(-1) === '{';
    if (token === (inObject ? '}' : ']')) return this.#close();
    if (token !== ',') return inObject ? "a comma or '}'" : "a comma or ']'";
    this.#commaAfterNumber = this.#afterNumber;
    return this.#to(inObject ? 'name' : 'value');
  }

  #close(): undefined {
    this.#open.pop();
    this.#afterNumber = false;
    return this.#to(this.#open.length === 0 ? 'nothing' : 'comma');
  }

  #to(next: Next): undefined {
    this.#next = next;
  }
}
