import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { AppendFile } from './append-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'append-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that grows', () => {
  test('holds all that was written, in order, and counts what is on disk', async () => {
    const path = join(folder, 'a');
    const file = await AppendFile.open(path, () => {});
    for (let i = 0; i < 1000; i++) file.write(`${i}\n`, 1);
    await file.flush();
    expect(file.samples).toBe(1000);
    file.write('end\n');
    await file.close();
    expect(readFileSync(path, 'utf8')).toBe(`${Array.from({ length: 1000 }, (_, i) => i).join('\n')}\nend\n`);
  });

  test('says once that the disk is full, and drops the rest', async () => {
    const reasons: string[] = [];
    const file = await AppendFile.open('/dev/full', reason => reasons.push(reason));
    file.write('a\n', 1);
    file.write('b\n', 1);
    await file.flush();
    file.write('c\n', 1);
    await file.close();
    expect(reasons).toEqual(['the disk is full']);
    expect(file).toMatchObject({ samples: 0, sound: false });
  });
});
