import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openTraceFile } from './open-file.ts';

const FOLDER = mkdtempSync(join(tmpdir(), 'open file '));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let made = 0;
const written = (content: Uint8Array | string, suffix = '.sqlite') => {
  const path = join(FOLDER, `${++made}${suffix}`);
  writeFileSync(path, content);
  return path;
};

/** A database of two pages of 4096 bytes. */
function sqlite(): Buffer {
  const path = written('');
  const db = new Database(path);
  db.exec('CREATE TABLE t (x)');
  db.close();
  return readFileSync(path);
}
const WHOLE = sqlite();

/** Unpacks into a folder of its own, so that what is left behind can be seen. */
function ownTmp(): string {
  const folder = mkdtempSync(join(FOLDER, 'tmp '));
  vi.stubEnv('TMPDIR', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

describe('a plain file', () => {
  test('is used where it lies, and disposing of it removes nothing', async () => {
    const path = written(WHOLE);
    const file = await openTraceFile(path);
    expect(file.path).toBe(path);
    file.dispose();
    expect(readFileSync(path)).toEqual(WHOLE);
  });
  test('whose pages are 65536 bytes long has the size 1 in its header, and is whole', async () => {
    const path = written('');
    const db = new Database(path);
    db.pragma('page_size = 65536');
    db.exec('CREATE TABLE t (x)');
    db.close();
    const content = readFileSync(path);
    expect(content.readUInt16BE(16)).toBe(1);
    expect((await openTraceFile(path)).path).toBe(path);
    await expect(openTraceFile(written(content.subarray(0, content.length - 1)))).rejects.toMatchObject({ code: 'damaged-trace' });
  });
});

describe('a gzipped file', () => {
  test('is unpacked byte for byte, known by its first bytes and not by its name, and removed when done', async () => {
    const tmp = ownTmp();
    const file = await openTraceFile(written(gzipSync(WHOLE), '.sqlite'));
    expect(readFileSync(file.path)).toEqual(WHOLE);
    expect(file.path.startsWith(tmp)).toBe(true);
    file.dispose();
    expect(readdirSync(tmp)).toEqual([]);
  });
  test('keeps no name once it is open: nothing of it stays, whatever way the process ends', async () => {
    const tmp = ownTmp();
    const file = await openTraceFile(written(gzipSync(WHOLE)));
    const db = new Database(file.path, { readonly: true });
    file.isOpen();
    expect(readdirSync(tmp)).toEqual([]);
    expect(db.prepare('SELECT count(*) FROM t').pluck().get()).toBe(0);
    db.close();
  });
  test.each([
    ['cut off', gzipSync(WHOLE).subarray(0, -9), 'damaged-trace', /damaged or cut-off gzip file \(Z_BUF_ERROR\)$/],
    ['of a text', gzipSync('hello'), 'not-a-trace', /is not a SQLite file$/],
    ['of nothing', gzipSync(''), 'not-a-trace', /is empty \(0 bytes\)$/],
    // The archive is cut off, too: whoever unpacks it whole before he looks says so.
    ['of something large that is no database', gzipSync(Buffer.alloc(2 ** 22)).subarray(0, -9), 'not-a-trace', /is not a SQLite file$/],
    [
      'that holds more than its database',
      gzipSync(Buffer.concat([WHOLE, Buffer.alloc(9000)])),
      'damaged-trace',
      /unpacking ended after 8192 bytes$/,
    ],
    ['of a cut database', gzipSync(WHOLE.subarray(0, 5000)), 'damaged-trace', /is cut off: it should hold 8192 bytes and holds 5000$/],
  ])('%s is refused by the name that the user gave it, and leaves nothing behind', async (_, content, code, message) => {
    const tmp = ownTmp();
    const path = written(content, '.gz');
    await expect(openTraceFile(path)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    await expect(openTraceFile(path)).rejects.toMatchObject({ message: expect.stringContaining(path) });
    expect(readdirSync(tmp)).toEqual([]);
  });
});

describe('what is no trace', () => {
  test.each([
    ['nothing', '', 'not-a-trace', /is empty \(0 bytes\)$/],
    ['a text', 'timestamp, index\n', 'not-a-trace', /is not a SQLite file$/],
    ['less than the first line of a database', WHOLE.subarray(0, 10), 'not-a-trace', /is not a SQLite file$/],
    ['a piece of the header', WHOLE.subarray(0, 99), 'damaged-trace', /is cut off inside its header, after 99 bytes$/],
    ['the header alone', WHOLE.subarray(0, 100), 'damaged-trace', /should hold 8192 bytes and holds 100$/],
    ['all but the last byte', WHOLE.subarray(0, 8191), 'damaged-trace', /should hold 8192 bytes and holds 8191$/],
  ])('%s', async (_, content, code, message) =>
    expect(openTraceFile(written(content))).rejects.toMatchObject({ code, message: expect.stringMatching(message) }),
  );

  test('a path where nothing is', async () =>
    expect(openTraceFile(join(FOLDER, 'nowhere'))).rejects.toMatchObject({ code: 'not-found', hint: 'Check the path.' }));
  test('a folder', async () => expect(openTraceFile(FOLDER)).rejects.toMatchObject({ code: 'not-a-trace' }));
  // The superuser may read everything.
  test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
    const path = written(WHOLE);
    chmodSync(path, 0o000);
    expect(existsSync(path)).toBe(true);
    await expect(openTraceFile(path)).rejects.toMatchObject({ code: 'not-readable', hint: 'Check its permissions.' });
  });
});
