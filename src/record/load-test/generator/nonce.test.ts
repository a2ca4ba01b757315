import { expect, test } from 'vitest';
import { NONCE_WORDS, nonceOf } from './nonce.ts';
import { Prompts } from './prompts.ts';
import { rng } from './rng.ts';

test('a nonce is five words, and no two of a run are the same', () => {
  const all = Array.from({ length: 50_000 }, (_, i) => nonceOf('run', i));
  expect(new Set(all).size).toBe(50_000);
  expect(all.every(nonce => /^\w+( \w+){4}$/.test(nonce))).toBe(true);
});
test('another run has others', () => {
  const of = (run: string) => new Set(Array.from({ length: 2000 }, (_, i) => nonceOf(run, i)));
  const [a, b] = [of('4f1a'), of('4f1b')];
  expect([...a].filter(nonce => b.has(nonce))).toEqual([]);
});

// The harness of the brief put its tag at the end, where a cache of prefixes does not look: what came before was shared all the same.
test('a prompt begins with its nonce, and is not longer for it', () => {
  const prompts = new Prompts('words', rng(1, 'prompts'));
  const words = (text: string) => (JSON.parse(text) as string).split(' ');
  const nonce = nonceOf('run', 7);
  expect(
    words(prompts.json(7, 64, nonce))
      .slice(0, NONCE_WORDS)
      .join(' '),
  ).toBe(nonce);
  expect(words(prompts.json(7, 64, nonce))).toHaveLength(64);
  expect(words(prompts.json(7, 64))).toHaveLength(64);
});
