import type { Ns, Share } from '#core/units';
import type { Loss } from '#diagnosis/lanes/loss';
import type { Migrated } from '#diagnosis/lanes/migrated';
import { MANAGED_COPIES } from '#trace/events/copy-kinds';
import { defineDetector } from '../define.ts';

/** Migrations must fill so much of what was lost: the larger half. */
const MAIN_SHARE: Share = 0.5;
const MIB = 2 ** 20;

/**
 * When pages would have moved if they made this loss: all of a slow kernel's run, the gap itself; undefined where they cannot have made it. What the
 * program copies itself, waits for or allocates is its own doing.
 */
function suspect(loss: Loss): readonly [Ns, Ns] | undefined {
  switch (loss.kind) {
    case 'slow':
      return loss.byClock ? undefined : [loss.start - (Number.isFinite(loss.normal) ? loss.normal : 0), loss.end];
    case 'starved':
      return loss.activity === 'own-code' ? [loss.start, loss.end] : undefined;
    case 'queued':
      return loss.foreign ? undefined : [loss.start, loss.end];
    case 'copy':
      return MANAGED_COPIES.has(loss.copyKind) ? [loss.start, loss.end] : undefined;
    case 'unknown':
      return [loss.start, loss.end];
    default:
      return undefined;
  }
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
    const when = suspect(loss);
    const found = when === undefined ? undefined : migrated(...when);
    if (found === undefined || found.ns < MAIN_SHARE * (loss.end - loss.start)) return undefined;
    return { subject: words(found), confidence: found.faults > 0 ? 'high' : 'medium' };
  },
});
