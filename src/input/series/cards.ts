import { cardOf, type GpuCard } from '#schema/gpu-card';
import type { GpuSampleRow } from '#schema/relation';
import { drawWindow } from './power-window.ts';

/** The cards of a tool that tells numbers alone; its power is what nvidia-smi calls power.draw. */
export const unnamedCards = (samples: readonly { readonly row: Pick<GpuSampleRow, 'gpu'> }[]): ReadonlyMap<number, GpuCard> =>
  new Map([...new Set(samples.map(s => s.row.gpu))].map(gpu => [gpu, cardOf({ power_window_s: drawWindow(null) })]));
