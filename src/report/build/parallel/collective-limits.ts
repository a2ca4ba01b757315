import { count, plain, us } from '#core/format/numbers';
import type { CollectiveLimits, Payloads } from '#multi-gpu/collectives/facts';

const BY_ORDER = 'order of the kernels on their streams, checked by their ends';

/** How the collectives of the ranks were matched. */
export function matchedBy({ kernels, communicators }: Payloads): string {
  if (communicators === 0) return `${BY_ORDER}: the export holds no NCCL payloads (communicator, size)`;
  if (communicators === kernels) return `communicator (NCCL's NVTX payloads) and ${BY_ORDER}`;
  return `communicator for ${plain(communicators)} of ${count(kernels, 'kernel')} (NCCL's NVTX payloads), and ${BY_ORDER}`;
}

function bytesUnknown({ kernels, messages }: Payloads): string[] {
  if (messages === kernels) return [];
  if (messages === 0) return ['Bytes of a collective, and so its bandwidth: the export holds no NCCL payloads.'];
  const left = kernels - messages;
  return [
    `Bytes of ${count(left, 'NCCL kernel')}: no payload is joined to ${left === 1 ? 'it' : 'them'} (launched by a group of several kernels or communicators or by a CUDA graph, or the call was not recorded).`,
  ];
}

/** What the traces do not show about collectives, a sentence each. */
export function collectiveLimits(payloads: Payloads, limits: CollectiveLimits): string[] {
  const { isAlgorithmHidden, unmatched, adrift, residual, lacksOsCalls } = limits;
  const out = bytesUnknown(payloads);
  if (isAlgorithmHidden)
    out.push(
      'Which algorithm and protocol ran: since 2.19 NCCL runs others inside the kernel that it names after the most common one (RING_LL, mostly).',
    );
  if (unmatched > 0)
    out.push(
      `${count(unmatched, 'NCCL kernel')} met no partner in these traces (cut off by the window, lost, or a rank that was not recorded) and ${unmatched === 1 ? 'is' : 'are'} left out.`,
    );
  for (const name of adrift) out.push(`Where ${name} lies in time: none of its collectives matches those of the others.`);
  if (residual > 0) out.push(`Who entered first where entries lie within ${us(residual / 1000)}: the clocks agree no better.`);
  if (lacksOsCalls) out.push('Whether a late rank’s thread computed or waited in the operating system: record with -t osrt.');
  return out;
}
