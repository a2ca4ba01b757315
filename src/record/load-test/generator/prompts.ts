import { valueAt } from '#core/columns';
import { NONCE_WORDS } from './nonce.ts';
import { WORDS } from './words.ts';

/** Ids that every usual vocabulary has, above the bytes and special tokens at its beginning. */
const FIRST_ID = 1000;
const IDS = 18_000;
/** Longest prompt that is cut from the text in one piece; longer ones go on from its beginning. */
const PIECES = 65_536;

export type PromptKind = 'words' | 'ids';

/**
 * Prompts of a given length, without a tokenizer: of words that are about one token each, or of token ids, which are exact where the
 * server takes them (vLLM and SGLang in /v1/completions). Each begins differently, so that no server's prefix cache knows it.
 * Ready-made text is cut, since the moment of sending is no time to compute.
 */
export class Prompts {
  readonly #kind: PromptKind;
  readonly #text: string;
  /** Where each piece begins in the text. */
  readonly #at: Uint32Array;

  constructor(kind: PromptKind, source: () => number) {
    this.#kind = kind;
    const pick = (n: number) => Math.floor(source() * n);
    const pieces = Array.from({ length: PIECES }, () => (kind === 'ids' ? `,${FIRST_ID + pick(IDS)}` : ` ${WORDS[pick(WORDS.length)]}`));
    this.#at = new Uint32Array(PIECES + 1);
    pieces.forEach((piece, i) => {
      this.#at[i + 1] = valueAt(this.#at, i) + piece.length;
    });
    this.#text = pieces.join('');
  }

  /** JSON of the prompt of request `i`: a string, or an array of ids. @param nonce words to begin with, of the tokens that were asked for */
  json(i: number, tokens: number, nonce?: string): string {
    // A walk with a step prime to the length: each request begins at another piece, and the first piece numbers the request.
    const first = nonce ?? (this.#kind === 'ids' ? `${FIRST_ID + ((i * 7919) % IDS)}` : `${i}`);
    const rest = this.#cut((i * 2_654_435) % PIECES, Math.max(0, tokens - (nonce === undefined ? 1 : NONCE_WORDS)));
    return this.#kind === 'ids' ? `[${first}${rest}]` : `"${first}${rest}"`;
  }

  #cut(from: number, pieces: number): string {
    let out = '';
    for (let at = from, left = pieces; left > 0; at = 0) {
      const taken = Math.min(left, PIECES - at);
      out += this.#text.slice(this.#at[at], this.#at[at + taken]);
      left -= taken;
    }
    return out;
  }
}
