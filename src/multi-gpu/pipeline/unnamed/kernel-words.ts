import { intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import type { Ns } from '#core/units';
import type { LaneEvents } from './lane-events.ts';
import { type Segment, segmentOf, usualBusy } from './segments.ts';

/**
 * A segment of less than this share of the lane's usual one is no operation of its own: what a program does between two (a fill, a sum of
 * losses) takes microseconds, an operation of a pipeline milliseconds.
 */
const LEAST_BUSY = 0.1;

/** How long a segment must be to be an operation, ns. */
export const leastBusy = (segments: readonly Segment[]): Ns => LEAST_BUSY * usualBusy(segments);

/** A letter for each kernel and shape: 15 bits are more than the distinct kernels of any program. */
const letterOf = (work: number) => 0x20 + (work & 0x7fff);

/** The kernels of a segment as text, one letter a kernel and shape, so that two of the same work are the same text. */
export function textOf(lane: LaneEvents, segment: Segment): string {
  let text = '';
  for (const e of segment.events) text += String.fromCharCode(letterOf(intAt(lane.work, e)));
  return text;
}

/** The fewest known words that make up a text, or undefined where some of it is none. */
function parse(text: string, words: ReadonlySet<string>): string[] | undefined {
  const lengths = [...new Set([...words].map(w => w.length))].sort((a, b) => b - a);
  const before = new Int32Array(text.length + 1).fill(-1);
  before[0] = 0;
  for (let at = 0; at < text.length; at++) {
    if (before[at] === -1) continue;
    for (const length of lengths) {
      const to = at + length;
      if (to <= text.length && before[to] === -1 && words.has(text.slice(at, to))) before[to] = at;
    }
  }
  if (before[text.length] === -1) return undefined;
  const out: string[] = [];
  for (let at = text.length; at > 0; at = intAt(before, at)) out.unshift(text.slice(intAt(before, at), at));
  return out;
}

/** A text as a known word and the rest, or the rest and a known word: the longest word that it has. */
function peel(text: string, words: readonly string[]): string[] | undefined {
  for (const w of words) {
    if (w.length >= text.length) continue;
    if (text.startsWith(w)) return [w, text.slice(w.length)];
    if (text.endsWith(w)) return [text.slice(0, -w.length), w];
  }
  return undefined;
}

/** A segment as several, of so many events each. */
function cutSegment(lane: LaneEvents, segment: Segment, lengths: readonly number[]): Segment[] {
  let at = 0;
  return lengths.map((length, i) => {
    const events = segment.events.slice(at, at + length);
    at += length;
    return segmentOf(lane, events, i === 0 ? segment.messages : 0);
  });
}

/**
 * Splits what ran without a message between two operations. The kernels of an operation are the same in each microbatch: what stands alone
 * somewhere is a word, of which longer texts are made.
 * @param withRest whether what is left beside a word is a word too
 */
export function splitByWords(lane: LaneEvents, segments: readonly Segment[], withRest: boolean): Segment[] {
  const least = leastBusy(segments);
  const wordsOf = new Map<number, Set<string>>();
  const pieces = new Map<Segment, Segment[]>();
  const isWord = (parts: readonly Segment[]) => parts.every(p => p.busy >= least);
  // Short ones first: they are the words of the long ones.
  const texts = segments.map(segment => ({ segment, text: textOf(lane, segment) }));
  for (const { segment, text } of texts.toSorted((a, b) => a.text.length - b.text.length)) {
    if (segment.busy < least) continue;
    const words = getOrCompute(wordsOf, segment.thread, () => new Set<string>());
    const found = words.has(text)
      ? undefined
      : (parse(text, words) ??
        (withRest
          ? peel(
              text,
              [...words].sort((a, b) => b.length - a.length),
            )
          : undefined));
    const parts =
      found &&
      cutSegment(
        lane,
        segment,
        found.map(w => w.length),
      );
    if (found !== undefined && parts !== undefined && isWord(parts)) {
      for (const w of found) words.add(w);
      pieces.set(segment, parts);
    } else words.add(text);
  }
  return segments.flatMap(s => pieces.get(s) ?? [s]);
}

/** Work of a lane by kernel and shape, ns: what two segments have in common. */
export function workOf(lane: LaneEvents, segment: Segment): Map<number, number> {
  const out = new Map<number, number>();
  for (const e of segment.events) {
    const work = intAt(lane.work, e);
    out.set(work, (out.get(work) ?? 0) + realAt(lane.end, e) - realAt(lane.start, e));
  }
  return out;
}
