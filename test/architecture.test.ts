import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, withoutComments } from './imports.ts';

const SRC = resolve(import.meta.dirname, '../src');

/** Files that start a process although they are not in room `process`, each with the reason. */
const MAY_START_PROCESSES = [
  // A running SQLite query cannot be interrupted in its own process; what a user types runs in a child with a time limit.
  'cli/commands/query.ts',
  // A generator of load needs flags of V8 and a channel to the process that started it, with which it ends.
  'load/generators.ts',
];
/** Files that import what they compute, each with the reason. */
const MAY_COMPUTE_IMPORTS = [
  // Reads the schema of an importer that may have been deleted: an importer is a folder that can go.
  'codegen/schemas.ts',
];

const sources = readdirSync(SRC, { recursive: true, withFileTypes: true })
  .filter(f => f.isFile() && /\.[cm]?[jt]sx?$/.test(f.name) && !f.name.endsWith('.test.ts'))
  .map(f => {
    const text = readFileSync(join(f.parentPath, f.name), 'utf8');
    return {
      file: relative(SRC, join(f.parentPath, f.name)).split(sep).join('/'),
      text,
      code: withoutComments(text),
      imports: importsOf(text),
    };
  })
  .sort((a, b) => (a.file < b.file ? -1 : 1));
const rooms = readdirSync(SRC).filter(r => readdirSync(resolve(SRC, r)).length > 0);
const roomOf = (file: string) => file.split('/')[0] ?? '';

/** Where an import of our own code leads, as a path below src; undefined for packages. */
function target(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.slice(1);
  return specifier.startsWith('.')
    ? relative(SRC, resolve(SRC, dirname(file), specifier))
        .split(sep)
        .join('/')
    : undefined;
}

/** What an import reaches for, named as DEPS.list names it: a room, a package, a node: module, or undefined when it stays at home. */
function reach(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('#')) return specifier.split('/')[0];
  const path = target(file, specifier);
  if (path !== undefined) return roomOf(path) === roomOf(file) ? undefined : `${specifier} (a relative import out of the room)`;
  return specifier;
}

/** Files outside the given rooms in which a pattern occurs. */
const offenders = (pattern: RegExp, home: readonly string[], except: readonly string[] = []) =>
  sources.filter(s => !home.includes(roomOf(s.file)) && !except.includes(s.file) && pattern.test(s.code)).map(s => s.file);
const importing = (name: string, home: readonly string[], except: readonly string[] = []) =>
  sources
    .filter(s => !home.includes(roomOf(s.file)) && !except.includes(s.file) && s.imports.some(i => i.specifier?.split('/')[0] === name))
    .map(s => s.file);

test('all source lies in a room', () => expect(sources.filter(s => !s.file.includes('/')).map(s => s.file)).toEqual([]));

describe.each(rooms)('room %s', room => {
  const list = resolve(SRC, room, 'DEPS.list');
  const allowed = existsSync(list)
    ? readFileSync(list, 'utf8')
        .split('\n')
        .map(l => l.trim())
        .filter(l => l !== '')
    : [];
  const used = new Set<string>();
  for (const { file, imports } of sources.filter(s => roomOf(s.file) === room))
    for (const { specifier, typeOnly } of imports) {
      const to = specifier === undefined ? undefined : reach(file, specifier);
      if (to !== undefined && to !== `#${room}`) used.add(typeOnly && !allowed.includes(to) ? `${to} type` : to);
    }

  test('has a DEPS.list', () => expect(existsSync(list)).toBe(true));
  test('touches only what its DEPS.list allows', () => expect([...used].filter(u => !allowed.includes(u))).toEqual([]));
  test('lists nothing it does not touch', () => expect(allowed.filter(a => !used.has(a))).toEqual([]));
  test('never names itself by its # name', () => {
    const selfish = sources.filter(s => roomOf(s.file) === room && s.imports.some(i => i.specifier?.split('/')[0] === `#${room}`));
    expect(selfish.map(s => s.file)).toEqual([]);
  });
});

test('data flows one way: no room reaches itself over others', () => {
  const next = new Map(rooms.map(r => [r, new Set<string>()]));
  for (const { file, imports } of sources)
    for (const { specifier } of imports) {
      const to = roomOf(specifier === undefined ? '' : (target(file, specifier) ?? ''));
      if (to !== roomOf(file)) next.get(roomOf(file))?.add(to);
    }
  const reaches = (from: string, goal: string, seen = new Set<string>()): boolean =>
    [...(next.get(from) ?? [])].some(r => r === goal || (!seen.has(r) && reaches(r, goal, seen.add(r))));
  expect(rooms.filter(r => reaches(r, r))).toEqual([]);
});

test('only process starts processes', () => {
  expect(importing('node:child_process', ['process'], MAY_START_PROCESSES)).toEqual([]);
  const users = importing('node:child_process', ['process']);
  expect(MAY_START_PROCESSES.filter(f => existsSync(resolve(SRC, f)) && !users.includes(f))).toEqual([]);
});
// Redaction writes a copy of a trace, never the original, and the copy has to be opened for that.
test('only store opens SQLite, and redaction the copy that it makes', () =>
  expect(importing('better-sqlite3', ['store', 'redaction'])).toEqual([]));
test('only cli talks to the console and sets the exit code', () => {
  expect(offenders(/\bconsole\s*\.|\bprocess\.(exit|exitCode|stdout|stderr)\b/, ['cli'])).toEqual([]);
});
test('only cli and the rooms that record read the clock, chance or the environment', () => {
  expect(offenders(/\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bprocess\.env\b/, ['cli', 'capture', 'samplers', 'process'])).toEqual(
    [],
  );
});
test('an import that is computed cannot be judged, so there is none', () => {
  const computed = sources.filter(s => s.imports.some(i => i.specifier === undefined)).map(s => s.file);
  expect(computed.filter(f => !MAY_COMPUTE_IMPORTS.includes(f))).toEqual([]);
  expect(MAY_COMPUTE_IMPORTS.filter(f => !computed.includes(f))).toEqual([]);
});

test.each([
  ['detectors', 'detector.ts'],
  ['importers', 'importer.ts'],
])('each folder of %s can be deleted: nothing but the index imports it', (room, main) => {
  const unitOf = (path: string) => {
    const [first, folder = '', ...rest] = path.split('/');
    return first === room && rest.length > 0 && existsSync(resolve(SRC, room, folder, main)) ? folder : undefined;
  };
  const crossings = sources
    .filter(s => roomOf(s.file) === room && !s.file.endsWith('.gen.ts'))
    .flatMap(s => s.imports.map(i => ({ from: s.file, to: i.specifier === undefined ? undefined : target(s.file, i.specifier) })))
    .filter(({ from, to }) => to !== undefined && unitOf(to) !== undefined && unitOf(to) !== unitOf(from));
  expect(crossings).toEqual([]);
});

test("the vendor's table names stay in queries/prelude, store and redaction", () => {
  // What is private stands in tables that no query reads: redaction has to know them by name, in one file.
  const mayName = (file: string) => roomOf(file) === 'store' || /^redaction\/(vendor-places|private-trace\.test-data)\.ts$/.test(file);
  const named = sources.filter(s => !mayName(s.file) && !s.file.endsWith('.gen.ts'));
  expect(named.filter(s => /CUPTI_ACTIVITY_KIND_|NVTX_EVENTS|StringIds|TARGET_INFO_/.test(s.text)).map(s => s.file)).toEqual([]);
});
