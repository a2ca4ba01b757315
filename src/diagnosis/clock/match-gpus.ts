import { type GpuCard, isSameCard, UNKNOWN_CARD } from '#schema/gpu-card';

type Cards = ReadonlyMap<number, GpuCard>;

/** The GPUs of a trace. */
export interface TraceGpus {
  /** By their numbers; empty where the trace does not describe them. */
  readonly cards: Cards;
  /** Numbers of those on which it shows work. */
  readonly used: readonly number[];
}

/** Which number the trace gives each GPU of a file; a GPU is not there where nothing shows which one it is. */
export type GpuNumbers = ReadonlyMap<number, number>;

/**
 * Finds the GPUs of a file of samples among those of a trace. Numbers alone prove nothing: CUDA numbers GPUs by speed, nvidia-smi by PCI
 * address (CUDA_DEVICE_ORDER, CUDA C++ Programming Guide). They are matched by UUID, else by address, else by the order of addresses, which
 * is that of nvidia-smi's numbers, else because there is one GPU on either side.
 * @param file by the numbers in the file
 */
export function matchGpus(file: Cards, { cards: trace, used }: TraceGpus): GpuNumbers {
  // A file with more GPUs than the trace describes was written where more are visible: its numbers count others too.
  const byOrder = [...file.keys()].every(number => number < trace.size) ? inOrderOfAddress(trace) : [];
  const only = file.size === 1 ? onlyNumber(trace, used) : undefined;
  return new Map(
    [...file].flatMap(([number, card]): [number, number][] => {
      // The files of an analysis are of the machine that was traced.
      const told = [...trace].map(([own, traced]) => ({ own, isSame: isSameCard(card, traced, 'one') }));
      const isNamed = told.some(t => t.isSame !== undefined);
      const own = isNamed ? told.find(t => t.isSame === true)?.own : (byOrder[number] ?? only);
      return own === undefined ? [] : [[number, own]];
    }),
  );
}

/** What is known of the matched GPUs of some files, by the trace's numbers: of one that several files sampled, the widest window of power. */
export function matchedCards(
  files: readonly { readonly cards: Cards; readonly numbers: GpuNumbers }[],
  { cards: trace }: TraceGpus,
): Cards {
  const found = new Map<number, GpuCard>();
  for (const { cards, numbers } of files)
    for (const [theirs, own] of numbers) {
      const card = trace.get(own) ?? cards.get(theirs) ?? UNKNOWN_CARD;
      const windows_s = [found.get(own)?.power_window_s, cards.get(theirs)?.power_window_s].flatMap(w => w ?? []);
      found.set(own, { ...card, power_window_s: windows_s.length === 0 ? null : Math.max(...windows_s) });
    }
  return found;
}

/** The number of the trace's GPU where there is one alone. */
function onlyNumber(trace: Cards, used: readonly number[]): number | undefined {
  const numbers = trace.size === 0 ? used : [...trace.keys()];
  return numbers.length === 1 ? numbers[0] : undefined;
}

/** The trace's numbers in the order of their addresses; none where one has no address, or shares it. */
function inOrderOfAddress(trace: Cards): readonly number[] {
  const addressed = [...trace].flatMap(([number, { bus }]) => (bus === null ? [] : [{ number, key: orderOf(bus) }]));
  if (addressed.length < trace.size || new Set(addressed.map(a => a.key)).size < trace.size) return [];
  return addressed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(a => a.number);
}

/** An address with its numbers in full length, so that text compares as they do. */
const orderOf = (bus: string): string => bus.replace(/[\da-f]+/g, digits => digits.padStart(8, '0'));
