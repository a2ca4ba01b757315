import { hiddenSerial } from '#core/secrets/serial';
import { secretsInArgv } from './argv.ts';
import { identityIn, isKept, soundsSecret } from './env-names.ts';
import { reachOf } from './reach.ts';
import { GENERIC_PLACEHOLDERS, patternOf, type Secret, type SecretKind, type Secrets } from './secret.ts';

export type { SecretKind, Secrets } from './secret.ts';

/** What gives secrets away, as it was found. */
export interface Found {
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly argv: readonly (readonly string[])[];
  readonly hosts: readonly string[];
  readonly users: readonly string[];
  readonly homes: readonly string[];
  /** Home folders that paths lead through: whose they are is likely, not certain. */
  readonly homesOnTheWay: readonly string[];
  /** Folders that a person chose: where a program ran, where its report was written. */
  readonly folders: readonly string[];
  /** Serial numbers of devices. */
  readonly devices: readonly string[];
}

/** Names that every machine bears. */
const NO_HOST = /^(localhost(\.localdomain)?|unknown|none|n\/a|\(none\)|local( \(cli\))?|127\.[\d.]+|0\.0\.0\.0|::1?)$/i;
const ADDRESS = /^[\d.:]+$/;
const FQDN = /^[\w-]+(\.[\w-]+)+$/;
const BLANK_SERIAL = /^0{8}-/;
/** Shorter domains ('a.b') are file names. */
const SHORTEST_DOMAIN = 6;

/** True for a name that belongs to one host. */
export const isHost = (host: string): boolean => host !== '' && !NO_HOST.test(host);

/** A host is called by its full name, its short one and its domain, in any case. */
function namesOfHost(host: string): string[] {
  if (!isHost(host)) return [];
  const dot = host.indexOf('.');
  const names =
    dot <= 0 || ADDRESS.test(host)
      ? [host]
      : [
          host,
          host.slice(0, dot),
          ...(host.slice(dot + 1).includes('.') && host.length - dot > SHORTEST_DOMAIN ? [host.slice(dot + 1)] : []),
        ];
  return [...new Set(names.flatMap(n => [n, n.toLowerCase(), n.toUpperCase()]))];
}

/** Whose home a folder is. */
const ownerOf = (home: string): string =>
  home === '/root' ? 'root' : (/[/\\](?:home|homes|users?|u)[/\\](?:.*[/\\])?([^/\\]+)$/i.exec(home)?.[1] ?? '');

/** A value and what can be told from its parts: entries of a search path, hosts and logins of URLs. */
function partsOf(value: string): string[] {
  const entries = value.split(':').filter(e => e !== '');
  const paths =
    entries.length > 1 && entries.some(e => e.startsWith('/')) && !value.includes('://') ? entries.filter(e => e.startsWith('/')) : [];
  const pieces = value.split(/[\s,;]+/).filter(p => p !== value && (/[/@]/.test(p) || FQDN.test(p.replace(/^\*?\./, ''))));
  const urls = [...value.matchAll(/:\/\/(?:([^\s/@]+)@)?([\w.-]+)/g)].flatMap(([, login = '', host = '']) => [
    login,
    ...login.split(':'),
    ...(host.includes('.') && !NO_HOST.test(host) ? [host] : []),
  ]);
  return [value, ...paths, ...pieces.filter(p => p.length >= 8), ...urls].filter(p => p !== '');
}

/** As it stands inside of JSON. */
const spellings = (text: string): string[] => [...new Set([text, JSON.stringify(text).slice(1, -1)])];

/** Makes placeholders: equal texts have one in common, others of the same name are numbered. */
function placeholders() {
  const used = new Map<string, number>();
  return (name: string) => {
    const n = (used.get(name) ?? 0) + 1;
    used.set(name, n);
    return n === 1 ? `<${name}>` : `<${name}.${n}>`;
  };
}

/** The secrets that stand behind what was found, each with its reach. */
export function secretsFrom(found: Found, keep: readonly string[] = []): Secrets {
  const secrets = new Map<string, Secret>();
  const placeholder = placeholders();
  const add = (kind: SecretKind, name: string, texts: readonly string[], sensitive = false) => {
    // All names of a host are the one host.
    const shared = kind === 'host' && texts.length > 0 ? placeholder(name) : undefined;
    for (const text of texts) {
      const follow = reachOf(kind, text, sensitive);
      const known = secrets.get(text);
      if (follow === undefined || (known !== undefined && (known.reach === 'anywhere' || follow.reach !== 'anywhere'))) continue;
      const shown = known?.placeholder ?? shared ?? (kind === 'device' ? hiddenSerial(text) : placeholder(name));
      for (const spelling of spellings(text)) secrets.set(spelling, { kind, text: spelling, placeholder: shown, ...follow });
    }
  };
  const named = (kind: 'home' | 'user' | 'host') => found.env.filter(([name]) => identityIn(name) === kind).map(([, value]) => value);
  const homes = [...found.homes, ...named('home')].map(h => (h.length > 1 ? h.replace(/[/\\]+$/, '') : h));
  add('home', 'home', [...homes, ...found.homesOnTheWay]);
  add('user', 'user', [...found.users, ...named('user'), ...homes.map(ownerOf)]);
  for (const host of new Set([...found.hosts, ...named('host')])) add('host', 'host', namesOfHost(host));
  const identities = [...secrets.values()].map(s => new RegExp(patternOf(s)));
  const shown = (name: string) => (/^\w+$/.test(name) && !identities.some(i => i.test(name)) ? name : 'value');
  add(
    'device',
    'device',
    found.devices.filter(d => d !== '' && !BLANK_SERIAL.test(d)),
  );
  add('folder', 'folder', found.folders);
  for (const argv of found.argv) add('argument', 'argument', secretsInArgv(argv), true);
  for (const [name, value] of found.env) if (!isKept(name, keep)) add('environment', shown(name), partsOf(value), soundsSecret(name));
  add('environment', 'user', found.homesOnTheWay.map(ownerOf));
  return { list: withoutOpen([...secrets.values()], found, keep), keep };
}

/**
 * Leaves out what is said openly elsewhere: values that a kept variable has too, and words that stand in placeholders or in
 * names of variables, which stay. No scan could tell those from a leak.
 */
function withoutOpen(list: readonly Secret[], found: Found, keep: readonly string[]): Secret[] {
  const kept = new Set(found.env.filter(([name]) => isKept(name, keep)).flatMap(([, value]) => [value, ...value.split(':')]));
  const shown = [...list.map(s => s.placeholder), ...found.env.map(([name]) => name)].join('\n');
  return list.filter(s => {
    const pattern = new RegExp(patternOf(s));
    if (GENERIC_PLACEHOLDERS.some(p => pattern.test(p))) return false;
    if (s.kind === 'argument') return !pattern.test(shown);
    return (s.kind !== 'environment' && s.kind !== 'folder') || (!kept.has(s.text) && !pattern.test(shown));
  });
}

/**
 * The secrets of a process and its machine.
 * @param keep prefixes of variables that may stay besides those of the allow-list
 */
export const secretsOf = (from: {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly argv?: readonly string[];
  readonly host?: string;
  readonly user?: string;
  readonly home?: string;
  readonly keep?: readonly string[];
}): Secrets =>
  secretsFrom(
    {
      env: Object.entries(from.env ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
      argv: from.argv === undefined ? [] : [from.argv],
      hosts: from.host === undefined ? [] : [from.host],
      users: from.user === undefined ? [] : [from.user],
      homes: from.home === undefined ? [] : [from.home],
      homesOnTheWay: [],
      folders: [],
      devices: [],
    },
    from.keep,
  );

/** All secrets of several sources; where two know the same text, the first names it. */
export function joinSecrets(...sources: readonly Secrets[]): Secrets {
  const list = new Map<string, Secret>();
  for (const secret of sources.flatMap(s => s.list)) {
    const known = list.get(secret.text);
    if (known === undefined || (known.reach !== 'anywhere' && secret.reach === 'anywhere')) list.set(secret.text, secret);
  }
  return { list: [...list.values()], keep: [...new Set(sources.flatMap(s => s.keep))] };
}
