import { expect, test } from 'vitest';
import { parseMetric } from './exposition.ts';

const told = (line: string) => {
  const metric = parseMetric(line);
  return metric && { ...metric, labels: Object.fromEntries(metric.labels) };
};

test.each([
  ['a_total 3', { name: 'a_total', labels: {}, value: 3, ns: undefined }],
  ['ns:a{} .5', { name: 'ns:a', labels: {}, value: 0.5, ns: undefined }],
  ['a{b="c}\\"d\\\\\\n", e="f",} 1e3', { name: 'a', labels: { b: 'c}"d\\\n', e: 'f' }, value: 1000, ns: undefined }],
  ['a{b="c"}\t-Inf 1795312106337', { name: 'a', labels: { b: 'c' }, value: Number.NEGATIVE_INFINITY, ns: 1795312106337_000000n }],
  ['a NaN', { name: 'a', labels: {}, value: Number.NaN, ns: undefined }],
  ['a 1 1795312106.5 # {trace="x"} 0.1', { name: 'a', labels: {}, value: 1, ns: 1795312106_500000000n }],
])('%s is read', (line, metric) => expect(told(line)).toEqual(metric));

test.each(['', '7', 'a', 'a{b="c" 1', 'a{b=c} 1', 'a{b="c"} warm', 'a 1 soon', 'a{b="c"}1', '# HELP a b'])('%j is no metric', line =>
  expect(parseMetric(line)).toBeUndefined(),
);

test('labels without an end are given up quickly', () => {
  for (const part of ['a{', 'a="', '\\', 'a="b",', '"']) expect(parseMetric(`a{${part.repeat(100_000)}`)).toBeUndefined();
});
