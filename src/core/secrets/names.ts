/**
 * How surely a name announces a secret. `secret`: its value is one whatever it looks like. `likely`: it is one unless it is a number or a
 * setting. `maybe`: the name is an ordinary word as well, so that the value has to look like a secret.
 */
export type Grade = 'secret' | 'likely' | 'maybe' | 'none';

/** No name has one of these and no more; without one, nothing is announced. */
const HINT = /pass|pw|secret|cred|hook|key|bearer|cookie|jwt|sig|token|auth|dsn|salt|session|connection|shared|private|otp|hmac|sas/i;
const LONGEST = 128;

/** Words that announce a secret wherever they stand, also within a longer word: PGPASSWORD. */
const WITHIN = /passw|passphrase|secret|credential|webhook|apikey|accesskey|privatekey|authtoken|accesstoken/;
const WORDS = /^(?:passwd|pwd|creds?|jwt|cookies?|authorization|dsn|salt|bearer)$/;
/** Two words that do so together. */
const PAIRS =
  /(?:^| )(?:api|access|private|account|shared|master|signing|signature|encryption|subscription|license|ssh|deploy|storage|service|admin|client|app|consumer|server|instrumentation) key(?:$| )|(?:^| )(?:auth|access|refresh|id|session|security|bearer|api|hf|hub|github|gh|gitlab|slack|bot|user|client|personal|deploy|registry|npm|pypi|ci|admin|service|csrf|xsrf) token$|(?:^| )connection string$|(?:^| )(?:db|database|user|admin|root|mysql|pg|postgres|redis|smtp|ftp|http|proxy|ssh|login|my|store|keystore|auth|api|mail|imap|ldap|basic|rabbitmq|mongo) pass$|(?:^| )auth header$|shared access/;
/** What such a name is about may be its count or its kind, and then its value is no secret. */
const ABOUT =
  /^(?:counts?|len|length|size|type|ttl|expires?|expiry|expiration|in|ms|seconds|enabled|disabled|required|policy|version|algorithm|alg|mode|method)$/;

/** Words of the trade that stand before `token`, `key` and `auth` and make it none: `eos_token`, `cache_key`. */
const HARMLESS =
  /^(?:max|min|num|n|per|next|first|second|third|nth|last|new|eos|bos|pad|unk|sep|cls|mask|stop|end|start|begin|special|prompt|output|input|completion|generated|image|audio|video|text|decode|prefill|cached|each|every|total|this|prev|previous|current|draft|accepted|rejected|bonus|target|query|time|to|inter|single|by|of|is|has|kv|beam|sampled|invalid|thinking|reasoning|visible|tool|public|primary|foreign|cache|sort|group|partition|shard|routing|dict|map|hash|lookup|block|row|column|index|object|hot|arrow|left|right|the|a|per|search|join|order|config|metric|label|tag|dispatch|unique|node|feature|attention|attn|q|k|v|qk|head|past|proj|cross|self|rope|state|weight|tensor|value|and|or|no|with|for|mon|tur|whis|don|joc|hoc|trac)$/;
/** A file's name or the page of a search is a key's or a token's only in a query. */
const IN_QUERY = /^(?:sig|signature|key|sas|hmac|sid|ticket|otp|code|auth|pass|pwd|pw|token|session)$/;

const wordsOf = (name: string): string[] =>
  name
    .slice(-LONGEST)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_.-]+/)
    .filter(word => word !== '');

/** A last word that is `key` or `token` and not part of a name of the trade. */
function gradeOfLast(words: readonly string[]): Grade {
  const last = words.at(-1) ?? '';
  const before = words.at(-2);
  const [, prefix = '', stem = ''] = /^(.*?)(token|key|auth|pass|signature|sig|pw|otp)$/.exec(last) ?? [];
  if (stem === '') return 'none';
  const qualifier = prefix === '' ? before : prefix;
  if (qualifier !== undefined && HARMLESS.test(qualifier)) return 'none';
  if (stem === 'pass' || stem === 'signature' || stem === 'sig' || stem === 'otp' || stem === 'pw')
    return prefix === '' ? (stem === 'pw' ? 'likely' : 'maybe') : 'none';
  if (stem === 'key' && (qualifier === undefined || prefix !== '')) return 'maybe';
  return 'likely';
}

function grade(name: string): Grade {
  const words = wordsOf(name);
  // DB_PASSWORD_2 is called after what it is.
  while (words.length > 1 && /^\d+$/.test(words.at(-1) ?? '')) words.pop();
  const all = words.join(' ');
  if (all === 'pwd' && name === name.toUpperCase()) return 'none';
  if (ABOUT.test(words.at(-1) ?? '') && words.length > 1) return 'none';
  if (words.some(word => WITHIN.test(word) || WORDS.test(word)) || PAIRS.test(all)) return 'secret';
  return gradeOfLast(words);
}

/** How surely the name of a variable, an option, a header, a field or a tag announces a secret. */
export const gradeOf = (name: string): Grade => (HINT.test(name.slice(-LONGEST)) ? grade(name) : 'none');

/** As `gradeOf`, for a parameter of a URL's query, where even short names stand for what they say. */
export function gradeInQuery(name: string): Grade {
  const known = gradeOf(name);
  return known === 'maybe' || IN_QUERY.test(name.toLowerCase()) ? 'likely' : known;
}

/** Fields whose value is what somebody asked, or what was answered. */
const SPOKEN =
  /^(?:prompts?|messages|content|contents|completions?|responses?|answers?|questions?|instructions?|query|quer(?:y|ies)|text|texts|(?:generated|output|input|response|request|prompt|expected|reasoning|full|raw)_?(?:texts?|content|body|prompts?|messages?)|system_?prompt|user_?prompt|reasoning|thinking|transcript|conversations?|chat_?history|output|outputs|input|inputs|body)$/i;
/** Fields with the numbers of tokens, which are as good as the text. */
const TOKEN_IDS = /^(?:prompt|input|output|inputs|outputs|(?:prompt|input|output|completion|generated)?_?(?:token_?)?ids)$/i;

/** Attributes of spans: OpenTelemetry's gen_ai.*, OpenInference's input.value, and whatever ends in such a field. */
const SPOKEN_ATTRIBUTE =
  /^(?:gen_ai|llm|input|output|traceloop|openinference)[\w.]*\.(?:prompt|completion|content|messages?|value|input|output|text|event\.content)$/i;

export const isSpoken = (name: string): boolean => SPOKEN.test(name);
export const isSpokenAttribute = (name: string): boolean => SPOKEN_ATTRIBUTE.test(name);
export const areTokenIds = (name: string): boolean => TOKEN_IDS.test(name);
