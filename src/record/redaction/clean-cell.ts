import type Database from 'better-sqlite3';
import { byteSearch } from './byte-search.ts';
import { counts, spellingsOf } from './encodings.ts';
import { cleaners } from './redact-text.ts';
import { type Secrets, secretsIn, type Where } from './secret.ts';

/** Stands for a hidden byte: bytes may be a structure, whose lengths must stay. */
const FILLER = 0x2a;
const ROLES: readonly Where[] = ['name', 'label', 'text'];

/** Hides secrets in bytes that are no text. */
function inBytes(secrets: Secrets): (cell: Buffer) => Buffer | null {
  const spellings = secretsIn(secrets, 'name').flatMap(spellingsOf);
  const search = byteSearch(spellings.map(s => s.bytes));
  return cell => {
    const clean = Buffer.from(cell);
    let changed = false;
    search(cell, (k, at) => {
      const spelling = spellings[k];
      if (spelling === undefined || !counts(cell, at, spelling)) return;
      clean.fill(FILLER, at, at + spelling.bytes.length);
      changed = true;
    });
    return changed ? clean : null;
  };
}

/** Gives SQL the functions clean_name, clean_label and clean_text: a cell without its secrets, or NULL where it holds none. */
export function defineCleaning(db: Database.Database, secrets: Secrets): void {
  const clean = cleaners(secrets);
  const cleanBytes = inBytes(secrets);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const decode = (cell: Buffer): string | undefined => {
    try {
      return decoder.decode(cell);
    } catch {
      return undefined;
    }
  };
  for (const role of ROLES)
    db.function(`clean_${role}`, { deterministic: true }, (cell: unknown) => {
      if (typeof cell === 'string') {
        const cleaned = clean[role](cell);
        return cleaned === cell ? null : cleaned;
      }
      if (!Buffer.isBuffer(cell)) return null;
      const text = decode(cell);
      const cleaned = text === undefined ? undefined : clean[role](text);
      return cleaned === text ? cleanBytes(cell) : Buffer.from(cleaned ?? '', 'utf8');
    });
}
