import type { Edges, Secret } from './secret.ts';

/** A secret as it stands in a file. */
export interface Spelling {
  readonly secret: Secret;
  readonly bytes: Buffer;
  /** Bytes of a character; in UTF-16 the other one of a letter is zero. */
  readonly unit: 1 | 2;
}

/** A secret in the encodings that a SQLite file can have. */
export function spellingsOf(secret: Secret): Spelling[] {
  const little = Buffer.from(secret.text, 'utf16le');
  return [
    { secret, bytes: Buffer.from(secret.text, 'utf8'), unit: 1 },
    { secret, bytes: little, unit: 2 },
    { secret, bytes: Buffer.from(little).swap16(), unit: 2 },
  ];
}

const isWord = (byte: number | undefined): boolean => byte !== undefined && /\w/.test(String.fromCharCode(byte));

/** True when what surrounds an occurrence lets it count. */
export function counts(data: Uint8Array, at: number, { secret, bytes, unit }: Spelling): boolean {
  const letter = (i: number) => isWord(data[i]) || (unit === 2 && isWord(data[i + 1]));
  const edges: Edges = secret.edges;
  if (edges !== 'none' && letter(at + bytes.length)) return false;
  return edges !== 'word' || !letter(at - unit);
}
