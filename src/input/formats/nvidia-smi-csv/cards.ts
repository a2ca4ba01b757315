import type { Seconds } from '#core/units';
import { drawWindow } from '#input/series/power-window';
import { cardOf, type GpuCard } from '#schema/gpu-card';
import type { GpuSampleRow, Rows } from '#schema/relation';
import type { Layout } from './columns.ts';
import type { GpuIdentity } from './gpu-identity.ts';

/** Over how long the file's power is a mean, by the column it comes from. @param model of the GPU */
function windowOf({ quantities }: Layout, model: string | null): Seconds | null {
  const [best] = quantities.power_w;
  if (best === undefined) return null;
  return best.name === 'power.draw.instant' ? 0 : best.name === 'power.draw.average' ? drawWindow(null) : drawWindow(model);
}

/** What the file says of each of its GPUs, by their numbers. */
export function cardsOf(
  identities: readonly GpuIdentity[],
  numbers: readonly number[],
  layout: Layout,
  rows: Rows<GpuSampleRow>,
): ReadonlyMap<number, GpuCard> {
  const models = new Map<number, string>();
  for (const { gpu, name } of rows) {
    if (name !== null && !models.has(gpu)) models.set(gpu, name);
    if (models.size === numbers.length) break;
  }
  return new Map(
    identities.map(({ uuid, bus }, i) => {
      const number = numbers[i] ?? 0;
      const told = { uuid: uuid ?? null, bus: bus ?? null, power_window_s: windowOf(layout, models.get(number) ?? null) };
      return [number, cardOf(told)] as const;
    }),
  );
}
