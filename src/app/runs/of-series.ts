import { figuresOfMeasurements } from '#decide/metrics/of-measurements';
import { figuresOfRequests, latenciesOf } from '#decide/metrics/of-requests';
import { figuresOfSummary, settingOf } from '#decide/metrics/of-summary';
import type { SeriesFile } from '#input/series/on-trace-clock';
import { earlierOf } from '#machine/certify/certify';
import type { RequestSeries, RunSummary, SummarySeries } from '#schema/relation';
import type { Run } from '#schema/run';
import { blankRun, type ReadRun } from './read-run.ts';

const NS_PER_MS = 1e6;

/** When something was, on a clock that says so. */
const timeOf = ({ clock, origin_ns }: SeriesFile['series'], ms: number | null): string | null =>
  (clock.kind === 'epoch' || clock.kind === 'zoneless') && ms !== null ? String(origin_ns + BigInt(Math.round(ms * NS_PER_MS))) : null;

function settingsOf(rows: readonly RunSummary[]): Run['settings'] {
  const said = (name: string, of: (row: RunSummary) => string | number | null): Run['settings'] => {
    const values = new Set(rows.map(of));
    const [only] = values;
    return values.size === 1 && only !== null && only !== undefined ? { [name]: String(only) } : {};
  };
  return {
    ...said('model', row => row.model),
    ...said('concurrency', row => row.concurrency),
    ...said('requested rate', row => row.requested_rate),
    ...said('GPUs', row => row.gpus),
  };
}

/** The loads of a summary; the k-th that has the same setting belongs to the k-th run. */
function repetitions(rows: readonly RunSummary[]): readonly (readonly RunSummary[])[] {
  const runs: RunSummary[][] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const k = seen.get(settingOf(row)) ?? 0;
    seen.set(settingOf(row), k + 1);
    runs[k] = [...(runs[k] ?? []), row];
  }
  return runs;
}

function ofSummary(name: string, file: SeriesFile, series: SummarySeries): readonly ReadRun[] {
  const several = new Set(series.rows.map(settingOf)).size > 1;
  const runs = repetitions(series.rows);
  return runs.map((rows, k) => ({
    run: {
      ...blankRun(runs.length === 1 ? name : `${name} #${k + 1}`),
      inputs: [runs.length === 1 ? file.sha256 : `${file.sha256}#${k + 1}`],
      time_ns: timeOf(series, rows[0]?.start_ms ?? rows[0]?.end_ms ?? null),
      figures: rows.flatMap(row => figuresOfSummary(row, several ? settingOf(row) : '')),
      settings: settingsOf(rows),
    },
  }));
}

const ofRequests = (name: string, file: SeriesFile, series: RequestSeries): ReadRun => ({
  run: {
    ...blankRun(name),
    inputs: [file.sha256],
    time_ns: timeOf(series, series.rows[0]?.arrival_ms ?? null),
    figures: [...figuresOfRequests(series.rows)],
  },
  e2e: latenciesOf(series.rows).e2e,
});

/** The runs that a file of a load test or of tests of a machine tells of; none for what tells of no run, as samples. */
export function runsOfSeries(name: string, file: SeriesFile): readonly ReadRun[] {
  const { series } = file;
  switch (series.kind) {
    case 'summary':
      return ofSummary(name, file, series);
    case 'requests':
      return [ofRequests(name, file, series)];
    case 'measurements':
      return [{ run: { ...blankRun(name), inputs: [file.sha256], figures: [...figuresOfMeasurements(earlierOf(series.rows))] } }];
    default:
      return [];
  }
}
