import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, test } from 'vitest';
import { writeUnpacked } from './unpacked.ts';

const root = mkdtempSync(join(tmpdir(), 'unpacked-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;

/** Writes what a stream without end brings, and says how much of it was taken. */
async function endless(packedBytes: number, expected: (head: Buffer) => number | undefined) {
  let taken = 0;
  function* pieces() {
    for (;;) {
      taken++;
      yield Buffer.alloc(1000, 7);
    }
  }
  const to = join(root, String(++made));
  const packed = { shown: 'a.gz', bytes: packedBytes };
  const failure: unknown = await writeUnpacked(Readable.from(pieces(), { highWaterMark: 1 }), undefined, to, packed, expected).then(
    () => undefined,
    error => error,
  );
  return { failure, taken };
}
/** Streams read a few pieces ahead. */
const FEW = 100;

describe('what comes out of a compressed file', () => {
  test('is written', async () => {
    const to = join(root, 'whole');
    await writeUnpacked(
      Readable.from([Buffer.from('hel'), Buffer.from('lo')]),
      undefined,
      to,
      { shown: 'a.gz', bytes: 3 },
      () => undefined,
    );
    expect(readFileSync(to, 'utf8')).toBe('hello');
  });
  test('is judged by its first bytes, before the rest is taken', async () => {
    const { failure, taken } = await endless(10, head => {
      throw new Error(`begins with ${head.length} times ${head[0]}`);
    });
    expect(failure).toEqual(new Error('begins with 100 times 7'));
    expect(taken).toBeLessThan(FEW);
  });
  test('ends where it should have ended', async () => {
    const { failure, taken } = await endless(10, () => 50_000);
    expect(failure).toMatchObject({ code: 'damaged-trace', message: expect.stringContaining('unpacking ended after 50000 bytes') });
    expect(taken).toBeLessThan(50 + FEW);
  });
  test('is refused at once where it says that it is a hundred times as large', async () => {
    const { failure, taken } = await endless(2 ** 30, () => 2 ** 40);
    expect(failure).toMatchObject({ code: 'damaged-trace' });
    expect(taken).toBeLessThan(FEW);
  });
  test('is refused at once where there is no room for it', async () => {
    const { failure, taken } = await endless(2 ** 50, () => 2 ** 52);
    expect(failure).toMatchObject({ code: 'not-writable', message: `there is no room to unpack a.gz in ${root}` });
    expect(taken).toBeLessThan(FEW);
  });
  test('that is nothing is judged, too', async () => {
    const to = join(root, 'nothing');
    const judged = writeUnpacked(Readable.from([]), undefined, to, { shown: 'a.gz', bytes: 3 }, head => {
      throw new Error(`${head.length} bytes`);
    });
    await expect(judged).rejects.toThrow('0 bytes');
    expect(existsSync(to) && readFileSync(to).length > 0).toBe(false);
  });
});
