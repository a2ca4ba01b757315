import { expect, test } from 'vitest';
import type { Detector, Input } from '#diagnosis/causes/define';
import { verdictsOf } from './verdicts.ts';

const detector = (cause: Detector['cause'], precedence: number, rest: Partial<Detector> = {}): Detector => ({
  ...{ cause, precedence, why: 'It was seen.', needs: ['kernel'] },
  ...rest,
});
const lacking =
  (...inputs: Input[]) =>
  (input: Input) =>
    inputs.includes(input) ? `no ${input}` : undefined;

test('verdicts stand in the order of precedence, found before anything that lacks', () => {
  const list = [detector('storage-io', 2), detector('code-load', 1)];
  expect(verdictsOf(list, lacking('kernel'), new Set(['storage-io']))).toEqual([
    { detector: 'code-load', cause: 'code-load', verdict: 'cannot-tell', reason: 'no kernel' },
    { detector: 'storage-io', cause: 'storage-io', verdict: 'found', reason: 'It was seen.' },
  ]);
});

test('a reason that two inputs share is given once', () => {
  const needs: Input[] = ['kernel', 'memcpy'];
  expect(verdictsOf([detector('storage-io', 1, { needs })], () => 'not recorded', new Set())[0]).toMatchObject({
    verdict: 'cannot-tell',
    reason: 'not recorded',
  });
});

test('what would have helped is said beside found and beside clear', () => {
  const list = [detector('storage-io', 1, { helps: { os_call: 'a wait looks like a computation' } })];
  expect(verdictsOf(list, lacking('os_call'), new Set())[0]).toMatchObject({
    verdict: 'clear',
    reason: 'Looked, and found nothing; but a wait looks like a computation.',
  });
  expect(verdictsOf(list, lacking('os_call'), new Set(['storage-io']))[0]?.reason).toBe('It was seen. But a wait looks like a computation');
  expect(verdictsOf(list, lacking(), new Set())[0]?.reason).toBe('Looked, and found nothing.');
});
