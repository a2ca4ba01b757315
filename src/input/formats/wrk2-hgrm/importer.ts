// Format: https://github.com/giltene/wrk2 (wrk2 --latency, the whole output or only its "Detailed Percentile spectrum"); the table is that of
// HdrHistogram's outputPercentileDistribution (.hgrm), in milliseconds as wrk2 scales it.

import { fewRequests } from '#input/series/latency-figures';
import { NO_STARTS, summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { readReport } from './report.ts';
import { figuresOf, HEADING, readSpectra, type Spectrum } from './spectrum.ts';

const ID = 'wrk2-hgrm';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'wrk2 latency (percentile spectrum)',
  extensions: ['.hgrm', '.txt'],
  sniff: head => HEADING.test(head),
  parse: (text, source): SummarySeries => {
    const counter = new WarningCounter();
    const lines = [...wholeLines(text, source, counter)];
    const spectra = readSpectra(lines, source, counter);
    const [first] = spectra;
    if (first === undefined)
      throw badRecord(
        { source },
        'it has no table of percentiles with a value',
        'Give the output of wrk2 --latency, or its percentile spectrum.',
      );
    const report = readReport(lines, counter);
    return summarySeries({
      format: ID,
      rows: spectra.map(spectrum => rowOf(spectrum, report)),
      limits: [NO_STARTS, ...limitsOf(spectra), ...fewRequests(first.count)],
      warnings: counter.sentences(),
    });
  },
});

const rowOf = (spectrum: Spectrum, report: Partial<RunSummary>): RunSummary => ({
  ...UNTOLD,
  ...report,
  label: spectrum.label,
  latency: figuresOf(spectrum),
});

const limitsOf = (spectra: readonly Spectrum[]): string[] => [
  'The file names no unit: values were read as milliseconds, as wrk2 writes them.',
  'The table does not hold every percentile: one that lies between two of its rows is only known to lie between their values, which are rounded to 3 digits.',
  'wrk2 leaves the first seconds of a run (its calibration) out of the latencies, so they are of fewer requests than were sent.',
  spectra.some(({ label }) => /uncorrected/i.test(label ?? ''))
    ? 'The uncorrected latencies leave out how late requests were sent; the recorded ones run from the intended start.'
    : 'wrk2 measures from the intended start of each request, so waiting in the load generator is in the latency; other programs that write such a table may not.',
];
