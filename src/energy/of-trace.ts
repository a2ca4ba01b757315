import type { Ms, Ns } from '#core/units';
import type { SeriesFile } from '#input/series/on-trace-clock';
import type { GpuCard } from '#schema/gpu-card';
import type { GpuSampleRow, RequestRow } from '#schema/relation';
import { accountFor } from './account.ts';
import type { EnergyFacts, WindowKind } from './facts.ts';
import type { Window } from './integrate.ts';
import { mergeSources } from './merge-sources.ts';
import type { Prices } from './prices.ts';
import { gpuSources, sampleSources } from './sources.ts';
import { tokensOfRequests } from './tokens.ts';

export interface EnergyInput {
  /** By the numbers of the trace, on its clock. */
  readonly gpu: Iterable<GpuSampleRow & { readonly t: Ns }>;
  readonly gpuCards: ReadonlyMap<number, GpuCard>;
  readonly gpuRanBack_ms: Ms;
  readonly files: readonly SeriesFile[];
  readonly rows: readonly RequestRow[];
  /** To be added to a request's time. */
  readonly offset: Ns;
  /** Of the trace, since the session began; it stands in where there is no load test. */
  readonly window: readonly [start: Ns, end: Ns];
  /** When the session began, ns since 1970; undefined where that is not known. */
  readonly session: bigint | undefined;
  /** Names of the devices of the trace, as "GPU 0". */
  readonly devices: readonly string[];
  readonly zoneHours: number | undefined;
  readonly prices: Prices;
  /** Whether it is sure when the GPU samples were taken. */
  readonly isClockSure: boolean;
}

/** What the samples of GPUs, of whichever files, are called together. */
const SAMPLES = 'GPU samples';
const NS_PER_S = 1e9;
const HOUR_S = 3600;

/** The load test's own window, or the trace's: s since the session began. */
function windowOf({ rows, offset, window }: EnergyInput): { readonly window: Window; readonly kind: WindowKind } {
  const ends = rows.flatMap(r => r.finish_ms ?? []);
  if (ends.length === 0) return { window: [window[0] / NS_PER_S, window[1] / NS_PER_S], kind: { kind: 'trace' } };
  const at = (ms: Ms) => (ms * 1e6 + offset) / NS_PER_S;
  const first = rows.reduce((least, r) => Math.min(least, r.arrival_ms), Number.POSITIVE_INFINITY);
  return { window: [at(first), at(ends.reduce((a, b) => Math.max(a, b)))], kind: { kind: 'requests' } };
}

/** Meters other than the GPUs' own, on the trace's clock where their stamps allow it. */
function otherSources({ files, session, zoneHours = 0 }: EnergyInput) {
  return files.flatMap(({ path, series }) => {
    if (series.kind !== 'samples' || session === undefined || !['epoch', 'zoneless'].includes(series.clock.kind)) return [];
    const shift = Number(series.origin_ns - session) / NS_PER_S - (series.clock.kind === 'zoneless' ? zoneHours * HOUR_S : 0);
    return sampleSources({ path, series }, t_ms => t_ms / 1e3 + shift);
  });
}

/** Power, energy and cost of the load test, or of the traced window where there is none; null where no power was metered. */
export function energyOf(input: EnergyInput): EnergyFacts | null {
  const { window, kind } = windowOf(input);
  const series = { rows: input.gpu, cards: input.gpuCards, ranBack_ms: input.gpuRanBack_ms };
  const own = gpuSources({ path: SAMPLES, series }, g => g.t / 1e6 / 1e3);
  const used = new Set(input.devices);
  const known = own.some(s => used.has(s.entity));
  return accountFor({
    sources: mergeSources([...own, ...otherSources(input)], 'one'),
    window,
    start_ns: (input.session ?? 0n) + BigInt(Math.round(window[0] * NS_PER_S)),
    kind,
    tokens: input.rows.length === 0 ? null : tokensOfRequests(input.rows, window[1] - window[0], () => true),
    prices: input.prices,
    isClockOpen: !input.isClockSure,
    // GPUs that the trace does not name stood by, or belonged to someone else.
    inUse: ({ gpu, entity }) => gpu === undefined || !known || used.has(entity),
  });
}
