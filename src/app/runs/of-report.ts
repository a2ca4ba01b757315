import { causesOfReport, figuresOfReport } from '#decide/metrics/of-report';
import type { Report } from '#schema/report';
import type { Run } from '#schema/run';
import { blankRun, type ReadRun, windowOf } from './read-run.ts';

function settingsOf({ devices, pipeline }: Report): Run['settings'] {
  const names = [...new Set(devices.flatMap(device => device.name ?? []))].sort();
  const schedules = (pipeline?.schedules ?? []).map(({ name, p, m, v }) => `${name}, ${p} stages, ${m} microbatches, ${v} chunks`);
  return {
    ...(names.length === 0 ? {} : { GPU: names.join(', '), GPUs: String(devices.length) }),
    ...(schedules.length === 0 ? {} : { 'pipeline schedule': schedules.join('; ') }),
  };
}

/** A run as a report of ours tells it. */
export const runOfReport = (name: string, report: Report): ReadRun => ({
  run: {
    ...blankRun(name),
    ...windowOf(report),
    inputs: report.inputs.map(input => input.sha256),
    figures: [...figuresOfReport(report)],
    settings: settingsOf(report),
    causes: causesOfReport(report),
  },
});
