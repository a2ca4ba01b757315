import { soundsSecret } from './env-names.ts';
import { REDACTED } from './secret.ts';
import { TOKEN } from './token-shapes.ts';

/** Where a secret stands inside a longer text: at the end of each match, after a name or after a word that announces it. */
const ANNOUNCED: readonly RegExp[] = [/\b(?:Bearer|Basic)\s+([\w.~+/=-]{6,})/gi, /[a-z][a-z0-9+.-]*:\/\/([^\s/@]+)(?=@)/gi];
const NAMED: readonly RegExp[] = [
  // NAME=value, --name=value, name: value, "name": "value"
  /(?:^|(?<=[\s"'{,;&?(]))["']?(?:--?)?([A-Za-z_][\w.-]*)["']?(?:=|:\s+(?=[^\s\d])|\s*:\s*(?=["']))["']?([^\s"',;&]+)/g,
  // --name value
  /(?<=\s)--?([A-Za-z][\w.-]*)\s+["']?([^\s"'-][^\s"']*)/g,
];
/** Nothing is named or announced in a text without one of these. */
const HINT = /:\/\/|bearer|basic|secret|pass|cred|webhook|key|private|cookie|jwt|signature|token|auth|pwd|dsn|salt/i;
const NO_SECRET = /^(<[\w.-]+>|Bearer$|Basic$|true$|false$|null$|None$)/i;

/** Goes over the secrets that stand in a text, replacing each. */
function replaceInside(text: string, instead: (secret: string) => string): string {
  if (!HINT.test(text)) return text.replace(TOKEN, instead);
  const end = (match: string, value: string) =>
    NO_SECRET.test(value) ? match : match.slice(0, match.length - value.length) + instead(value);
  const announced = ANNOUNCED.reduce((rest, p) => rest.replace(p, (match, value: string) => end(match, value)), text);
  const named = NAMED.reduce(
    (rest, p) => rest.replace(p, (match, name: string, value: string) => (soundsSecret(name) ? end(match, value) : match)),
    announced,
  );
  return named.replace(TOKEN, instead);
}

/** A text without the secrets that stand in it under a name that announces them, in a URL, or show by their shape. */
export const hideInside = (text: string): string => replaceInside(text, () => REDACTED);

/** Those secrets. */
export function secretsInside(text: string): string[] {
  const found: string[] = [];
  replaceInside(text, secret => {
    found.push(secret);
    return REDACTED;
  });
  return found;
}
