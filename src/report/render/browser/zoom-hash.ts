type Range = readonly [number, number];

const HASH = /^#zoom=(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/;

/** The stretch of time that the address names, in seconds. */
export function zoomOfHash(hash: string): Range | undefined {
  const [, from, to] = HASH.exec(hash) ?? [];
  return from === undefined || to === undefined || Number(to) <= Number(from) ? undefined : [Number(from), Number(to)];
}

/** Keeps the shown stretch in the address, so that a link shows the same; null: the whole trace. What else the address names stays. */
export function rememberZoom(range: Range | null): void {
  const { hash, pathname, search } = location;
  if (range === null && zoomOfHash(hash) === undefined) return;
  const next = range === null ? `${pathname}${search}` : `#zoom=${range.map(s => Number(s.toFixed(3))).join('-')}`;
  if (next !== hash) history.replaceState(null, '', next);
}
