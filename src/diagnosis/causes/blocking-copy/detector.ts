import { COPY_KIND } from '#trace/events/copy-kinds';
import { defineDetector } from '../define.ts';

const KINDS: Readonly<Record<number, string>> = {
  [COPY_KIND.hostToDevice]: 'host-to-device',
  [COPY_KIND.deviceToHost]: 'device-to-host',
  [COPY_KIND.deviceToDevice]: 'device-to-device',
  [COPY_KIND.hostToHost]: 'host-to-host',
  [COPY_KIND.peer]: 'peer-to-peer',
};
const MIB = 2 ** 20;

export default defineDetector({
  cause: 'blocking-copy',
  precedence: 30,
  attributeLoss(loss, { checkpoint }) {
    if (loss.kind !== 'copy' && !(loss.kind === 'starved' && loss.activity === 'copy')) return undefined;
    if (checkpoint(loss.start, loss.end) !== undefined) return { subject: 'checkpoint: copies to the host', confidence: 'high' };
    if (loss.kind === 'copy') {
      const size = loss.bytes >= MIB ? `${Math.round(loss.bytes / MIB)} MiB` : `${loss.bytes} bytes`;
      return { subject: `${loss.pageable ? 'pageable ' : ''}${KINDS[loss.copyKind] ?? 'memory'} copy of ${size}`, confidence: 'high' };
    }
    return { subject: loss.call, confidence: 'medium' };
  },
});
