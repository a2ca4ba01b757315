import { join } from 'node:path';
import { readSeries } from '#app/inputs/read-series';
import { type MeasuredRun, overheadOf } from '#diagnosis/requests/overhead';
import { leftIn } from '#record/capture/artifacts';
import type { CaseFolder } from '#record/capture/folder';
import type { Entry } from '#record/capture/journal';
import type { Overhead } from '#schema/recording';

/** The cost of the profiler, and why it cannot be told. */
export interface ControlResult {
  readonly rows: Overhead[] | null;
  readonly missing: readonly string[];
}

/** The requests that a run left, with the window in their own time. */
function measured(folder: string, openedNs: bigint, closedNs: bigint): MeasuredRun | undefined {
  for (const name of leftIn(folder)) {
    const series = readSeries(join(folder, name))?.series;
    if (series?.kind !== 'requests' || series.clock.kind === 'relative') continue;
    const at = (ns: bigint) => Number(ns - BigInt(series.origin_ns)) / 1e6;
    return { series, from: at(openedNs), to: at(closedNs) };
  }
  return undefined;
}

/** Compares the control run of a capture with the recorded one. */
export function controlResult(folder: CaseFolder, entries: readonly Entry[]): ControlResult {
  if (!entries.some(e => e.event === 'planned' && e.plan.control !== null)) return { rows: null, missing: [] };
  const control = entries.find(e => e.event === 'control-window');
  const opened = entries.find(e => e.event === 'window-opened');
  const closed = entries.find(e => e.event === 'window-closed');
  if (control?.event !== 'control-window' || opened === undefined || closed === undefined)
    return { rows: null, missing: ['the overhead: the control run or the recording did not get through its window'] };
  const without = measured(folder.control, BigInt(control.opened), BigInt(control.closed));
  const within = measured(folder.workload, BigInt(opened.at), BigInt(closed.at));
  if (without === undefined || within === undefined)
    return { rows: null, missing: ['the overhead: one of the two runs left no requests on an absolute clock (docs/formats.md)'] };
  const rows = overheadOf(without, within);
  return rows.length > 0
    ? { rows, missing: [] }
    : { rows: null, missing: ['the overhead: no request finished in the window of one of the two runs'] };
}
