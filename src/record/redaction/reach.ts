import type { Edges, Reach, SecretKind } from './secret.ts';

/** Shorter values ('1', 'yes', 'vi') are everyone's, and their letters stand in every name: they go with the environment that holds them, and no further. */
const SHORTEST_VALUE = 4;
/** Shorter words are looked for as whole words only: 'hash' would be found in _hashlib. */
const SHORTEST_PART = 5;
/** From here on a value with punctuation ('en_US.UTF-8', '13.0.96-1') is no chance match, not even in a function's name. */
const SHORTEST_SPECIFIC = 8;
/** Shorter numbers ('8', '4096') are sizes and counts that every trace is full of. */
const SHORTEST_NUMBER = 5;
/** From here on letters and digits without a gap are a key, and a line of words is a sentence that someone wrote. */
const SHORTEST_KEY = 16;
/** A host or user of one letter cannot be told from a variable. */
const SHORTEST_IDENTITY = 2;

/** Settings, not secrets: hidden in the environment, but nowhere else. */
const EVERYONES =
  /^(true|false|none|null|auto|default|enabled?|disabled?|always|never|info|debug|trace|warn|warning|error|critical|local|localhost|linux|cuda|nvidia|python3?)$/i;

const PATH = /^(~?\/|[A-Za-z]:\\)/;
const isNumber = (text: string) => /^[\d.,:+-]+$/.test(text);
/** Made of what names of functions are made of; such a value may well be one. */
const isNameLike = (text: string) => /^[\w\s:,*<>()&]+$/.test(text);
const isKey = (text: string) => text.length >= SHORTEST_KEY && /^[A-Za-z0-9]+$/.test(text) && (text.match(/\d/g) ?? []).length >= 3;
const isSentence = (text: string) => text.length >= SHORTEST_KEY && /^[\w\s,.;'!?-]+$/.test(text) && /\w\s+\w/.test(text);
/** Letters and something that is none: not a word of any language. */
const isMixed = (text: string) => /[A-Za-z]/.test(text) && /[^A-Za-z_]/.test(text);

type Follow = { readonly reach: Reach; readonly edges: Edges };

const followPath = (text: string): Follow | undefined =>
  text.length < SHORTEST_VALUE || !/\w/.test(text)
    ? undefined
    : // "/lib" ends where "/libc.so" goes on; nothing but the folder itself begins with "/srv/app".
      { reach: 'anywhere', edges: /^\/[^/]+$/.test(text) ? 'after' : 'none' };

const followIdentity = (text: string): Follow | undefined =>
  text.length < SHORTEST_IDENTITY
    ? undefined
    : text.length >= SHORTEST_PART && isMixed(text)
      ? { reach: 'anywhere', edges: 'none' }
      : { reach: 'labels', edges: text.length < SHORTEST_PART ? 'word' : 'none' };

function followSecret(text: string): Follow | undefined {
  if (text.length < SHORTEST_VALUE) return undefined;
  if (text.length >= SHORTEST_SPECIFIC || (text.length >= SHORTEST_PART && isMixed(text))) return { reach: 'anywhere', edges: 'none' };
  return { reach: 'labels', edges: 'word' };
}

function followValue(text: string): Follow | undefined {
  if (EVERYONES.test(text)) return undefined;
  if (isNumber(text)) {
    if (text.length < SHORTEST_NUMBER) return undefined;
    const structured = /\D/.test(text) && text.length >= SHORTEST_SPECIFIC;
    return structured ? { reach: 'anywhere', edges: 'none' } : { reach: 'texts', edges: 'word' };
  }
  if (text.length < SHORTEST_VALUE) return undefined;
  if (isKey(text) || isSentence(text) || (text.length >= SHORTEST_SPECIFIC && !isNameLike(text)))
    return { reach: 'anywhere', edges: 'none' };
  return { reach: 'texts', edges: isNameLike(text) && text.length < SHORTEST_PART ? 'word' : 'none' };
}

/**
 * How far a text is followed beyond the place that gave it away; undefined: no further.
 * @param sensitive its name announced a secret
 */
export function reachOf(kind: SecretKind, text: string, sensitive: boolean): Follow | undefined {
  switch (kind) {
    case 'home':
    case 'folder':
      return followPath(text);
    case 'user':
    case 'host':
      return followIdentity(text);
    case 'device':
      return { reach: 'anywhere', edges: 'none' };
    case 'argument':
    case 'environment':
      return PATH.test(text) ? followPath(text) : sensitive ? followSecret(text) : followValue(text);
    default:
      return kind satisfies never;
  }
}
