import { spansOf } from '#core/math/spans';
import type { Diagnosis } from '#diagnosis/diagnose';
import { associations, type NamedReadings } from '#diagnosis/telemetry/associations';
import { type EnergyInput, energyOf } from '#energy/of-trace';
import type { Facts } from '#report/build/facts';
import type { AnalysisInput } from './analysis-input.ts';
import type { Placed } from './place-files.ts';

type Aligned = Facts['aligned'];

/** Which telemetry moved with the incidents. @param gpu rows of the GPU in question */
export const whatMoved = (
  { incidents }: Pick<Diagnosis, 'incidents'>,
  { gpu }: Pick<Aligned, 'gpu'>,
  { host }: Pick<Aligned, 'host'>,
  window: Facts['window'],
  more: readonly NamedReadings[] = [],
) => associations(spansOf(incidents.map(i => [i.start, i.end] as const)), gpu, host, window, more);

/** Power, energy and cost. @param ran when the session began, and the GPUs that worked in it, where that is known */
export const whatWasDrawn = (
  { files, clock: { zoneHours }, prices = {} }: Pick<AnalysisInput, 'files' | 'clock' | 'prices'>,
  ran: Pick<EnergyInput, 'session' | 'devices'>,
  window: Facts['window'],
  aligned: Aligned,
  gpuClock: Placed['gpuClock'],
) =>
  energyOf({
    ...{ gpu: aligned.gpu, gpuCards: aligned.gpuCards, gpuRanBack_ms: aligned.gpuRanBack_ms, rows: aligned.rows, offset: aligned.offset },
    ...{ ...ran, files, window, zoneHours, prices, isClockSure: gpuClock === 'confirmed' },
  });
