import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readForAudit } from '#app/audit/audit-input';
import { unknownFile } from '#app/inputs/unknown-file';
import { unknownRequests } from '#app/inputs/unknown-requests';

const folder = mkdtempSync(join(tmpdir(), 'unknown-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const written = (text: string): string => {
  const file = join(folder, 'file');
  writeFileSync(file, text);
  return file;
};
const said = (text: string) => unknownFile('x', written(text)).message;

test('a file of no bytes is empty, not in an unknown format, and an audit says so too', () => {
  expect(said('')).toBe('x is empty (0 bytes)');
  expect(said('\n \n')).toBe('x holds only blanks');
  expect(unknownRequests('x', written('')).message).toBe('x is empty (0 bytes)');
  expect(() => readForAudit(written(''))).toThrow('is empty (0 bytes)');
});

test('a document is told the nearest formats, and what each of them needs', () => {
  expect(said('{"RunType": "HTTP", "DurationHistogram": {}}')).toMatch(
    /^x is in no known format; nearest: Fortio result \(JSON\) \(it lacks StartTime, RequestedQPS, ActualQPS, RetCodes\)/,
  );
});

test('so is a table, its units left aside', () => {
  expect(said('time,index,power.draw [W],temperature.gpu\n1,0,400 W,50\n')).toMatch(/nearest: .*\(it lacks timestamp, /);
  expect(unknownRequests('x', written('timeStamp,elapsed,label\n1,2,a\n')).message).toContain(
    'JMeter results (JTL, CSV) (it lacks success,',
  );
});

test('what shares no name with any format is near to none', () => expect(said('hello\n')).toBe('x is in no known format'));
