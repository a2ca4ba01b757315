import { type GpuCard, isSameCard } from '#schema/gpu-card';
import type { GpuNumbers } from './match-gpus.ts';

type Cards = ReadonlyMap<number, GpuCard>;

/** The GPUs of some files where no trace names them. */
export interface OwnGpus {
  readonly cards: Cards;
  /** What each file's GPUs are called, in the order of the files. */
  readonly numbers: readonly GpuNumbers[];
}

/** Names GPUs by their own numbers; where two files mean different cards by one number, the later one gets a free number. */
export function ownGpus(files: readonly Cards[]): OwnGpus {
  const cards = new Map<number, GpuCard>();
  const numberOf = (number: number, card: GpuCard): number => {
    const same = [...cards].find(([, known]) => isSameCard(known, card, 'unknown') === true);
    const here = cards.get(number);
    const own = same?.[0] ?? (here === undefined || isSameCard(here, card, 'unknown') !== false ? number : Math.max(...cards.keys()) + 1);
    const windows_s = [cards.get(own)?.power_window_s, card.power_window_s].flatMap(w => w ?? []);
    cards.set(own, { ...(cards.get(own) ?? card), power_window_s: windows_s.length === 0 ? null : Math.max(...windows_s) });
    return own;
  };
  return { cards, numbers: files.map(file => new Map([...file].map(([number, card]) => [number, numberOf(number, card)] as const))) };
}
