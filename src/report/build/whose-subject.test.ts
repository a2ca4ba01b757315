import { describe, expect, test } from 'vitest';
import { whoseSubject } from './whose-subject.ts';

describe('what a cause was about', () => {
  const cause = { cause: 'host-compute' as const, excess: 1, subject: 'its own code', confidence: 'high' as const };
  const root = { process: 100, thread: 102, call: '' };
  test('is its subject alone where nobody waited for another', () => {
    expect(whoseSubject(cause)).toBe('its own code');
    expect(whoseSubject({ ...cause, root })).toBe('its own code');
  });
  test('names who did it and who waited for that, and the process where it is another', () => {
    const waited = (process: number, call: string) => whoseSubject({ ...cause, root, symptom: { process, thread: 101, call } });
    expect(waited(100, 'sem_wait')).toBe('its own code, in thread 102, for which thread 101 waited (sem_wait)');
    expect(waited(200, '')).toBe('its own code, in thread 102 of process 100, for which thread 101 waited (in no call)');
  });
});
