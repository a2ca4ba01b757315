import { expect, test } from 'vitest';
import { withoutDetector } from './verdict-wording.ts';

type Given = Parameters<typeof withoutDetector>[0];
const given = (causes: readonly string[], detectors: readonly string[]) =>
  ({ causes: causes.map(cause => ({ cause })), detectors: detectors.map(cause => ({ cause })) }) as unknown as Given;

test('causes of the report that no detector has a row for are named below the rows', () => {
  expect(withoutDetector(given(['host-compute', 'front-end', 'client'], ['host-compute', 'queueing']))).toMatch(
    /^Front end, Client or network: no row here\. They are read from /,
  );
  expect(withoutDetector(given(['front-end'], []))).toMatch(/^Front end: no row here\. It is read from /);
});

test('nothing is said where each has its row', () => expect(withoutDetector(given(['queueing'], ['queueing']))).toBe(''));
