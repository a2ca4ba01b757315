import { expect, test } from 'vitest';
import { gatherNsysWords } from './nsys-wording.ts';

test.each([
  ['node main capture -- ./serve --nsys 1', 'node main capture -- ./serve --nsys 1'],
  ['node main capture --nsys --osrt-threshold=10000 -- ./serve', 'node main capture --nsys=--osrt-threshold=10000 -- ./serve'],
  [
    'node main capture --duration 60 --nsys -t cuda -s none -- ./serve -t 1',
    'node main capture --duration 60 --nsys=-t --nsys=cuda --nsys=-s --nsys=none -- ./serve -t 1',
  ],
  ['node main capture --nsys -- ./serve', 'node main capture -- ./serve'],
  ['node main capture --nsys=--trace=osrt --json -- ./serve', 'node main capture --nsys=--trace=osrt --json -- ./serve'],
  ['node main capture --nsys --trace=osrt', 'node main capture --nsys=--trace=osrt'],
  ['node main analyze runs', 'node main analyze runs'],
])('%s', (given, read) => expect(gatherNsysWords(given.split(' '))).toEqual(read.split(' ')));

test('words keep their spaces and what stands after the --', () => {
  expect(gatherNsysWords(['node', 'main', 'capture', '--nsys', '--env-var', 'A=b c', '--', 'sh', '-c', 'a -- b'])).toEqual([
    'node',
    'main',
    'capture',
    '--nsys=--env-var',
    '--nsys=A=b c',
    '--',
    'sh',
    '-c',
    'a -- b',
  ]);
});
