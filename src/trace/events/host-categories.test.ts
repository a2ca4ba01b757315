import { expect, test } from 'vitest';
import { ACTIVITIES, cudaActivity, isDeviceWide, osActivity } from './host-categories.ts';

test.each([
  ['cudaLaunchKernel', 'launch'],
  ['cudaLaunchKernelExC', 'launch'],
  ['cuLaunchKernelEx', 'launch'],
  ['cudaGraphLaunch', 'launch'],
  ['cudaMemcpyAsync', 'copy'],
  ['cuMemcpyDtoHAsync', 'copy'],
  ['cudaMemsetAsync', 'copy'],
  ['cudaMemPrefetchAsync', 'copy'],
  ['cudaStreamSynchronize', 'sync'],
  ['cudaDeviceSynchronize', 'sync'],
  ['cudaEventSynchronize', 'sync'],
  ['cuCtxSynchronize', 'sync'],
  ['cudaMalloc', 'memory'],
  ['cudaMallocAsync', 'memory'],
  ['cudaFreeHost', 'memory'],
  ['cudaHostAlloc', 'memory'],
  ['cudaHostRegister', 'memory'],
  ['cuMemAlloc', 'memory'],
  ['cuMemAddressReserve', 'memory'],
  ['cuMemMap', 'memory'],
  ['cuMemHostUnregister', 'memory'],
  ['cuModuleLoadData', 'code'],
  ['cuModuleUnload', 'code'],
  ['cuLibraryLoadData', 'code'],
  ['cuLibraryGetKernel', 'code'],
  ['cuLinkCreate', 'code'],
  ['nvrtcCompileProgram', 'code'],
  ['cudaProfilerStop', 'profiler'],
  ['cudaEventRecord', 'other-cuda'],
  ['cudaStreamIsCapturing', 'other-cuda'],
  ['cudaGetDevice', 'other-cuda'],
  ['(unnamed)', 'other-cuda'],
])('the CUDA call %s is %s', (name, activity) => expect(cudaActivity(name)).toBe(activity));

test.each([
  ['read', 'storage'],
  ['pread64', 'storage'],
  ['preadv2', 'storage'],
  ['fwrite', 'storage'],
  ['fsync', 'storage'],
  ['fdatasync', 'storage'],
  ['open64', 'storage'],
  ['openat64', 'storage'],
  ['close', 'storage'],
  ['io_uring_enter', 'storage'],
  ['copy_file_range', 'storage'],
  ['pthread_cond_timedwait', 'wait'],
  ['pthread_mutex_lock', 'wait'],
  ['sem_clockwait', 'wait'],
  ['clock_nanosleep', 'wait'],
  ['usleep', 'wait'],
  ['poll', 'wait'],
  ['ppoll', 'wait'],
  ['select', 'wait'],
  ['epoll_wait', 'wait'],
  ['epoll_pwait2', 'wait'],
  ['recvmsg', 'wait'],
  ['flock', 'wait'],
  ['mmap64', 'memory'],
  ['munmap', 'memory'],
  ['madvise', 'memory'],
  ['brk', 'memory'],
  ['mlockall', 'memory'],
  ['ioctl', 'other-os'],
  ['pthread_create', 'other-os'],
  ['readlink', 'other-os'],
  ['(unnamed)', 'other-os'],
])('the system call %s is %s', (name, activity) => expect(osActivity(name)).toBe(activity));

test('own code is the absence of any call, so it stands last', () => expect(ACTIVITIES.at(-1)).toBe('own-code'));

test('a device-wide synchronisation is told from one of a stream or an event', () => {
  expect(['cudaDeviceSynchronize', 'cudaThreadSynchronize', 'cuCtxSynchronize'].every(isDeviceWide)).toBe(true);
  expect(['cudaStreamSynchronize', 'cudaEventSynchronize', 'cuStreamSynchronize'].some(isDeviceWide)).toBe(false);
});
