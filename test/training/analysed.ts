import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import type { Stated } from '#multi-gpu/training/utilisation';
import type { Report } from '#schema/report';
import type { Training } from '#schema/training';
import { buildTrace } from '#test/synthetic-trace';
import { type TrainingRun, TrainingTrace } from './training-run.ts';

/** A made-up training, written as an export and analysed as a user's would be. */
export async function analysed(
  run: TrainingRun,
  stated: Stated = {},
): Promise<{ report: Report; training: Training | null; trace: TrainingTrace }> {
  const folder = mkdtempSync(join(tmpdir(), 'training-'));
  try {
    const trace = new TrainingTrace(run);
    const path = join(folder, 'trace.sqlite');
    buildTrace(path, { version: '3.24.0', ...trace.description() });
    const report = await runAnalysis(path, {}, NO_CORRECTION, () => {}, { stated });
    return { report, training: report.training, trace };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
