import { caseBeside } from '#app/inputs/case-beside';
import type { NamedFiles } from '#app/inputs/load-inputs';
import { isUntraced, loadUntraced } from '#app/inputs/load-untraced';
import type { Scratch } from '#app/inputs/scratch';
import { refuseWhatTakesATrace } from '#app/inputs/takes-a-trace';
import { version } from '#app/version';
import { detectors } from '#diagnosis/causes/index.gen';
import type { ClockOptions } from '#diagnosis/clock/clock';
import { agreeing } from '#report/build/agreeing';
import type { Report } from '#schema/report';
import { analyzeUntraced } from './analyze-untraced.ts';
import type { Extras } from './extras.ts';
import { inCase } from './in-case.ts';

/**
 * Analyzes a load test and telemetry of which no trace was taken.
 * @throws ForensicsError bad-argument for what takes a trace; and as `loadUntraced`, `ownTime`, `align`
 */
export async function runUntraced(
  folder: string | undefined,
  named: NamedFiles,
  clock: ClockOptions,
  progress: (step: string) => void,
  extras: Extras,
  scratch: Scratch,
): Promise<Report> {
  const { withTrace, stated = {} } = extras;
  refuseWhatTakesATrace({
    alignAuto: clock.alignAuto,
    perfetto: withTrace !== undefined,
    steps: Object.values(stated).some(v => v !== undefined),
  });
  progress('reading files');
  const own = folder === undefined ? undefined : caseBeside(folder);
  const { files, system, machine, run } = await loadUntraced(folder, named, { scratch, warn: progress, spare: extras.spare });
  return agreeing(
    analyzeUntraced({
      ...{ files, system, machine, run, progress, detectors, prices: extras.prices, version: version() },
      clock: own === undefined ? clock : inCase(clock, own),
    }),
  );
}

export { isUntraced };
