/** What makes a host keep up whose every step, or every operation of a pipeline, waits for launches. */
export const LAUNCH_BOUND = {
  advice:
    'Launch less often: capture the step in a CUDA graph, fuse kernels (torch.compile), or give each launch more work. Check that prefill is captured too.',
  ofPipelines:
    'Launch less often: capture the operations of a microbatch in CUDA graphs, fuse kernels (torch.compile), or give each launch more work (larger microbatches). Devices that wait for the late one gain as much.',
  action: 'Use CUDA graphs, or fewer and larger launches.',
} as const;
