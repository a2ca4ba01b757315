import { defineDetector } from '../define.ts';

const KINDS: Readonly<Record<number, string>> = {
  1: 'host-to-device',
  2: 'device-to-host',
  8: 'device-to-device',
  9: 'host-to-host',
  10: 'peer-to-peer',
};
const MIB = 2 ** 20;

export default defineDetector({
  cause: 'blocking-copy',
  precedence: 30,
  attributeLoss(loss) {
    if (loss.kind === 'copy') {
      const size = loss.bytes >= MIB ? `${Math.round(loss.bytes / MIB)} MiB` : `${loss.bytes} bytes`;
      return { subject: `${loss.pageable ? 'pageable ' : ''}${KINDS[loss.copyKind] ?? 'memory'} copy of ${size}`, confidence: 'high' };
    }
    return loss.kind === 'starved' && loss.activity === 'copy' ? { subject: loss.call, confidence: 'medium' } : undefined;
  },
});
