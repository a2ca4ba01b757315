import { expect, test } from 'vitest';
import { importers } from './index.gen.ts';
import { nearestFormat } from './nearest.ts';

test('the nearest format shares most headings, and what is missing is told', () => {
  const near = nearestFormat(['request-start', 'request-duration', 'Bytes'], importers);
  expect([near?.importer.id, near?.lacks]).toEqual(['oha-csv', ['status']]);
});
test('a table that shares nothing is near to none', () => expect(nearestFormat(['a', 'b'], importers)).toBeUndefined());
