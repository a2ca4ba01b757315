import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { copyText, leftIn, takeRequests } from './artifacts.ts';

const root = mkdtempSync(join(tmpdir(), 'artifacts-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
function folder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const path = join(root, String(made++));
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content);
  return path;
}
/** What a text is once it was copied, or why it was not. */
function copied(name: string, content: string | Buffer): string | { why: string } {
  const from = folder({ [name]: content });
  const to = folder();
  const why = copyText(join(from, name), join(to, name), text => text.replaceAll('secret', '<value>'));
  expect(readdirSync(to)).toEqual(why === undefined ? [name] : []);
  return why === undefined ? readFileSync(join(to, name), 'utf8') : { why };
}

describe('what a workload left', () => {
  test('are its files that hold something, in order', () => {
    const at = folder({ 'truth.json': '{}', 'empty.txt': '', 'truth.part': '{', 'requests.jsonl': '{}\n' });
    mkdirSync(join(at, 'folder'));
    expect(leftIn(at)).toEqual(['requests.jsonl', 'truth.json']);
    expect(leftIn(join(at, 'nowhere'))).toEqual([]);
  });
  test('is copied without what is secret', () => expect(copied('log.txt', 'a secret\n')).toBe('a <value>\n'));
  test('is left out where it is no text', () => {
    expect(copied('core', Buffer.from([1, 0, 2]))).toEqual({ why: 'core was left out of the case: it is no text' });
  });
  test('may have gone meanwhile', () => {
    expect(copyText(join(root, 'gone.txt'), join(root, 'x.txt'), t => t)).toBe(
      'gone.txt could not be copied into the case (there is no such file)',
    );
  });
});

describe('a file that grows by lines', () => {
  test('loses the line that is being written', () => expect(copied('r.jsonl', '{"a":1}\n{"a":2')).toBe('{"a":1}\n'));
  test('keeps a last line that is whole', () => expect(copied('r.jsonl', '{"a":1}\n{"a":2}')).toBe('{"a":1}\n{"a":2}'));
  test('keeps its only line, whatever it is', () => expect(copied('r.jsonl', '{"a":')).toBe('{"a":'));
  test('may be a table', () => expect(copied('r.csv', 'a,b\n1,2\n3,')).toBe('a,b\n1,2\n'));
  test('is not every text', () => expect(copied('truth.json', '{\n"a":1}')).toBe('{\n"a":1}'));
});

describe("the load test's results", () => {
  test('are taken over under their name', () => {
    const [from, to] = [folder({ 'results.csv': 'a\n1\n' }), folder()];
    expect(takeRequests(join(from, 'results.csv'), to)).toBeUndefined();
    expect(leftIn(to)).toEqual(['results.csv']);
  });
  test('may be missing', () => {
    expect(takeRequests(join(root, 'none.csv'), folder())).toBe(
      `${root}/none.csv, named with --requests, could not be read (there is no such file)`,
    );
  });
});
