import { expect, test } from 'vitest';
import { metricsNamed } from './named.ts';

const ALL = ['e2e p99', 'ttft p99', 'tok/s', 'total tok/s', 'tok/J'].map(metric => ({ metric }));
test.each([
  ['p99', ['e2e p99', 'ttft p99']],
  ['TTFT-p99', ['ttft p99']],
  ['p9', []],
  ['tok/s', ['tok/s']],
  ['total', ['total tok/s']],
  ['', []],
])('%j stands for %j', (name, expected) => expect(metricsNamed(name, ALL).map(m => m.metric)).toEqual(expected));
