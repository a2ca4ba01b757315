import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../chance.ts';
import { CHANGES } from './file-changes.ts';
import type { Mutant, Workshop } from './mutant.ts';

/** Who is asked about spoilt outputs of a machine. */
const ASKS: readonly ((folder: string, chance: Chance) => readonly string[])[] = [
  folder => ['snapshot', '--from', folder, '--json'],
  folder => ['doctor', '--machine', '--from', folder, '--expect', '8xB200', '--json'],
  folder => ['certify', folder, '--gpu', 'H200 SXM', '--json'],
  (folder, chance) => ['certify', join(folder, chance.pick(readdirSync(folder).sort())), '--json'],
  folder => ['audit', folder, '--json'],
];

/** Makes a folder of outputs that tell the state of a machine and what it reaches, one or two of them spoilt. */
export function outputsOfMachine({ folder: room, chance, originals }: Workshop): Mutant {
  const folder = join(room, 'machine');
  cpSync(originals.machine, folder, { recursive: true });
  const done: string[] = [];
  for (let times = chance.oneIn(4) ? 2 : 1; times > 0; times--) {
    const { change, of } = chance.weighted(CHANGES);
    const names = readdirSync(folder, { withFileTypes: true })
      .filter(f => f.isFile() && of.test(f.name))
      .map(f => f.name)
      .sort();
    if (names.length > 0) done.push(change({ folder, outside: originals.outside, chance }, chance.pick(names)));
  }
  return { what: `outputs of a machine: ${done.join('; then ')}`, ask: { by: 'command', words: chance.pick(ASKS)(folder, chance) } };
}
