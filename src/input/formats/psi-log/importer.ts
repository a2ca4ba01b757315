// Format: https://docs.kernel.org/accounting/psi.html: /proc/pressure/{cpu,memory,io} again and again, each line with the name
// of its file before it, and a line "# <time>" before each round.
import type { HostSeries } from '#model/relation';
import { badRecord } from '#reading/refuse';
import { Tally } from '#reading/tally';
import { EMPTY_HOST } from '#series/empty-rows';
import { missingValues } from '#series/missing';
import { inOrder } from '#series/sampled';
import { msSince } from '#stamps/nanoseconds';
import { clockOfSamples, limitsOfTimes, type When } from '#stamps/sample-clock';
import { median, steps } from '#stamps/sampling';
import { defineImporter } from '../define.ts';
import { PRESSURE_FIELDS, readRounds } from './rounds.ts';

const ID = 'psi-log';
const LINE = /^\ufeff?(?:cpu|memory|io|==> \/proc\/pressure\/(?:cpu|memory|io) <==)(?: some avg10=|\r?$)/m;

export default defineImporter({
  id: ID,
  kind: 'host',
  title: 'pressure (PSI) snapshots',
  extensions: ['.log', '.txt'],
  sniff: head => LINE.test(head) && /some avg10=/.test(head),
  parse: (text, source): HostSeries => {
    const tally = new Tally();
    const { rounds, zoned, resolution_ms } = readRounds(text, source, tally);
    const ordered = inOrder(rounds, tally);
    const origin = ordered[0]?.ns;
    if (origin === undefined) throw badRecord({ source }, 'the file holds no complete sample', 'Let the recording run for longer.');
    const rows = ordered.map(({ ns, totals }) => ({ ...EMPTY_HOST, ...totals, t_ms: msSince(origin, ns) }));
    const interval = median(steps(rows.map(row => row.t_ms)));
    const when: When = { kind: zoned ? 'zoned' : 'zoneless', resolution_ms };
    return {
      kind: 'host',
      format: ID,
      clock: clockOfSamples(when, interval),
      origin_ns: origin,
      rows,
      limits: [...limitsOfTimes(when, interval), 'Only how long some task waited (some … total) is read; the averages say less.'],
      warnings: [...tally.sentences(), ...missingValues(rows, PRESSURE_FIELDS)],
    };
  },
});
