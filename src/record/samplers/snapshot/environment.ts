import { isRecordable } from '#core/secrets/variables';

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const word = (text: string): RegExp => new RegExp(`(?<![\\w-])${escaped(text)}(?![\\w-])`, 'g');

/** What must not be in a file that travels. */
export interface Identity {
  readonly hostname: string;
  readonly home: string | undefined;
  readonly user: string | undefined;
}

const withoutIdentity = (value: string, { hostname, home, user }: Identity): string => {
  let text = value;
  if (home !== undefined && home.length > 1) text = text.replaceAll(home, '~');
  text = text.replace(/\/(?:home|Users)\/[^/:;,\s]+|\/root(?![\w-])/g, '~');
  for (const name of [hostname, user]) if (name !== undefined && name !== '' && name !== 'root') text = text.replace(word(name), '…');
  return text.replace(/\b(?:GPU|MIG)-[\da-f]{8}[\da-f-]*/g, 'GPU-…').replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '…');
};

/** The few variables that may be recorded, sorted by name, without what tells who and where. */
export function recordedEnvironment(env: NodeJS.ProcessEnv, identity: Identity): Record<string, string> {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && isRecordable(name) ? [[name, withoutIdentity(value, identity)] as const] : [],
  );
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
