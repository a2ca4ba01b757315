import { hidePrivate, SECRETS } from '#core/secrets/find';
import { IN_LABEL, IN_NAME } from '#core/secrets/labels';
import type { Rules } from '#core/secrets/scan';
import { redactArgv } from './argv.ts';
import { environmentIn, readEnvironment, redactBlocks, redactEnvironment, redactVariable } from './environment.ts';
import { IN_FILE, IN_KEPT_VALUE, IN_TEXT } from './rules.ts';
import { patternOf, REDACTED, type Secrets, secretsIn, type Where } from './secret.ts';

type Clean = (text: string) => string;

/** A replacement can bring the parts of another secret together; more rounds than this would be a loop. */
const MOST_ROUNDS = 8;
const NUL = '\0';
const LINES = /[\n\0]/;

/** Replaces the listed secrets, the longest first, so that none is cut by a shorter one inside of it. */
function literals(secrets: Secrets, where: Where): Clean {
  const list = secretsIn(secrets, where).toSorted((a, b) => b.text.length - a.text.length || (a.text < b.text ? -1 : 1));
  if (list.length === 0) return text => text;
  const instead = new Map(list.map(s => [s.text, s.placeholder]));
  const pattern = new RegExp(list.map(patternOf).join('|'), 'g');
  return text => text.replace(pattern, match => instead.get(match) ?? REDACTED);
}

function untilStable(clean: Clean): Clean {
  return text => {
    let before = text;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const after = clean(before);
      if (after === before) break;
      before = after;
    }
    return before;
  };
}

/** How each kind of text is cleaned. */
export interface Cleaners {
  readonly name: Clean;
  readonly label: Clean;
  /** What a trace tells of itself, and paths: nobody counts or groups by these, so that ordinary words go too. */
  readonly text: Clean;
  /** A file of a case: ordinary words and request ids stay, for its fields are read by name. */
  readonly file: Clean;
  /** One variable; undefined when even its name tells too much. */
  readonly variable: (name: string, value: string) => string | undefined;
  /** A whole environment whose separator is known. */
  readonly environment: (text: string, separator: string) => string;
}

function cleanersFor(secrets: Secrets): Cleaners {
  const inName = literals(secrets, 'name');
  const inLabel = literals(secrets, 'label');
  const inText = literals(secrets, 'text');
  // First what names itself, then the values that are known, then what is left of people and places.
  const all = (known: Clean, rules: Rules) => (text: string) => hidePrivate(known(hidePrivate(text, SECRETS)), rules);
  const kept = untilStable(all(inLabel, IN_KEPT_VALUE));
  const blocks = (text: string) => redactBlocks(text, secrets.keep, kept);
  const inFile = all(inLabel, IN_FILE);
  const loose = untilStable(text => inFile(blocks(text)));
  const asEnvironment = (text: string) => {
    const environment = environmentIn(text);
    // Once more over the whole: a secret may begin in a value and end in the next name.
    return environment === undefined ? undefined : loose(redactEnvironment(environment, secrets.keep, kept));
  };
  const formed = (clean: Clean) =>
    untilStable(text => asEnvironment(text) ?? clean(text.includes(NUL) ? redactArgv(text.split(NUL)).join(NUL) : text));
  // No name has lines; whatever refers to such a text, it is one.
  const named = (clean: Clean) => untilStable(text => (LINES.test(text) ? asEnvironment(text) : undefined) ?? clean(text));
  return {
    name: named(text => hidePrivate(inName(text), IN_NAME)),
    label: named(all(inLabel, IN_LABEL)),
    text: formed(text => all(inText, IN_TEXT)(blocks(text))),
    file: formed(loose),
    variable: (name, value) => redactVariable(name, value, secrets.keep, kept),
    environment: (text, separator) => untilStable(t => loose(redactEnvironment(readEnvironment(t, separator), secrets.keep, kept)))(text),
  };
}

const made = new WeakMap<Secrets, Cleaners>();

/** The cleaners for a set of secrets, made once. */
export function cleaners(secrets: Secrets): Cleaners {
  const known = made.get(secrets) ?? cleanersFor(secrets);
  made.set(secrets, known);
  return known;
}

/**
 * A text of a case (a log, an output, a command line) without the secrets: placeholders stand in their place, equal for equal
 * secrets. Tokens, logins and addresses go by their shape, environments and command lines by their form.
 */
export const redactText = (text: string, secrets: Secrets): string => cleaners(secrets).file(text);
