import type { Bytes } from '#core/units';
import { isKineto } from '#trace/kineto/sniff';
import { textHeadOf } from './text-file.ts';
import { headOfGzip, packingOf } from './unpack.ts';

/** What is looked at: a list of GPUs and one of process groups stand before the first event. */
const HEAD: Bytes = 64 * 2 ** 10;
/** How PyTorch's profiler calls a trace; of one that only a program of its own unpacks, all that can be seen. */
const PACKED = /\.trace\.json\.(xz|zst|zstd)$/i;

/** Whether a file is a trace of PyTorch's profiler: plain or gzipped by its first bytes, otherwise compressed by its name. */
export function isKinetoFile(file: string): boolean {
  const packing = packingOf(file);
  if (packing === undefined) return isKineto(textHeadOf(file, HEAD));
  return packing === 'gzip' ? isKineto(headOfGzip(file).toString('utf8')) : PACKED.test(file);
}
