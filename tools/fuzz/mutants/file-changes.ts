import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Chance } from '../chance.ts';
import { ODD_JSON } from '../odd-values.ts';
import { changedBytes, changedText } from './text-changes.ts';

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
/** Changes a file of a folder. @returns what was done */
type FileChange = (place: Place, name: string) => string;

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

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const ofJson: FileChange = ({ folder, outside, chance }, name) => {
  const path = join(folder, name);
  const lines = readFileSync(path, 'utf8').split('\n');
  const i = name.endsWith('.jsonl') ? chance.below(lines.length) : 0;
  const text = name.endsWith('.jsonl') ? (lines[i] ?? '') : lines.join('\n');
  if (text.trim() === '') return `${name}: an empty line`;
  const json = jsonOf(text);
  // What was spoilt before is changed as text.
  if (json === undefined) return ofText({ folder, outside, chance }, name);
  const changed = written(inTurn(json, chance));
  writeFileSync(path, name.endsWith('.jsonl') ? lines.with(i, changed).join('\n') : changed);
  return `${name}: ${changed.slice(0, 300)}`;
};

const ofText: FileChange = ({ folder, chance }, name) => {
  const path = join(folder, name);
  const bytes = readFileSync(path);
  const isText = /\.(jsonl?|csv|sh|txt|log|xml)$/.test(name);
  const [changed, done] = isText && !chance.oneIn(6) ? changedText(bytes.toString(), chance) : changedBytes(bytes, chance);
  writeFileSync(path, changed);
  return `${name}: ${done}`;
};

/** What may stand where a file stood. */
const inPlaceOfFile: FileChange = ({ folder, outside, chance }, name) => {
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

const renamed: FileChange = ({ folder, chance }, name) => {
  const odd = chance.pick(ODD_NAMES);
  renameSync(join(folder, name), join(folder, odd));
  return `${name} is called ${JSON.stringify(odd)}`;
};

const added: FileChange = ({ folder, outside, chance }, name) => {
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

/** What is done to files, and to which. */
export const CHANGES: readonly { readonly weight: number; readonly change: FileChange; readonly of: RegExp }[] = [
  { weight: 8, change: ofJson, of: /\.jsonl?$/ },
  { weight: 5, change: ofText, of: /\.(jsonl?|csv|txt|log|xml)$/ },
  { weight: 5, change: inPlaceOfFile, of: /./ },
  { weight: 2, change: renamed, of: /./ },
  { weight: 2, change: added, of: /./ },
];
