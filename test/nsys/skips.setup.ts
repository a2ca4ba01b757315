import { HAS_NSYS, onPath } from './harness.ts';

/** Says aloud what is skipped: a run in which nothing ran must not look like one in which all is well. */
export default function setup(): void {
  const warn = (text: string) => process.stderr.write(`\n!!! WARNING: ${text}\n\n`);
  if (!HAS_NSYS) warn('nsys is not on PATH: all tests with the real nsys are SKIPPED');
  else if (onPath('mpirun') === undefined) warn('mpirun is not on PATH: the test with a real Open MPI is SKIPPED');
}
