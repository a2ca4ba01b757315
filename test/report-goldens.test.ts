import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { describe, expect, test } from 'vitest';
import { KEPT, keptOf } from '../tools/reports/goldens.ts';
import { reportOn } from './report-on.ts';
import { some } from './thorough.ts';

const ROOT = resolve(import.meta.dirname, '..');
const REPORTS = join(ROOT, 'reports');
/** An analysis takes seconds, and minutes where all cores are busy. */
const PATIENCE_MS = 600_000;
const MOST_BYTES = 3 * 1024 * 1024;

/** All kept files below a folder, by their paths in it. */
function kept(folder: string): ReadonlyMap<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(f => f.isFile());
  return new Map(
    files
      .map(f => join(f.parentPath, f.name))
      .map(path => [
        path
          .slice(folder.length + 1)
          .split(sep)
          .join('/'),
        readFileSync(path, 'utf8'),
      ]),
  );
}

/** The first line in which two texts differ, in words; undefined where they are the same. A diff of whole reports would take minutes. */
function difference(before: string, now: string): string | undefined {
  if (before === now) return undefined;
  const [old, fresh] = [before.split('\n'), now.split('\n')];
  const at = fresh.findIndex((line, i) => line !== old[i]);
  const line = at < 0 ? fresh.length : at;
  return `line ${line + 1} was ${JSON.stringify(old[line] ?? 'no line')} and is ${JSON.stringify(fresh[line] ?? 'no line')}`;
}

/** A page without its script, which changes with a library, and without its drawings: their specs are compared, pictures never. */
const withoutPictures = (file: string, text: string) =>
  file.endsWith('.html')
    ? text
        .replace(/<script[^>]*>[\s\S]*?<\/script>/g, '<script>')
        .replace(/'sha256-[^']+'/, 'sha256')
        .replace(/<svg[\s\S]*?<\/svg>/g, '<svg>')
    : text;

describe.each(some(KEPT, 2, 'kept reports'))('reports/%s', name => {
  test('is what its fixture renders to; where that is meant to change: `npm run reports`, and look at the diff', {
    timeout: PATIENCE_MS,
  }, async () => {
    const [before, now] = [kept(join(REPORTS, name)), await keptOf(name, await reportOn(name))];
    expect([...before.keys()].sort()).toEqual([...now.keys()].sort());
    const changed = [...now].flatMap(([file, text]) => {
      const found = difference(withoutPictures(file, before.get(file) ?? ''), withoutPictures(file, text));
      return found === undefined ? [] : [`reports/${name}/${file}: ${found}`];
    });
    expect(changed, 'run `npm run reports` and look at the diff').toEqual([]);
  });
});

test('reports/ holds the chosen fixtures and little else', () => {
  const folders = readdirSync(REPORTS, { withFileTypes: true }).flatMap(f => (f.isDirectory() && f.name !== 'runs' ? [f.name] : []));
  expect(folders.sort()).toEqual([...KEPT].sort());
  const size = KEPT.flatMap(name => [...kept(join(REPORTS, name)).values()]).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(size).toBeLessThan(MOST_BYTES);
});

test('a difference is told by its first line', () => {
  expect(difference('a\nb', 'a\nb')).toBeUndefined();
  expect(difference('a\nb', 'a\nc')).toBe('line 2 was "b" and is "c"');
  expect(difference('a', 'a\nc')).toBe('line 2 was "no line" and is "c"');
  expect(difference('a\nb', 'a')).toBe('line 2 was "b" and is "no line"');
});
