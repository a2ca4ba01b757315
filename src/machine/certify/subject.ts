import type { MeasurementRow } from '#schema/measurement';

const GPU = /^GPU (\d+)$/;

/** Processors of one host stand for its memory: how far a GPU is from each is its own matter. */
const placeOf = (place: string | null): string => (place === null ? 'all' : place.startsWith('CPU') ? 'CPU' : place);

/** What a figure is of: a GPU, a pair in one direction or both, so many GPUs together. */
export function subjectOf(row: MeasurementRow): string {
  switch (row.what) {
    case 'host-copy':
    case 'peer-copy':
      return row.from === null && row.to === null ? 'all' : [placeOf(row.from), row.both_ways ? '↔' : '→', placeOf(row.to)].join(' ');
    case 'latency':
      return row.to === null ? placeOf(row.from) : `${placeOf(row.from)} → ${placeOf(row.to)}`;
    case 'collective':
      return row.ranks === null ? 'all' : `${row.ranks} GPUs`;
    default:
      return row.from === null ? 'all' : row.to === null ? row.from : `${row.from} → ${row.to}`;
  }
}

/** Numbers of the GPUs that a figure names. */
export const gpusOf = ({ from, to }: Pick<MeasurementRow, 'from' | 'to'>): number[] =>
  [...new Set([from, to])].flatMap(place => {
    const [, gpu] = GPU.exec(place ?? '') ?? [];
    return gpu === undefined ? [] : [Number(gpu)];
  });

/**
 * Other copies ran at the same time, and only a part or the sum of all was measured: nvbandwidth's tests of several GPUs, and its copies to and from
 * the host in both directions, of which it reports one.
 */
export const isTogether = ({ what, test, from, to, both_ways }: MeasurementRow): boolean =>
  (what === 'peer-copy' && (from === null || to === null)) ||
  (what === 'host-copy' && !both_ways && /bidirectional|(?:^|_)all(?:_|$)/.test(test));
