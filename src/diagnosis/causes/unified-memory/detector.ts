import type { Ns, Share } from '#core/units';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Migrated } from '#diagnosis/lanes/migrated';
import { MANAGED_COPIES } from '#trace/events/copy-kinds';
import { type DetectorContext, defineDetector } from '../define.ts';

/** Migrations must fill so much of what was lost: the larger half. */
const MAIN_SHARE: Share = 0.5;
const MIB = 2 ** 20;

/**
 * For how long pages moved that can have made this loss. A kernel waits for what it faults on, all through its run; a thread in no call waits for pages
 * that it touches and that lie on a GPU. What the program copies itself, waits for or allocates is its own doing.
 */
function movedFor(loss: Loss, migrated: DetectorContext['migrated']): { readonly ns: Ns; readonly found: Migrated } | undefined {
  if (loss.kind === 'slow' && !loss.byClock) {
    const found = migrated(loss.start - (Number.isFinite(loss.normal) ? loss.normal : 0), loss.end);
    return found && { ns: found.ns, found };
  }
  const found = migrated(loss.start, loss.end);
  if (found === undefined) return undefined;
  if (loss.kind === 'copy' && MANAGED_COPIES.has(loss.copyKind)) return { ns: found.ns, found };
  return loss.kind === 'starved' && loss.activity === 'own-code' ? { ns: found.toHostNs, found } : undefined;
}

const words = ({ bytes, faults }: Migrated): string =>
  [
    bytes > 0 ? `${bytes >= MIB ? `${Math.round(bytes / MIB)} MiB` : `${bytes} bytes`} of managed memory moved` : '',
    faults > 0 ? `${faults} page fault${faults === 1 ? '' : 's'} on managed memory` : '',
  ]
    .filter(w => w !== '')
    .join(', ');

export default defineDetector({
  cause: 'unified-memory',
  precedence: 28,
  attributeLoss(loss, { migrated }) {
    const moved = movedFor(loss, migrated);
    if (moved === undefined || moved.ns < MAIN_SHARE * (loss.end - loss.start)) return undefined;
    const { found } = moved;
    return { subject: words(found), confidence: found.faults > 0 ? 'high' : 'medium' };
  },
});
