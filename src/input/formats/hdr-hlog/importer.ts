// Format: https://hdrhistogram.github.io/HdrHistogram/JavaDoc/org/HdrHistogram/HistogramLogReader.html (log versions 1.0 to 1.3, histograms V1 and V2).

import { fewRequests } from '#input/series/latency-figures';
import { NO_END_MARK, summarySeries } from '#input/series/summary-series';
import { WarningCounter } from '#input/text/warning-counter';
import type { SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { placeInTime } from './clock.ts';
import { readLog } from './log.ts';
import { summariesOf } from './summaries.ts';
import { unitOf } from './unit.ts';

const ID = 'hdr-hlog';
const ROW = /^(?:Tag=[^,\n]*,)?\d+(?:\.\d+)?,\d+(?:\.\d+)?,\d+(?:\.\d+)?,HIST/m;

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'HdrHistogram log',
  extensions: ['.hlog', '.log'],
  sniff: head => ROW.test(head) || /^\ufeff?#\[Histogram log format version/m.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const log = readLog(text, source, counter);
    const unit = unitOf(log.intervals, source);
    const { clock, origin_ns, startMs } = placeInTime(log, source);
    const rows = summariesOf(log, unit, startMs);
    const [first] = rows;
    return summarySeries({
      format: ID,
      clock,
      origin_ns,
      rows,
      limits: [
        `The log does not name the unit of its values: they were read as ${unit.name}, since that makes Interval_Max milliseconds, as the log writer does by default.`,
        'Percentiles are only known to lie in a bucket of the histogram; those of a tag as a whole are of its merged histograms.',
        'Whether coordinated omission was corrected is not in the file; if not, percentiles are lower bounds.',
        ...(log.jHiccup ? ['jHiccup wrote this: the values are how late its own sleeping thread was run, not latencies of requests.'] : []),
        ...fewRequests(first?.completed ?? null),
      ],
      warnings: [NO_END_MARK, ...counter.sentences()],
    });
  },
});
