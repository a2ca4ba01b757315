import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../chance.ts';
import { CHANGES } from './file-changes.ts';
import type { Ask, Mutant, Workshop } from './mutant.ts';

/** Who is asked about a spoilt case. */
const ASKS: readonly { readonly weight: number; readonly words: (folder: string, chance: Chance) => readonly string[] }[] = [
  { weight: 30, words: folder => ['analyze', folder, '--out', `${folder}-report`, '--json'] },
  { weight: 25, words: folder => ['capture', '--resume', folder] },
  { weight: 12, words: folder => ['audit', folder, '--json'] },
  { weight: 8, words: folder => ['score', folder] },
  { weight: 8, words: folder => ['energy', folder, '--json'] },
  { weight: 5, words: folder => ['doctor', folder] },
  { weight: 5, words: folder => ['redact', folder] },
  { weight: 4, words: folder => ['pipeline', folder, '--out', `${folder}-report`] },
  { weight: 3, words: folder => ['query', 'gpu_list', folder] },
  { weight: 3, words: folder => ['compare', folder, '--', folder] },
  { weight: 3, words: folder => ['export', folder, '--prometheus'] },
  { weight: 2, words: folder => ['history', folder, '--json'] },
  { weight: 2, words: folder => ['snapshot', '--from', folder, '--json'] },
  { weight: 2, words: folder => ['certify', folder, '--json'] },
];

/** Makes a case that a stranger handed over. */
export function foreignCase(workshop: Workshop): Mutant {
  const { folder: room, chance, originals } = workshop;
  const folder = join(room, 'case');
  cpSync(originals.case, folder, { recursive: true });
  cpSync(`${originals.case}.private`, `${folder}.private`, { recursive: true });
  const { words } = chance.weighted(ASKS);
  const asked = words(folder, chance);
  // A case that has its case.json is finished: nothing of it is resumed.
  if (asked[0] === 'capture' || chance.oneIn(6)) rmSync(join(folder, 'case.json'));
  const done: string[] = [];
  for (let times = chance.oneIn(4) ? 2 : 1; times > 0; times--) {
    const inPrivate = asked[0] === 'capture' && chance.oneIn(5);
    const { change, of } = chance.weighted(inPrivate ? CHANGES.filter(c => c.of.source === '.') : CHANGES);
    const place = inPrivate ? `${folder}.private` : folder;
    const names = readdirSync(place, { withFileTypes: true })
      .filter(f => f.isFile() && of.test(f.name))
      .map(f => f.name)
      .sort();
    if (names.length > 0) done.push(change({ folder: place, outside: originals.outside, chance }, chance.pick(names)));
  }
  const ask: Ask = { by: 'command', words: asked };
  return { what: `case${existsSync(join(folder, 'case.json')) ? '' : ' without case.json'}: ${done.join('; then ')}`, ask };
}
