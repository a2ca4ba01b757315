import { expect, test } from 'vitest';
import { MS, work } from '../losses.test-data.ts';
import detector from './detector.ts';

const asked = (communicationShare: number, computing = 2 * MS) =>
  detector.attributeWork?.(work({ communicationShare, computing, usual: 2 * MS }), undefined as never);

test('a step whose work is for the larger half collectives was slow by them', () =>
  expect(asked(0.5)?.subject).toMatch(/, with no rank late$/));
test('a step whose work is mostly computing was not', () => expect(asked(0.49)).toBeUndefined());
test('a step that computed more than usual may have had more to carry', () => expect(asked(0.9, 2.1 * MS)).toBeUndefined());
