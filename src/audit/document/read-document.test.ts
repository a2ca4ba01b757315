import { describe, expect, test } from 'vitest';
import { audit } from '../audit.ts';
import { CONSISTENT, CONTRADICTORY } from '../contradictory.test-data.ts';
import { readDocument } from './read-document.ts';

const statements = (text: string) =>
  readDocument(text, 'r.md').statements.map(c =>
    [c.quantity, c.of, c.statistic, c.value, c.role].filter(v => v !== '' && v !== null).join(' '),
  );
const values = (text: string) => readDocument(text, 'r.md').statements.map(c => `${c.quantity} ${c.value}`);
const table = (head: string, ...rows: string[]) => [head, head.replace(/[^|]+/g, '---'), ...rows].join('\n');

describe('a table', () => {
  test.each([
    ['| tok/s |', '| 1,234.5 |', 'output_tokens_per_s 1234.5 result'],
    ['| Throughput (tok/s) |', '| 12 |', 'output_tokens_per_s 12 result'],
    ['| Throughput |', '| 37 tokens/sec |', 'output_tokens_per_s 37 result'],
    ['| Total tok/s |', '| 12 |', 'total_tokens_per_s 12 result'],
    ['| tok/J |', '| 3.68 |', 'tokens_per_joule 3.68 result'],
    ['| Achieved QPS |', '| 101 |', 'requests_per_s 101 result'],
    ['| Target QPS |', '| 100 |', 'requested_rate 100 setting'],
    ['| p99 |', '| 142 ms |', 'latency_ms e2e 0.99 142 result'],
    ['| P99.9 Latency (s) |', '| 2.5 |', 'latency_ms e2e 0.999 2500 result'],
    ['| Median TTFT (ms) |', '| 55.7 |', 'latency_ms ttft 0.5 55.7 result'],
    ['| 99th percentile latency (ms) |', '| 5 |', 'latency_ms e2e 0.99 5 result'],
    ['| Mean TPOT | ', '| 19 ms |', 'latency_ms tpot mean 19 result'],
    ['| Bubble |', '| 12.5 % |', 'bubble_share 0.125 result'],
    ['| GPUs |', '| 8 |', 'gpus 8 setting'],
    ['| Concurrency |', '| 64 |', 'concurrency 64 setting'],
    ['| Mean power (kW) |', '| 5.6 |', 'power_mean_w 5600 result'],
    ['| Energy |', '| 2 kWh |', 'energy_j 7200000 result'],
    ['| Duration |', '| 15 min |', 'duration_s 900 result'],
    ['| Cost per 1M tokens |', '| $0.21 |', 'usd_per_million_tokens 0.21 result'],
  ])('under %s reads %s', (head, row, statement) => expect(statements(table(head, row))).toEqual([statement]));

  test.each([
    ['| p99 |', '| 142 |', 'no unit'],
    ['| tok/s |', '| 35-45 |', 'a range'],
    ['| tok/s |', '| N/A |', 'no number'],
    ['| tok/s |', '| 10 / 20 |', 'two numbers'],
    ['| Expected tok/s |', '| 100 |', 'what is expected'],
    ['| Gain in tok/s |', '| 100 |', 'a difference'],
    ['| tok/s per GPU |', '| 100 |', 'a part'],
    ['| Input tok/s |', '| 100 |', 'the prompts'],
    ['| Peak tok/s |', '| 100 |', 'a peak'],
    ['| Target p99 (ms) |', '| 100 |', 'a target of a step'],
    ['| Queue p99 (ms) |', '| 100 |', 'another latency'],
    ['| Version |', '| 2.9 |', 'an unknown heading'],
  ])('under %s leaves %s: %s', (head, row) => expect(statements(table(head, row))).toEqual([]));

  test('of metrics and targets has bounds', () => {
    const text = table(
      '| Metric | Target | Notes |',
      '| P99 latency | <200ms | – |',
      '| Throughput | 10,000+ tok/s | – |',
      '| P50 latency | 50 ms | – |',
    );
    expect(readDocument(text, 'r.md').statements.map(c => [c.role, c.statistic, c.lower, c.upper])).toEqual([
      ['target', 0.99, -Infinity, 200],
      ['target', null, 10_000, Infinity],
      ['target', 0.5, 49.5, 50.5],
    ]);
  });
  test('of metrics with a column for each run keeps the runs apart', () => {
    const text = table('| Metric | Baseline | Tuned |', '| Throughput (tok/s) | 100 | 120 |', '| p99 (ms) | 10 | 9 |');
    const read = readDocument(text, 'r.md').statements;
    expect(new Set(read.map(c => c.scope.join())).size).toBe(2);
    expect(read.map(c => `${c.subject} ${c.value}`)).toEqual(['Baseline 100', 'Tuned 120', 'Baseline 10', 'Tuned 9']);
  });
  test('may be HTML; scripts are no text', () => {
    const html = `<!doctype html><script>var x = "9 tok/s"</script>\n<h2>Runs on 2x H100</h2>\n<table><tr><th>QPS</th><th>p99 &lt;ms&gt; (ms)</th></tr>
<tr><td>10</td><td><b>99</b></td></tr></table><p>It made 500 tokens/s.</p>`;
    expect(statements(html)).toEqual([
      'gpus H100 2 setting',
      'output_tokens_per_s 500 result',
      'requests_per_s 10 result',
      'latency_ms e2e 0.99 99 result',
    ]);
    expect(readDocument(html, 'r.html').statements.map(c => c.source.line)).toEqual([2, 4, 4, 4]);
  });
});

describe('a line or sentence', () => {
  test.each([
    ['- **Throughput**: 812.5 tok/s (steady)', ['output_tokens_per_s 812.5']],
    ['Energy: 12 kJ', ['energy_j 12000']],
    ['It held 7.4 tokens/joule at 12,290 tokens/sec.', ['output_tokens_per_s 12290', 'tokens_per_joule 7.4']],
    ['The p95 TTFT was 1.2 s.', ['latency_ms 1200']],
    ['Generated 100 tokens in 2.1s (47.6 tok/s)', ['output_tokens_per_s 47.6', 'output_tokens 100', 'duration_s 2.1']],
    ['Run with `--target-qps 3 --max-new-tokens 4`', ['requested_rate 3', 'max_new_tokens 4']],
    ['The 4×A100 box pays $0.16/kWh.', ['electricity_usd_per_kwh 0.16', 'gpus 4']],
    ['Allreduce bandwidth: 480 GB/s', ['all_reduce_gb_per_s 480']],
  ])('%s is read', (line, read) => expect(values(line)).toEqual(read));

  test.each([
    'Throughput can drop below 8,000 tokens/sec in that case.',
    'You should see 40 tok/s.',
    'It improves 1.2–1.3 tok/s.',
    'Prefill throughput is 9,000 tok/s.',
    'NVLink (best, 900GB/s)',
    'NCCL allreduce (small): 14 GB/s',
    'Up 12 tok/s per user.',
    'The handoff takes < 5 µs.',
    'Version 2.9 of 12 May, 8 GB of memory, 87% used.',
  ])('%s is left alone', line => expect(values(line)).toEqual([]));

  test('how it was rounded is kept', () => {
    const range = (text: string) => readDocument(text, 'r.md').statements.map(c => [c.lower, c.upper])[0];
    expect(range('It made 14,960 tok/s.')).toEqual([14_955, 14_965]);
    expect(range('It made 37,646 tok/s.')).toEqual([37_645.5, 37_646.5]);
    expect(range('It made ~1.8K tok/s.')).toEqual([1710, 1890]);
    expect(range('It made ≥14,000 tok/s.')).toEqual([14_000, Infinity]);
    expect(range('It held 8.6 tok/J.')?.map(v => Number(v.toFixed(6)))).toEqual([8.55, 8.65]);
  });
});

test('code and its comments are no results; their flags are settings', () =>
  expect(values('```python\n# makes 900 tok/s\nrun("--nproc_per_node=8")\n```')).toEqual(['ranks 8']));
test('numbers that were left are counted', () => {
  const { numbers, understood } = readDocument('Version 3 of 2024 made 500 tok/s.', 'r.md');
  expect([numbers, understood]).toEqual([3, 1]);
});
test('any cut of a document is read without a crash', () => {
  for (let end = 0; end < CONTRADICTORY.length; end += 29) readDocument(CONTRADICTORY.slice(0, end), 'r.md');
  for (let start = 0; start < CONTRADICTORY.length; start += 29) readDocument(CONTRADICTORY.slice(start), 'r.md');
});

describe('the report in which nearly everything is wrong', () => {
  const found = audit(readDocument(CONTRADICTORY, 'r.md').statements);
  const sentences = (check: string) => found.filter(c => c.check === check).map(c => c.sentence);
  test.each([
    ['power-bounds', /^12,290 tok\/s ÷ 7\.4 tok\/J = 1,661 W, .* only 4\.01 % above idle: 8×B200 idle draw 1,596\.9 W/],
    ['tokens-per-request', /6,020 tok\/s ÷ 50 req\/s = 120\.4; 12,290 tok\/s ÷ 118 req\/s = 104\.2; 9,830 tok\/s ÷ 190 req\/s = 51\.74/],
    ['link-bandwidth', /190\.4 GB\/s is 21\.2 % of 18 NVLinks × 50 GB\/s one way on B200 = 900 GB\/s/],
    ['link-bandwidth', /301\.2 GB\/s is 33\.5 % of/],
    ['pipeline-bubble', /\(4 − 1\)\/\(12 \+ 4 − 1\) = 20 %, but bubble was about 6% is stated/],
    ['token-budget', /^2 req\/s × \(32 prompt \+ 8 new tokens\) = 80 tok\/s at most/],
    ['target-missed', /target < 150 ms is missed by 2 of 3 .* 174 ms .* 231 ms/],
    ['target-slack', /7\.4 tok\/J, 1M tokens take 135,135 J = 0\.03754 kWh; at \$0\.12\/kWh that is \$0\.0045\. .* 89 times/],
    ['world-size', /topology shows 4 GPUs, but the machine is said to be 8×B200/],
  ])('%s says %s', (check, sentence) => expect(sentences(check)).toEqual(expect.arrayContaining([expect.stringMatching(sentence)])));
  test('nothing else is said, and each names a line', () => {
    expect(found.map(c => c.check).toSorted()).toEqual([
      'link-bandwidth',
      'link-bandwidth',
      'pipeline-bubble',
      'power-bounds',
      'target-missed',
      'target-slack',
      'token-budget',
      'tokens-per-request',
      'world-size',
    ]);
    expect(found.flatMap(c => c.from).every(s => s.file === 'r.md' && s.line !== null)).toBe(true);
  });
});

test('a report whose numbers fit together is left in peace', () => {
  const { statements: read } = readDocument(CONSISTENT, 'r.md');
  expect(read.length).toBeGreaterThan(35);
  expect(audit(read)).toEqual([]);
});
