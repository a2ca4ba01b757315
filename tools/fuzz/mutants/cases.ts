import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../chance.ts';
import { ODD_JSON } from '../odd-values.ts';
import type { Ask, Mutant, Workshop } from './mutant.ts';
import { changedBytes, changedText } from './text-changes.ts';

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
];

/** Names that files of a case may have and that mean something elsewhere. */
const ODD_NAMES = [
  '--json',
  '-',
  ' ',
  'a\nb.csv',
  '\u001b[2J.csv',
  '..csv',
  '=1+1.csv',
  `${'n'.repeat(250)}`,
  'überall.jsonl',
  'con',
  '%s',
  '$(id)',
];

interface Place {
  readonly folder: string;
  readonly outside: string;
  readonly chance: Chance;
}
type CaseChange = (place: Place, name: string) => string;

const inTurn = (json: unknown, chance: Chance): unknown => {
  // Walks down to a value, and puts another in its place, or leaves it out.
  if (json === null || typeof json !== 'object') return json;
  const keys = Object.keys(json);
  if (keys.length === 0) return json;
  const key = chance.pick(keys);
  const copy = (Array.isArray(json) ? [...json] : { ...json }) as Record<string, unknown>;
  const value = copy[key];
  if (value !== null && typeof value === 'object' && !chance.oneIn(4)) copy[key] = inTurn(value, chance);
  else if (chance.oneIn(4)) delete copy[key];
  else copy[key] = `\u0001${chance.pick(ODD_JSON)}\u0001`;
  return copy;
};
/** JSON with a value in it that is written as it stands, such as one beyond the range of doubles. */
const written = (json: unknown) => JSON.stringify(json).replaceAll(/"\\u0001(.*?)\\u0001"/gs, (_, raw: string) => JSON.parse(`"${raw}"`));

const ofJson: CaseChange = ({ folder, chance }, name) => {
  const path = join(folder, name);
  const lines = readFileSync(path, 'utf8').split('\n');
  const i = name.endsWith('.jsonl') ? chance.below(lines.length) : 0;
  const text = name.endsWith('.jsonl') ? (lines[i] ?? '') : lines.join('\n');
  if (text.trim() === '') return `${name}: an empty line`;
  const changed = written(inTurn(JSON.parse(text), chance));
  writeFileSync(path, name.endsWith('.jsonl') ? lines.with(i, changed).join('\n') : changed);
  return `${name}: ${changed.slice(0, 300)}`;
};

const ofText: CaseChange = ({ folder, chance }, name) => {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const isText = /\.(json|jsonl|csv|sh)$/.test(name);
  const [changed, done] = isText && !chance.oneIn(6) ? changedText(bytes.toString(), chance) : changedBytes(bytes, chance);
  writeFileSync(path, changed);
  return `${name}: ${done}`;
};

/** What may stand where a file stood. */
const inPlaceOfFile: CaseChange = ({ folder, outside, chance }, name) => {
  const path = join(folder, name);
  rmSync(path, { recursive: true, force: true });
  const kinds = {
    nothing: () => {},
    'an empty file': () => writeFileSync(path, ''),
    'a folder': () => mkdirSync(path),
    'a pipe': () => execFileSync('/usr/bin/mkfifo', [path]),
    'a link to nowhere': () => symlinkSync('/nowhere/at/all', path),
    'a link to itself': () => symlinkSync(path, path),
    'a link outside': () => symlinkSync(join(outside, 'report.html'), path),
    'a link to a folder outside': () => symlinkSync(outside, path),
    'a link to a device': () => symlinkSync('/dev/zero', path),
  };
  const kind = chance.pick(Object.keys(kinds) as (keyof typeof kinds)[]);
  kinds[kind]();
  return `${name}: ${kind}`;
};

const renamed: CaseChange = ({ folder, chance }, name) => {
  const odd = chance.pick(ODD_NAMES);
  renameSync(join(folder, name), join(folder, odd));
  return `${name} is called ${JSON.stringify(odd)}`;
};

const added: CaseChange = ({ folder, outside, chance }, name) => {
  const odd = chance.pick([
    ...ODD_NAMES,
    'report',
    'charts',
    'report.json',
    'trace.sqlite-journal',
    'trace.sqlite-wal',
    'second.sqlite',
    'window.nsys-rep',
    'load.json',
  ]);
  const to = join(folder, odd);
  if (existsSync(to)) return `${odd}: there already`;
  if (chance.oneIn(4)) symlinkSync(outside, to);
  else cpSync(join(folder, name), to);
  return `${JSON.stringify(odd)}: a copy of ${name}, or a link`;
};

const CHANGES: readonly { readonly weight: number; readonly change: CaseChange; readonly of: RegExp }[] = [
  { weight: 8, change: ofJson, of: /^(case|system|truth)\.json$|^journal\.jsonl$/ },
  { weight: 5, change: ofText, of: /^(case|system|truth)\.json$|\.jsonl$|\.csv$/ },
  { weight: 5, change: inPlaceOfFile, of: /./ },
  { weight: 2, change: renamed, of: /./ },
  { weight: 2, change: added, of: /./ },
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
