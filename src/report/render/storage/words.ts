import { plain } from '#core/format/numbers';
import type { StorageHypothesisResult } from '#schema/storage-analysis';

const NONE = '–';

const ends = (low: number | null, high: number | null): string =>
  low === null && high === null ? '' : ` (${low === null ? '…' : plain(low)} to ${high === null ? '…' : plain(high)})`;

/** "1.42 times (1.20 to 1.68)". */
export function effectText({ effect }: StorageHypothesisResult): string {
  if (effect === null) return NONE;
  return `${plain(effect.value)}${effect.scale === 'ratio' ? ' times' : ''}${ends(effect.low, effect.high)}`;
}

export const levelText = (p: number | null): string => (p === null ? NONE : p < 0.001 ? '< 0.001' : plain(p));

/** A figure beside the effect, with its interval and unit. */
export function figureText({ value, low, high, unit, p }: StorageHypothesisResult['figures'][number]): string {
  if (value === null) return NONE;
  const alone = low !== null && high !== null && low === value && high === value;
  return `${plain(value)}${alone ? '' : ends(low, high)}${unit === '' ? '' : ` ${unit}`}${p === null ? '' : `; p ${p < 0.001 ? '' : '= '}${levelText(p)} by itself`}`;
}
