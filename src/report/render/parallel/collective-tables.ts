import { bytes, count, gbps, ms, percent, plain, seconds } from '#core/format/numbers';
import type { Collectives } from '#schema/collectives';
import { type Listing, listing } from './listing.ts';

type Kind = Collectives['kinds'][number];
type PerRank = Collectives['per_rank'][number];

/** The sums over a mean rank, in a sentence for collectives and one for sends and receives, where there are any. */
export function sums({ ops, ranks, transfer_ms, wait_ms, jitter_ms, point_to_point, exposed_share }: Collectives): string {
  const exposed = `${percent(exposed_share)} of the communication had no compute beside it.`;
  const collectives = `${count(ops, 'collective')} of ${count(ranks.length, 'rank')}. A mean rank transferred for ${ms(transfer_ms)} and waited for ${ms(wait_ms)}, of which ${ms(jitter_ms)} are jitter.`;
  const between = `${count(point_to_point.ops, 'send or receive', 'sends or receives')}: a mean rank transferred for ${ms(point_to_point.transfer_ms)} and waited for ${ms(point_to_point.wait_ms)} until the other side was ready.`;
  return [...(ops > 0 ? [collectives] : []), ...(point_to_point.ops > 0 ? [between] : []), exposed].join(' ');
}

export const kinds = ({ kinds: all }: Collectives): Listing =>
  listing('Operations by kind, a mean rank', all, [
    { head: 'Operation', text: k => (k.point_to_point ? `${k.name} (point-to-point)` : k.name) },
    { head: 'Algorithm', text: k => k.algorithm ?? 'not known' },
    { head: 'Protocol', text: k => k.protocol ?? 'not known' },
    { head: 'Count', text: k => plain(k.count), numeric: true },
    { head: 'Transfer', text: k => ms(k.transfer_ms), numeric: true },
    { head: 'Wait', text: k => ms(k.wait_ms), numeric: true },
    ...(all.some(k => k.bytes !== null)
      ? [
          { head: 'Messages', text: (k: Kind) => (k.bytes === null ? 'not known' : bytes(k.bytes)), numeric: true },
          {
            head: 'Algorithm bandwidth',
            text: (k: Kind) => (k.algorithm_gbps === null ? 'not known' : gbps(k.algorithm_gbps)),
            numeric: true,
          },
        ]
      : []),
  ]);

export const perRank = ({ per_rank }: Collectives): Listing =>
  listing('Time of each rank in collectives', per_rank, [
    { head: 'Rank', text: r => r.rank },
    { head: 'Device', text: r => r.device },
    { head: 'Transfer', text: r => ms(r.transfer_ms), numeric: true },
    { head: 'Wait', text: r => ms(r.wait_ms), numeric: true },
    { head: 'Of it jitter', text: r => ms(r.jitter_ms), numeric: true },
    ...(per_rank.some(r => r.point_to_point_ms > 0)
      ? [{ head: 'Sends and receives', text: (r: PerRank) => ms(r.point_to_point_ms), numeric: true }]
      : []),
    { head: 'Times late', text: r => plain(r.late), numeric: true },
  ]);

export const lateRanks = ({ late }: Collectives): Listing =>
  listing('Ranks that the others waited for', late, [
    { head: 'Rank', text: l => l.rank },
    { head: 'Times late', text: l => plain(l.count), numeric: true },
    { head: 'Others waited', text: l => ms(l.wait_ms), numeric: true },
    { head: 'Its cause', text: l => l.cause, cause: true },
    { head: 'How that is known', text: l => l.why, prose: true },
  ]);

export const worstWaits = ({ late }: Collectives): Listing =>
  listing(
    'The longest waits for a late rank',
    late.flatMap(l => l.worst.map(w => ({ ...w, rank: l.rank }))).toSorted((a, b) => b.wait_ms - a.wait_ms || a.start_ms - b.start_ms),
    [
      { head: 'Rank', text: w => w.rank },
      { head: 'At', text: w => seconds(w.start_ms), numeric: true },
      { head: 'Wait', text: w => ms(w.wait_ms), numeric: true },
      { head: 'Its cause', text: w => w.cause, cause: true },
    ],
  );

export const skew = ({ skew: all }: Collectives): Listing =>
  listing('Clocks of the reports; no order is claimed inside the residual', all, [
    { head: 'Report', text: s => s.report },
    { head: 'Offset', text: s => ms(s.offset_ms), numeric: true },
    { head: 'Residual', text: s => ms(s.residual_ms), numeric: true },
  ]);
