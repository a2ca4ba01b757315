import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileHash, WORTH_A_WORKER } from './file-hash.ts';

const folder = mkdtempSync(join(tmpdir(), 'file-hash-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['no bytes', 0],
  ['less than is worth a worker', WORTH_A_WORKER - 1],
  ['as much as is', WORTH_A_WORKER],
])('a file of %s has the SHA-256 of its bytes', async (_, bytes) => {
  const content = Buffer.alloc(bytes, 'forensics');
  const file = join(folder, `${bytes}`);
  writeFileSync(file, content);
  expect(await fileHash(file)).toBe(createHash('sha256').update(content).digest('hex'));
});

test('a file that is not there is no hash', async () => {
  await expect(fileHash(join(folder, 'none'))).rejects.toThrow('ENOENT');
});
