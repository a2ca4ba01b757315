import { expect, test } from 'vitest';
import { traceOf } from '#test/trace-sample';
import { deviceNumbers } from './numbers.ts';

const A = 2 ** 24;
const B = 2 * 2 ** 24;
const map = (pid: number, device_id: number, gpu_id: number) => ({ pid, device_id, gpu_id });
const numbers = (cuda_device: ReturnType<typeof map>[], doubles: readonly unknown[] = []) =>
  deviceNumbers(traceOf({ relations: { cuda_device, gpu: [{ gpu_id: 0 }] }, answers: { gpu_double: doubles } }));

test('device 0 of two processes is the GPU that the trace says each means', () => {
  const { of, labels } = numbers([map(1, 0, 4), map(2, 0, 5)]);
  expect([of(A, 0), of(B, 0), of(A, 0)]).toEqual([0, 1, 0]);
  expect(labels).toEqual(['GPU 4', 'GPU 5']);
});
test('where the trace does not say, the number is the GPU’s', () => {
  const { of, labels } = numbers([]);
  expect([of(A, 1), of(B, 1)]).toEqual([0, 0]);
  expect(labels).toEqual(['GPU 1']);
});
test('a GPU that the trace numbers twice or thrice by one UUID is one, and one that only shares an address stays two', () => {
  const double = (gpu_id: number, other_gpu_id: number, by: string) => ({ gpu_id, other_gpu_id, by });
  const thrice = numbers([], [double(0, 1, 'uuid'), double(0, 2, 'uuid'), double(1, 2, 'uuid')]);
  expect([thrice.of(A, 2), thrice.of(A, 1), thrice.of(A, 0)]).toEqual([0, 0, 0]);
  expect(thrice.labels).toEqual(['GPU 0']);
  const address = numbers([], [double(0, 1, 'bus')]);
  expect([address.of(A, 0), address.of(A, 1)]).toEqual([0, 1]);
});
