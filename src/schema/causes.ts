import { z } from 'zod';

/** The causes a delay can be put down to. The ids are fixed: other tools and stored reports rely on them. */
export const CAUSES = [
  'host-compute',
  'host-blocked',
  'storage-io',
  'memory-allocation',
  'code-load',
  'blocking-copy',
  'device-sync',
  'head-of-line',
  'gpu-contention',
  'clock-throttle',
  'collective-wait',
  'peer-copy-staged',
  'handoff-exposed',
  'stage-imbalance',
  'queueing',
  'paging',
  'profiler-artefact',
] as const;

export const Cause = z.enum(CAUSES);
export type Cause = z.infer<typeof Cause>;

/** A cause, or the honest rest. */
export const CauseOrRest = z.enum([...CAUSES, 'unexplained']);
export type CauseOrRest = z.infer<typeof CauseOrRest>;

/** What a reader is told about each cause: a name in words, why it hurts, and what to do. */
export const CAUSE_TEXT: Readonly<Record<CauseOrRest, { readonly title: string; readonly meaning: string; readonly advice: string }>> = {
  'host-compute': {
    title: 'Host computing',
    meaning: 'The GPU had nothing queued, and the thread that feeds it was running its own code: no CUDA call, no blocking system call.',
    advice:
      'Find what the launching thread computes at these times (a CPU profile of it, or NVTX ranges around the scheduler) and move it off the launch path: another thread or process, a C++ path, or CUDA graphs to need fewer launches.',
  },
  'host-blocked': {
    title: 'Host thread blocked',
    meaning: 'The GPU had nothing queued, and the thread that feeds it waited in a lock, a condition, a sleep or a poll.',
    advice:
      'See which call the thread waits in and who holds what it waits for (a lock, the Python GIL, a queue, a socket). Keep the launching thread free of waits.',
  },
  'storage-io': {
    title: 'Storage on the launch path',
    meaning: 'The GPU had nothing queued, and the thread that feeds it was reading, writing or syncing files.',
    advice: 'Move file access off the launching thread (prefetch, asynchronous writes, a logging thread) or onto faster storage.',
  },
  'memory-allocation': {
    title: 'Memory allocation',
    meaning: 'The GPU had nothing queued, and the thread that feeds it was allocating, freeing, mapping or registering memory.',
    advice:
      'Allocate once and reuse: size the caching allocator or memory pool for the peak, avoid empty_cache() and cudaFree in the loop (it also synchronises the device), pin host buffers at start-up.',
  },
  'code-load': {
    title: 'Code loading or compiling',
    meaning: 'The GPU had nothing queued while a module or library was loaded or a kernel was compiled at run time.',
    advice:
      'Warm up every shape before taking traffic, cache compiled kernels on disk, bucket or pad shapes so that fewer variants exist, or choose a backend that does not plan per shape.',
  },
  'blocking-copy': {
    title: 'Blocking copy',
    meaning: 'A large or pageable copy held both the thread and the stream that serves requests.',
    advice: 'Copy from and to pinned memory, asynchronously, on a stream of its own, in pieces; or do not copy at all in the serving loop.',
  },
  'device-sync': {
    title: 'Needless synchronisation',
    meaning: 'The launching thread waited for the whole device or stream when the work did not need it, so the queue ran dry.',
    advice:
      'Replace device- and stream-wide synchronisation by events, and read results back later or on another stream. Look for .item(), .cpu(), print and empty_cache in the loop.',
  },
  'head-of-line': {
    title: 'Head-of-line blocking',
    meaning: 'The GPU was busy, but with one long piece of work that every other request had to wait behind.',
    advice: 'Cut long work into pieces (chunked prefill), cap the prompt tokens per step, or send long prompts to another instance.',
  },
  'gpu-contention': {
    title: 'GPU contention',
    meaning: 'The same kernels took longer, or queued longer, while another stream, context or process computed on the GPU.',
    advice:
      'Find out what the other work is (the subject names it) and move it to another GPU or time, give the serving stream a higher priority, or partition the GPU (MIG, MPS limits).',
  },
  'clock-throttle': {
    title: 'Lowered clocks',
    meaning: 'The same kernels took longer while the SM clock was down.',
    advice:
      'See the reason bits: a power cap is normal under load (raise the limit if you may); thermal reasons mean cooling; "HW slowdown" or "power brake" means the machine needs attention.',
  },
  'collective-wait': {
    title: 'Waiting for a late rank',
    meaning: 'Ranks waited inside a collective for one that came late.',
    advice: 'Look at the late rank: its own cause is what needs mending.',
  },
  'peer-copy-staged': {
    title: 'Peer copy staged through the host',
    meaning: 'Traffic between GPUs went through host memory instead of the direct link.',
    advice: 'Enable peer access, check topology and IOMMU settings, and pin buffers to GPUs that share a link.',
  },
  'handoff-exposed': {
    title: 'Exposed hand-off',
    meaning: 'Hand-offs between pipeline stages were not hidden under compute.',
    advice: 'Send on a copy stream of its own as soon as the producer is done, and overlap with the next microbatch.',
  },
  'stage-imbalance': {
    title: 'Uneven pipeline stages',
    meaning: 'One pipeline stage had more work than its peers.',
    advice: 'Move layers between stages so that their times are equal.',
  },
  queueing: {
    title: 'Queueing',
    meaning: 'Requests waited for admission, or for their turn, while the device did its normal work: arrivals outran service.',
    advice: 'Add capacity, admit more per step, or shed load earlier: no single fault was found behind this wait.',
  },
  paging: {
    title: 'Paging on the host',
    meaning: 'The GPU had nothing queued while the host took major page faults, swapped, or ran short of memory.',
    advice:
      'Lock or pre-fault the memory that the serving loop touches, disable swap for the service, give the container more memory, and keep page-cache eaters away.',
  },
  'profiler-artefact': {
    title: 'The profiler itself',
    meaning: 'The delay is the measuring tool: its start-up, its flush, or its own overhead.',
    advice: 'Ignore these requests: they would not have been slow without the profiler. Compare with an unprofiled run.',
  },
  unexplained: {
    title: 'Unexplained',
    meaning: 'Delay for which this data shows no cause.',
    advice: 'See the list of what this data cannot tell; record what is missing and capture again.',
  },
};
