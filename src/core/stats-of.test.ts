import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { statsOf } from './stats-of.ts';

const root = mkdtempSync(join(tmpdir(), 'stats of '));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('what is there is told', () => expect(statsOf(root)?.isDirectory()).toBe(true));
test.each([
  ['nothing', 'nowhere'],
  ['a name that is too long', 'n'.repeat(300)],
])('%s is nothing', (_, name) => expect(statsOf(join(root, name))).toBeUndefined());
test('a link that goes round in a circle is nothing', () => {
  symlinkSync('circle', join(root, 'circle'));
  expect(statsOf(join(root, 'circle'))).toBeUndefined();
});
