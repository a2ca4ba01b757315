import { expect, test } from 'vitest';
import { work } from '../losses.test-data.ts';
import detector from './detector.ts';

const asked = (communicationShare: number) => detector.attributeWork?.(work({ communicationShare }), undefined as never);

test('a step whose work is for the larger half collectives was slow by them', () =>
  expect(asked(0.5)?.subject).toMatch(/, with no rank late$/));
test('a step whose work is mostly computing was not', () => expect(asked(0.49)).toBeUndefined());
