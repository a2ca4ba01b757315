import type { FactRow } from '#schema/relation';
import type { ServerActivity } from './server-activity.ts';

/** An error that the driver told the kernel. */
export interface XidError {
  /** Epoch ns; undefined where the log does not say. */
  readonly ns: bigint | undefined;
  /** PCI address. */
  readonly pci: string;
  readonly xid: number;
}

/** A reading of one counter of one NVLink; counters count up from the loading of the driver. */
export interface LinkReading {
  readonly ns: bigint;
  readonly gpu: number;
  readonly link: number;
  readonly counter: string;
  readonly value: number;
}

/** GPUs that somebody says a machine should have. */
export interface ExpectedGpus {
  readonly gpus: number;
  /** As the driver, the table of boards or people call it. */
  readonly model: string;
}

/** What is known of a machine, from whatever told it. */
export interface MachineFacts {
  /** Those within the window that is judged, where they say when they were. */
  readonly xids: readonly XidError[];
  /** Around the window: the last before it and all in it. */
  readonly links: readonly LinkReading[];
  /** States while some file was written. */
  readonly facts: readonly FactRow[];
  /** What a server and its GPUs did while somebody watched them. */
  readonly activity?: ServerActivity | undefined;
  /** What the machine is meant to have. */
  readonly expected?: ExpectedGpus | undefined;
}

/** The errors of a window; those that say no time may lie in it. @param from and `to` in epoch ns */
export const xidsIn = (xids: readonly XidError[], from: bigint, to: bigint): readonly XidError[] =>
  xids.filter(({ ns }) => ns === undefined || (ns >= from && ns <= to));

/** Readings of a window, with the last one before and the first one after it: what was counted between lies in it, or may. */
export function linksIn(links: readonly LinkReading[], from: bigint, to: bigint): readonly LinkReading[] {
  const times = [...new Set(links.map(l => l.ns))].toSorted((a, b) => (a < b ? -1 : 1));
  const first = times.findLast(t => t <= from) ?? from;
  const last = times.find(t => t >= to) ?? to;
  return links.filter(l => l.ns >= first && l.ns <= last);
}
