/** What a host thread is doing, as far as calls can tell. `own-code` is the absence of any call. */
export const ACTIVITIES = [
  'profiler',
  'code',
  'memory',
  'sync',
  'copy',
  'storage',
  'wait',
  'launch',
  'other-cuda',
  'other-os',
  'own-code',
] as const;
export type Activity = (typeof ACTIVITIES)[number];

/**
 * Call names by activity. Where calls nest, the activity that stands first in ACTIVITIES names the moment: a module load
 * inside a launch is a module load, and a wait inside an allocation is the allocation.
 */
const CUDA_CALLS: readonly (readonly [Activity, RegExp])[] = [
  ['profiler', /^cu(da)?Profiler/],
  [
    'code',
    /^cu(da)?(Module|Library)(Load|Unload|GetFunction|GetKernel|EnumerateKernels)|^cuLink|^cuFuncLoad|^nvrtc|^nvJitLink|^cuModuleGetLoadingMode/,
  ],
  [
    'memory',
    /^cuda(Malloc|Free|HostAlloc|HostRegister|HostUnregister|MemPool|DeviceSetMemPool)|^cuMem(Alloc|Free|HostAlloc|HostRegister|HostUnregister|HostFree|Map|Unmap|Create|Release|SetAccess|AddressReserve|AddressFree|Pool)|^cuMemoryPool/,
  ],
  ['sync', /^cuda(Device|Stream|Event|Thread)Synchronize|^cu(Ctx|Stream|Event)Synchronize/],
  ['copy', /^cuda(Memcpy|Memset)|^cuMem(cpy|set)|^cudaMemPrefetch|^cuMemPrefetch/],
  ['launch', /^cuda(Launch|GraphLaunch)|^cu(Launch|GraphLaunch)/],
];

const OS_CALLS: readonly (readonly [Activity, RegExp])[] = [
  [
    'storage',
    /^(p?read(v2?|64)?|p?write(v2?|64)?|p(read|write)(v2?)?64(v2?)?|f?(read|write)|f(read|write)_unlocked|f?open(at|64|at64)?|fopen(64)?|freopen|f?close|fflush|f(data)?sync|sync(fs|_file_range)?|msync|l?seek(64)?|fseeko?|fgets?c?|getline|fputs|fprintf|vfprintf|f?truncate(64)?|fallocate|posix_fallocate|posix_fadvise|readahead|sendfile(64)?|splice|copy_file_range|io_(submit|getevents|uring.*)|aio_.*|f?l?stat(x|at|64)?|readdir(64)?|opendir|unlink|rename|mkdir)$/,
  ],
  [
    'wait',
    /^(pthread_(cond|mutex|rwlock|barrier|spin|join|timedjoin).*|sem_.*|futex.*|clock_nanosleep|nanosleep|u?sleep|p?poll|p?select|epoll_p?wait2?|wait(pid|id|3|4)?|sig(timed)?wait(info)?|sigsuspend|pause|flock|lockf|accept4?|recv(from|msg|mmsg)?|send(to|msg|mmsg)?|connect|mq_.*|msg(rcv|snd)|semop|semtimedop|sched_yield|eventfd_read)$/,
  ],
  ['memory', /^(m(un|re)?map(64)?|mmap2|madvise|mprotect|m(un)?lock(all)?2?|s?brk|malloc_trim|shm_open|shmat)$/],
];

const classify = (name: string, rules: readonly (readonly [Activity, RegExp])[], rest: Activity): Activity =>
  rules.find(([, pattern]) => pattern.test(name))?.[0] ?? rest;

/** Activity of a CUDA runtime or driver call, by its name. */
export const cudaActivity = (name: string): Activity => classify(name, CUDA_CALLS, 'other-cuda');

/** Activity of a call into the operating system's libraries, by its name. Reads and writes of sockets look like file access and are counted as such. */
export const osActivity = (name: string): Activity => classify(name, OS_CALLS, 'other-os');

/** True for a synchronisation that waits for a whole device or context rather than for one event or stream. */
export const isDeviceWide = (name: string): boolean => /^cuda(Device|Thread)Synchronize|^cuCtxSynchronize/.test(name);
