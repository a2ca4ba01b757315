import { expect, test } from 'vitest';
import { rng } from './rng.ts';
import { bodies, streams, type Target } from './target.ts';

const target = (wish: Partial<Target>): Target => ({
  origin: 'http://127.0.0.1:1',
  path: '/v2/models/ensemble/generate_stream',
  api: 'triton',
  method: 'POST',
  headers: {},
  body: null,
  model: null,
  promptKind: 'words',
  ignoreEos: false,
  includeUsage: false,
  extra: {},
  run: 'r',
  ...wish,
});
const adapters = { names: ['sql', 'law'], session: 'random', sessions: 4, field: 'parameters.lora_name' } as const;
const body = (of: Target, asked = {}) => JSON.parse(bodies(of, rng(1, 'prompts'))(0, 8, 3, asked) ?? '') as Record<string, unknown>;

test('Triton: text_input, max_tokens, and whether to stream, which generate does not', () => {
  expect(body(target({}))).toMatchObject({ text_input: expect.stringMatching(/^0( \w+){7}$/), max_tokens: 3, stream: true });
  const whole = target({ path: '/v2/models/ensemble/versions/1/generate' });
  expect([streams(target({})), streams(whole)]).toEqual([true, false]);
  expect(body(whole)).toMatchObject({ stream: false });
});
test('an adapter stands where the server looks for it, beside what is there', () => {
  const of = target({ adapters, extra: { parameters: { temperature: 0 } } });
  expect(body(of, { adapter: 'law' })).toMatchObject({ parameters: { temperature: 0, lora_name: 'law' } });
  expect(body(of)).toMatchObject({ parameters: { temperature: 0 } });
  const openai = target({ api: 'completions', path: '/v1/completions', model: 'base', adapters: { ...adapters, field: 'model' } });
  expect([body(openai, { adapter: 'sql' })['model'], body(openai)['model']]).toEqual(['sql', 'base']);
});
test('the text of a file is the prompt, after its nonce', () => {
  const of = target({ promptText: 'Sum up "this".' });
  expect(body(of)['text_input']).toBe('Sum up "this".');
  expect(body(of, { nonce: 'time man' })['text_input']).toBe('time man Sum up "this".');
});
