import { coverage, type Spans, spansOf } from '#core/math/spans';
import type { AttributedLoss } from '#diagnosis/causes/attribute-losses';
import type { TrainingRank, TrainingSource } from './training-rank.ts';

/** Names of ranges that save the state of a training. `checkpoint` alone may be an activation's, and `save_for_backward` keeps a tensor. */
const SAVES =
  /torch\.save|save_(?:checkpoint|model|pretrained|state)|(?:checkpoint|ckpt)[ _.:-]*(?:sav|writ|dump)|(?:sav|writ|dump)\w*[ _.:-]+(?:checkpoint|ckpt)/i;
/** A save comes more seldom than anything else: all that a program names is looked at. */
const ALL = 1_000_000_000;

/** When a rank's process says by a range that it saves its state. */
export function savingRanges({ source, ops }: TrainingSource, rank: TrainingRank): Spans {
  const names = source.ask('nvtx_name', { top: ALL });
  if (!names.ok || !names.rows.some(r => SAVES.test(r.name))) return spansOf([]);
  const answer = source.ask('nvtx_time', { top: ALL });
  const pid = source.pidOf(ops.processes[rank.process] ?? Number.NaN);
  const rows = answer.ok ? answer.rows.filter(r => r.pid === pid && r.name !== null && SAVES.test(r.name)) : [];
  return spansOf(rows.map(r => [r.start_ns, r.start_ns + r.dur_ns] as const));
}

/** Losses of which the larger half lies in a save, as those of a checkpoint: what is computed there is the serialising. */
export function asCheckpoints(losses: readonly AttributedLoss[], saves: Spans): readonly AttributedLoss[] {
  if (saves.n === 0) return losses;
  const saving = coverage(saves);
  return losses.map(loss => {
    const { cause, attribution, start, end } = loss;
    if (attribution === undefined || 2 * saving(start, end) <= end - start) return loss;
    if (cause === 'blocking-copy') return { ...loss, attribution: { ...attribution, subject: 'checkpoint: copies to the host' } };
    if (cause !== 'storage-io' && cause !== 'host-compute') return loss;
    return { ...loss, cause: 'storage-io', attribution: { ...attribution, subject: 'checkpoint: serialising and writing' } };
  });
}
