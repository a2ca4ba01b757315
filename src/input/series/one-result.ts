import { secondResult } from '#input/text/bad-record';

/** Fewer records that are alike may be a chance. */
const FEWEST = 4;

/**
 * Refuses a file in which every record stands as often as every other, and more than once: a result that was joined to itself, whose
 * requests would be counted twice.
 * @param records what tells a record from others, in full
 * @throws ForensicsError 'bad-record'
 */
export function assertOneResult(records: readonly string[], source: string): void {
  if (records.length < FEWEST) return;
  const [first] = records;
  // Nearly every file is told by its first record.
  if (first === undefined || records.lastIndexOf(first) === 0) return;
  const times = new Map<string, number>();
  for (const record of records) times.set(record, (times.get(record) ?? 0) + 1);
  if ([...times.values()].every(n => n > 1)) throw secondResult({ source }, 'each of its records stands there twice, to the letter');
}
