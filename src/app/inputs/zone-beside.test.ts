import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { zoneBeside } from './zone-beside.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zone-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const asked = () => zoneBeside([join(folder, 'gpu.csv')]);

test('a pipe or a device in the place of what a capture wrote says nothing, and is not waited for', () => {
  execFileSync('mkfifo', [join(folder, 'case.json')]);
  symlinkSync('/dev/zero', join(folder, 'monitor.json'));
  expect(asked()).toBeUndefined();
});

test('nothing is said by what is no JSON, or not there', () => {
  expect(asked()).toBeUndefined();
  writeFileSync(join(folder, 'case.json'), '{');
  expect(asked()).toBeUndefined();
});
