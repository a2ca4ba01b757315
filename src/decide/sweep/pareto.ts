/** One setting by what is wanted much and what is wanted little. */
export interface TradeOff {
  readonly value: string;
  readonly throughput: number | undefined;
  readonly latency_ms: number | undefined;
}

/** The settings of which no other has more throughput and no more latency, or less latency and no less throughput. */
export function paretoOf(all: readonly TradeOff[]): string[] {
  const known = all.flatMap(({ value, throughput, latency_ms }) =>
    throughput === undefined || latency_ms === undefined ? [] : [{ value, throughput, latency_ms }],
  );
  const beats = (a: (typeof known)[number], b: (typeof known)[number]) =>
    a.throughput >= b.throughput && a.latency_ms <= b.latency_ms && (a.throughput > b.throughput || a.latency_ms < b.latency_ms);
  return known.filter(one => !known.some(other => beats(other, one))).map(({ value }) => value);
}
