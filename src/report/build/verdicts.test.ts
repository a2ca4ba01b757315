import { describe, expect, test } from 'vitest';
import type { Detector, Input } from '#diagnosis/causes/define';
import type { Visible } from '#diagnosis/steps/visible';
import type { Cause } from '#schema/causes';
import { type Grounds, verdictsOf } from './verdicts.ts';

const detector = (cause: Detector['cause'], precedence: number, rest: Partial<Detector> = {}): Detector => ({
  ...{ cause, precedence, why: 'It was seen.', needs: ['kernel'] },
  ...rest,
});
const lacking =
  (...inputs: Input[]) =>
  (input: Input) =>
    inputs.includes(input) ? `no ${input}` : undefined;
const visible = (cause: Cause, rest: Partial<Visible> = {}) => new Map([[cause, { aboveMs: 12, lostMs: 0, share: 0, mostMs: 0, ...rest }]]);
const grounds = (rest: Partial<Grounds> = {}): Grounds => ({
  ...{ missing: lacking(), named: new Set<Cause>(), visible: visible('storage-io'), waitLimitMs: 25, comparedRanks: false },
  ...rest,
});
/** The verdict on storage-io. */
const verdict = (rest: Partial<Grounds> = {}, of: Partial<Detector> = {}) => verdictsOf([detector('storage-io', 1, of)], grounds(rest))[0];

test('verdicts stand in the order of precedence, found before anything that lacks', () => {
  const list = [detector('storage-io', 2), detector('code-load', 1)];
  const all = verdictsOf(list, grounds({ missing: lacking('kernel'), named: new Set(['storage-io']), visible: undefined }));
  const none = { lost_ms: null, clear_above_ms: null };
  expect(all).toEqual([
    { detector: 'code-load', cause: 'code-load', verdict: 'cannot-tell', ...none, reason: 'no kernel' },
    { detector: 'storage-io', cause: 'storage-io', verdict: 'found', ...none, reason: 'It was seen.' },
  ]);
});

test('a reason that two inputs share is given once', () => {
  expect(verdict({ missing: () => 'not recorded' }, { needs: ['kernel', 'memcpy'] })).toMatchObject({
    verdict: 'cannot-tell',
    reason: 'not recorded',
  });
});

test('what would have helped is said beside found and beside clear', () => {
  const helps = { os_call: 'a wait looks like a computation' };
  expect(verdict({ missing: lacking('os_call') }, { helps })).toMatchObject({
    verdict: 'clear',
    reason: 'Looked, and nothing of it took that long at once; but a wait looks like a computation.',
  });
  const found = verdict({ missing: lacking('os_call'), named: new Set(['storage-io']) }, { helps });
  expect(found?.reason).toBe('It was seen. But a wait looks like a computation');
});

describe('clear', () => {
  test('says above which length a delay would have been seen', () => {
    expect(verdict()).toMatchObject({ verdict: 'clear', clear_above_ms: 12, reason: 'Looked, and nothing of it took that long at once.' });
  });
  test('of a queue is as fine as waits for admission can be told apart', () => {
    const [queue] = verdictsOf([detector('queueing', 1)], grounds({ visible: visible('queueing') }));
    expect(queue).toMatchObject({ verdict: 'clear', clear_above_ms: 25 });
  });
  test('is never said where no engine steps were compared', () => {
    expect(verdict({ visible: undefined })).toMatchObject({ verdict: 'cannot-tell', clear_above_ms: null });
  });
  test('has no size where only ranks were compared', () => {
    expect(verdict({ visible: undefined, comparedRanks: true })).toMatchObject({
      verdict: 'clear',
      clear_above_ms: null,
      reason: 'Looked, and found nothing.',
    });
  });
});

describe('minor', () => {
  const lost = (lostMs: number) => verdict({ visible: visible('storage-io', { lostMs, share: 0.02, mostMs: 3 }) });
  test('is what took as long as a delay that counts, and held nobody up', () => {
    expect(lost(10)).toMatchObject({
      verdict: 'minor',
      lost_ms: 10,
      reason: 'It took 10 ms in all (2.0 % of the time), and at most 3 ms more than usual in one step: too little at once for an incident.',
    });
  });
  test('takes more than the least that counts', () => {
    expect(lost(9.9)).toMatchObject({ verdict: 'clear', lost_ms: 9.9 });
  });
});
