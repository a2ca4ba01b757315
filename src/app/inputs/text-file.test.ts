import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { hashOf, headOf, textOf } from './text-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'text-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file that has gone since it was found is named in a sentence', () => {
  const gone = join(folder, 'gone.csv');
  for (const read of [() => headOf(gone, 10), () => [...textOf(gone)], () => hashOf(gone)])
    expect(read).toThrow(expect.objectContaining({ code: 'not-readable', message: `${gone} cannot be read (there is no such file)` }));
});
