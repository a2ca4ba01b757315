// Format: https://docs.kernel.org/accounting/psi.html: /proc/pressure/{cpu,memory,io} again and again, each line with the name
// of its file before it, and a line "# <time>" before each round.

import { EMPTY_HOST } from '#input/series/empty-rows';
import { missingValues } from '#input/series/missing';
import { inOrder } from '#input/series/sampled';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { msSince } from '#input/time/nanoseconds';
import { clockOfSamples, limitsOfTimes, type When } from '#input/time/sample-clock';
import { median, steps } from '#input/time/sampling';
import type { HostSeries } from '#schema/relation';
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
    const counter = new WarningCounter();
    const { rounds, zoned, resolution_ms } = readRounds(text, source, counter);
    const ordered = inOrder(rounds, counter);
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
      warnings: [...counter.sentences(), ...missingValues(rows, PRESSURE_FIELDS)],
    };
  },
});
