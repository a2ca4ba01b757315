import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CAUSES } from '#schema/causes';
import { detectors } from './index.gen.ts';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter(f => f.isDirectory())
  .map(f => f.name)
  .sort();

test('every cause is a folder, and every folder a cause', () => expect(CAUSES.toSorted()).toEqual(folders));

test('a detector earns the cause of its folder', () =>
  expect(detectors.map(d => d.cause)).toEqual(folders.filter(f => existsSync(join(import.meta.dirname, f, 'detector.ts')))));
