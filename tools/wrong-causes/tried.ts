/** Fixtures of which every change was tried by one and the same code, and found nothing: what a few of these find, drawn by chance, is new. */
export const TRIED: readonly string[] = [
  ...[
    'blocking-copy',
    'checkpoint',
    'clean',
    'clock-throttle',
    'code-load',
    'device-sync',
    'gpu-contention',
    'gpu-contention-unseen',
    'handoff-exposed',
    'head-of-line',
  ],
  ...[
    'host-blocked',
    'host-compute',
    'memory-allocation',
    'nccl-handoff',
    'openai-load',
    'paging',
    'peer-copy-staged',
    'profiler-artefact',
  ],
  ...['queueing', 'speculative', 'stage-imbalance', 'storage-io'],
];
