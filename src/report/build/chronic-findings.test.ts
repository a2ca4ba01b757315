import { describe, expect, test } from 'vitest';
import type { Chronic, Interference } from '#diagnosis/steps/chronic';
import { chronicFindings } from './chronic-findings.ts';

const MS = 1e6;
const found = (rest: Partial<Chronic>) =>
  chronicFindings([{ chronic: { idle: [], shared: 0, throttled: undefined, interference: undefined, ...rest } }], false);
const interference = (rest: Partial<Interference> = {}): Interference => ({ step: 4 * MS, pause: 20 * MS, count: 90, share: 0.3, ...rest });

test('nothing is told of a lane on which nothing is wrong throughout', () => expect(found({})).toEqual([]));

describe('prompts that pause the answers of others', () => {
  test('are no fault: how long, how often, and what chunks of prompts would buy', () => {
    const [finding] = found({ interference: interference() });
    expect(finding).toMatchObject({ id: 'chronic-interference', severity: 'info' });
    expect(finding?.title).toBe('Prompts of other requests pause every answer for 20 ms at a time');
    expect(finding?.detail).toContain('90 steps took 24 ms or longer. What they took beyond a step without prompts is 30 % of the time');
    expect(finding?.advice).toContain('tokens usually come 8 ms apart while prompts run, instead of 24 ms');
  });
  test('are worth a word from a round of the scheduler on', () => {
    expect(found({ interference: interference({ pause: 9.9 * MS }) })).toEqual([]);
    expect(found({ interference: interference({ pause: 10 * MS }) })).toHaveLength(1);
  });
  test('are worth a word from a tenth of the time on', () => {
    expect(found({ interference: interference({ share: 0.099 }) })).toEqual([]);
    expect(found({ interference: interference({ share: 0.1 }) })).toHaveLength(1);
  });
});

test.each([
  [{ shared: 0.5 }, 'chronic-contention'],
  [{ throttled: { share: 0.5, reason: 'software power cap' } }, 'chronic-throttle'],
])('what holds for half of the time is throughout: %j', (rest, id) => expect(found(rest).map(f => f.id)).toEqual([id]));
