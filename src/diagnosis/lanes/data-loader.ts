import { median } from 'd3-array';
import { byteAt, intAt, realAt } from '#core/columns';
import { getOrCompute } from '#core/get-or-compute';
import { upperBound } from '#core/math/spans';
import type { Ns, Share } from '#core/units';
import type { HostCalls } from '#trace/events/host-calls';
import { ACTIVITIES } from '#trace/events/host-categories';

/** The data loader of a training process, as far as its threads are in the trace. */
export interface DataLoader {
  /** Name of a thread of the loader; undefined for any other thread. */
  readonly nameOf: (thread: number) => string | undefined;
  /** The loader's thread that had nothing to give while another thread of its process waited in [from, to), and the call it sat in itself. */
  readonly keptWaiting: (thread: number, from: Ns, to: Ns) => { readonly name: string; readonly call: string } | undefined;
}

/** What PyTorch calls the threads of its DataLoader (torch/utils/data/_utils: pin_memory.py, worker.py). */
const LOADER = /^pt_data_(pin|worker)$/;
/** The loader must get its data in the last part of the wait: what ended it came from there. */
const HANDED_OVER: Share = 0.1;
/** A loader that keeps up gets its data once a batch; one that waited for two batches' time has missed one. */
const BATCHES_MISSED = 2;

/** Finds the data loader among the threads of a trace, by their names. */
export function dataLoader(host: Pick<HostCalls, 'threads' | 'callsOf' | 'nameOf'>): DataLoader {
  const { threads, callsOf } = host;
  const loaders = threads.flatMap(({ name = '', process }, thread) => (LOADER.test(name) ? [{ name, process, thread }] : []));
  const names = new Map(loaders.map(l => [l.thread, l.name]));
  const usual = new Map<string, Ns>();
  const usualOf = (thread: number, nameId: number): Ns =>
    getOrCompute(usual, `${thread} ${nameId}`, () => {
      const { n, start, end, nameId: ids } = callsOf(thread);
      const lengths = Array.from({ length: n }, (_, i) => (ids[i] === nameId ? realAt(end, i) - realAt(start, i) : Number.NaN));
      return median(lengths) ?? Number.NaN;
    });
  /** The wait of a loader's thread that began before the stretch and ended in its last part. */
  const emptyHanded = (thread: number, from: Ns, to: Ns): string | undefined => {
    const calls = callsOf(thread);
    for (let i = upperBound(calls.start, from) - 1; i >= 0 && realAt(calls.endSoFar, i) > from; i--) {
      const end = realAt(calls.end, i);
      if (ACTIVITIES[byteAt(calls.activity, i)] !== 'wait' || end > to || end < to - HANDED_OVER * (to - from)) continue;
      const nameId = intAt(calls.nameId, i);
      if (end - realAt(calls.start, i) >= BATCHES_MISSED * usualOf(thread, nameId)) return host.nameOf(nameId);
    }
    return undefined;
  };
  return {
    nameOf: thread => names.get(thread),
    keptWaiting(thread, from, to) {
      for (const loader of loaders) {
        if (loader.process !== threads[thread]?.process || loader.thread === thread) continue;
        const call = emptyHanded(loader.thread, from, to);
        if (call !== undefined) return { name: loader.name, call };
      }
      return undefined;
    },
  };
}
