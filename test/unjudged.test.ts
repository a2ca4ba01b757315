import { describe, expect, test } from 'vitest';
import { rules } from '#machine/rules/index.gen';
import { unjudged } from '#report/build/machine/unjudged';
import { IMPORTERS } from './every-importer.ts';

const JUDGED = new Set(rules.flatMap(rule => [...rule.judges]));
const MACHINE = { judgements: [], inputs: [], notOurs: [], judged: JUDGED };
/** Kinds of which each reading is laid over time: latencies, energy and what moved are told of them. */
const LAID_OVER_TIME = ['requests', 'gpu', 'host'];

describe('every input that is listed yields a finding or a figure, or is said to yield nothing, with the reason', () => {
  test.each(IMPORTERS)('$id', ({ id, importer, text }) => {
    const series = importer.parse(text, 'file');
    const said = unjudged({ files: [{ path: 'input.txt', sha256: '', bytes: text.length, series }], machine: MACHINE });
    const isMeter = series.kind === 'samples' && [...series.rows].some(row => ['W', 'J', 'mJ'].includes(row.unit));
    const counts = series.kind === 'samples' && [...series.rows].some(row => /preempt|retract/.test(row.metric));
    const yields = LAID_OVER_TIME.includes(series.kind) || JUDGED.has(id) || isMeter || counts;
    expect(said).toEqual(
      yields ? [] : [expect.stringMatching(/^What input\.txt says of this run: read, and not judged because .{20,}\.$/)],
    );
  });

  test('a file with the name of one of ours that others wrote', () =>
    expect(unjudged({ files: [], machine: { ...MACHINE, notOurs: ['xid.csv'] } })).toEqual([
      'What xid.csv says of this run: read, and not judged because it does not begin as the samplers of forensics write it.',
    ]));
});
