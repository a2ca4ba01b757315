import { expect, test } from 'vitest';
import { importers } from './index.gen.ts';
import { nearestFormats } from './nearest.ts';

test('the nearest format shares most headings, and what is missing is told', () => {
  const [near] = nearestFormats(['request-start', 'request-duration', 'Bytes'], importers);
  expect([near?.importer.id, near?.lacks]).toEqual(['oha-csv', ['status']]);
});
test('a table that shares nothing is near to none', () => expect(nearestFormats(['a', 'b'], importers)).toEqual([]));
test('a document is near to the formats that share its keys', () => {
  const [near] = nearestFormats(['RunType', 'ActualQPS', 'DurationHistogram'], importers, 'keys');
  expect([near?.importer.id, near?.lacks]).toEqual(['fortio', ['StartTime', 'RequestedQPS', 'RetCodes']]);
});
