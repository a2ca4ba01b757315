import { expect, test } from 'vitest';
import { associationFindings } from './associations.ts';

const clock = { name: 'SM clock', p: 0.002, adjusted: 0.0061, movement: { kind: 'state' as const, r: -0.871, lag: 0 } };
const faults = {
  ...{ name: 'major page faults', p: 0.004, adjusted: 0.01 },
  movement: { kind: 'counter' as const, oddsRatio: 1234, interval: [17.3, 99_000] as const },
};

test('what moved is named in the title, and how in the detail', () => {
  const [found, ...more] = associationFindings({ tested: 3, found: [clock, faults] }, 3);
  expect(more).toEqual([]);
  expect(found).toMatchObject({ id: 'associations', severity: 'info', evidence: [] });
  expect(found?.title).toBe('Telemetry that changes with the incidents: SM clock, major page faults');
  expect(found?.detail).toMatch(
    /^In incidents SM clock was lower \(r = -0\.87, at the same time\), adjusted p 0\.006; major page faults stood out \(odds ratio 1200, 95 % interval 17 to 99000\), adjusted p 0\.010\. 3 series were tested/,
  );
  expect(found?.advice).toContain('need not be the cause');
});

test.each([
  [2.4e6, '2.40 ms after'],
  [-12e6, '12 ms before'],
])('a lag of %d ns reads as %s', (lag, words) => {
  const [found] = associationFindings({ tested: 1, found: [{ ...clock, movement: { kind: 'state', r: 0.5, lag } }] }, 2);
  expect(found?.detail).toContain(`SM clock was higher (r = 0.50, ${words})`);
  expect(found?.detail).toContain('1 series was tested');
});

test('that nothing moved is said, and that nothing was tested is not', () => {
  expect(associationFindings({ tested: 4, found: [] }, 11)[0]).toMatchObject({
    title: 'No telemetry changes with the 11 incidents',
    detail: expect.stringMatching(
      /^With 11 incidents only a strong change can be seen.* 4 series were tested; of those named, at most 5 % are expected to be false/,
    ),
  });
  expect(associationFindings(undefined, 0)).toEqual([]);
});
