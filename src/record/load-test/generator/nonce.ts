import { WORDS } from './words.ts';

/** Each is one token in usual vocabularies, so that a nonce always takes as many tokens. */
export const NONCE_WORDS = 5;
const ALL = WORDS.length ** NONCE_WORDS;
/** A step that shares no factor with the number of nonces: it comes to each before it comes to one again. */
const STEP = 15_485_863;

/** FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv), 32 bit. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Words that stand at the beginning of one prompt of a run and of no other. At the beginning, because caches of prefixes share what prompts
 * begin with, whatever they end with. @param run a name that no other run has; @param index less than eight thousand million
 */
export function nonceOf(run: string, index: number): string {
  const words: string[] = [];
  for (let n = (hashOf(run) + index * STEP) % ALL, i = 0; i < NONCE_WORDS; i++, n = Math.floor(n / WORDS.length))
    words.push(WORDS[n % WORDS.length] ?? '');
  return words.join(' ');
}
