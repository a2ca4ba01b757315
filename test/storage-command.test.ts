import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StorageConfig } from '#schema/storage-config';
import { StoragePlan } from '#schema/storage-plan';
import { assertBuilt, failureOf, runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'storage command '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeAll(() => {
  assertBuilt();
  writeFileSync(join(folder, 'four.txt'), 'a a.bin\nb b.bin\n');
  writeFileSync(join(folder, 'names.txt'), 'a\nb\nc\n');
});

const server = { api: 'triton', url: 'http://127.0.0.1:1/v2/models/m/generate_stream', start: ['false'] };
const CONFIG = {
  schema: 'forensics.storage-config/1',
  seed: 7,
  models: { tiny: { adapters: server } },
  prompts: { short: { prompt_tokens: 8 } },
  adapters: { '4': { file: 'four.txt' }, names: { file: 'names.txt' } },
  hypotheses: { h1: { prompts: 'short', adapters: '4' } } as object,
  repeats: 2,
};
function written(wish: object): string {
  const file = join(folder, 'storage.json');
  writeFileSync(file, JSON.stringify({ ...CONFIG, ...wish }));
  return file;
}
const refusal = async (wish: object) => failureOf(await runCli(['storage', 'plan', written(wish)])).sentence;

test('plan prints the steps in their order, the same each time, and starts nothing', async () => {
  const args = ['storage', 'plan', written({}), '--json'];
  const [one, two] = [await runCli(args), await runCli(args)];
  expect(one.stdout).toBe(two.stdout);
  const { steps } = StoragePlan.parse(JSON.parse(one.stdout));
  expect(steps.map(({ arm, block }) => `${arm} ${block}`).toSorted()).toEqual(['cold 1', 'cold 2', 'warm 1', 'warm 2']);
  const { stdout } = await runCli(['storage', 'plan', written({})]);
  expect(stdout).toContain('4 steps in the order of seed 7');
  expect(readdirSync(folder).toSorted()).toEqual(['four.txt', 'names.txt', 'storage.json']);
});

test('names no program: what a folder of a run holds cannot start one', async () => {
  const { stdout } = await runCli([
    'storage',
    'plan',
    written({ models: { tiny: { adapters: { ...server, start: ['secret-program'] } } } }),
    '--json',
  ]);
  expect(stdout).not.toContain('secret-program');
});

describe('a config that cannot be run is refused in a sentence', () => {
  test.each<[object, string]>([
    [{ seed: 'x' }, 'at seed'],
    [{ hypotheses: {} }, 'it has no hypothesis'],
    [{ hypotheses: { h1: { prompts: 'long', adapters: '4' } } }, 'h1 names long, which is not among its prompts'],
    [{ hypotheses: { h1: { prompts: 'short', adapters: '64' } } }, 'h1 names 64, which is not among its adapters'],
    [{ hypotheses: { h1: { prompts: 'short', adapters: 'names' } } }, 'h1 must know where the weights of a lie'],
    [{ hypotheses: { h0: { prompts: 'short', concurrency: [1, 2] } } }, 'h0 asks the baseline server, which no model has'],
    [
      { models: { tiny: { adapters: { ...server, start: undefined } } } },
      'h1 restarts the adapters server of the model tiny, which has no start command',
    ],
    [{ prompts: { short: {} } }, 'a prompt set has prompt_tokens or file'],
    [{ adapters: { '4': { file: 'nowhere.txt' } } }, 'nowhere.txt does not exist'],
  ])('%j', async (wish, told) => expect(await refusal(wish)).toContain(told));
});

test('the config in docs/storage.md is one', () => {
  const [, json = ''] = /```json\n(.*?)```/s.exec(readFileSync(join(import.meta.dirname, '../docs/storage.md'), 'utf8')) ?? [];
  expect(StorageConfig.safeParse(JSON.parse(json)).error).toBeUndefined();
});
