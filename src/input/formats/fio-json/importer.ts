// Format: https://fio.readthedocs.io/en/latest/fio_doc.html#json-output (fio --output-format=json, versions 3.x: times in ns).

import { fewRequests } from '#input/series/latency-figures';
import { summarySeries, UNTOLD } from '#input/series/summary-series';
import { badRecord } from '#input/text/bad-record';
import { smallJson } from '#input/text/json-document';
import { validate } from '#input/text/validate';
import type { RunSummary, SummarySeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { withoutNotes } from './notes.ts';
import { DIRECTIONS, FioReport, figuresOf, type Job, latencyName } from './schema.ts';

const ID = 'fio-json';
const HINT = 'Give the output of one run of fio 3 or later, with --output-format=json (not json+, and without --status-interval).';

export default defineImporter({
  id: ID,
  kind: 'summary',
  title: 'fio report (JSON)',
  extensions: ['.json'],
  keys: ['fio version', 'jobs', 'clat_ns', 'jobname'],
  sniff: head => /"fio version"\s*:/.test(head),
  parse: (text, source): SummarySeries => {
    const report = validate(FioReport, smallJson(withoutNotes(text), source, HINT), { source }, HINT);
    if (!report.jobs.some(job => ran(job).length > 0)) throw badRecord({ source }, 'no job has read or written anything', HINT);
    const written_ms = report.timestamp_ms ?? (report.timestamp === undefined ? undefined : report.timestamp * 1000);
    return summarySeries({
      format: ID,
      ...(written_ms === undefined ? {} : { clock: { kind: 'epoch', uncertainty_ms: 1000 }, origin_ns: BigInt(written_ms) * 1_000_000n }),
      rows: report.jobs.map(job => rowOf(job, written_ms)),
      limits: limitsOf(report.jobs),
      warnings: report.jobs.flatMap(job =>
        job.error === 0 ? [] : [`Job ${job.jobname} ended with error ${job.error}, so it may have run for a part of its time only.`],
      ),
    });
  },
});

/** The directions in which a job did anything; of the others fio writes zeros. */
const ran = (job: Job) => DIRECTIONS.filter(direction => (job[direction]?.total_ios ?? 0) > 0);

const rowOf = (job: Job, written_ms: number | undefined): RunSummary => {
  const parts = ran(job).flatMap(direction => {
    const part = job[direction];
    return part === undefined ? [] : [{ direction, part }];
  });
  const [only] = parts.length === 1 ? parts : [];
  return {
    ...UNTOLD,
    label: job.jobname,
    start_ms: job.job_start === undefined || written_ms === undefined ? null : job.job_start - written_ms,
    end_ms: written_ms === undefined ? null : 0,
    // fio writes the time of each direction in ms.
    duration_s: only === undefined ? null : only.part.runtime / 1000,
    completed: parts.reduce((sum, { part }) => sum + part.total_ios, 0),
    requests_per_s: only?.part.iops ?? null,
    latency: parts.flatMap(({ direction, part }) => figuresOf(direction, part)),
  };
};

const limitsOf = (jobs: readonly Job[]): string[] => {
  const parts = jobs.flatMap(job => ran(job).map(direction => job[direction]));
  const names = [...new Set(parts.map(part => (part === undefined ? '' : latencyName(part))))];
  const least = parts.reduce((fewest, part) => Math.min(fewest, part?.total_ios ?? fewest), Number.POSITIVE_INFINITY);
  return [
    'A summary of a disk test: it holds no times of single accesses, so it cannot be laid over a trace. Its time is when fio wrote it, at the end.',
    `Latency is fio's ${names.join(' and ')}: clat runs from submission to completion, lat from the call that submits.`,
    'Percentiles are only known to lie in a bucket of fio (about 1.6 % wide).',
    ...fewRequests(Number.isFinite(least) ? least : null),
  ];
};
