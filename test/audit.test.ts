import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readForAudit } from '#app/audit/audit-input';
import { audit } from '#audit/audit';
import type { Contradiction } from '#audit/define';
import { renderHtml } from '#report/render/html';
import { renderJson } from '#report/render/json';
import { renderMarkdown } from '#report/render/markdown';
import { reportOn } from './report-on.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const BRIEF = join(SHARED, 'brief');
const B200 = join(SHARED, 'samples/b200-load-test');
const CAPTURES = join(SHARED, 'captures');
const FIXTURES = resolve(import.meta.dirname, '../fixtures');
sayWhatIsMissing('the audit of them was', BRIEF, B200, CAPTURES);

const said = (found: readonly Contradiction[]) =>
  found.map(c => `${c.check}: ${c.sentence} [${c.from.map(s => s.line ?? s.path).join(' ')}]`);

describe.skipIf(!existsSync(BRIEF))("the brief's own tables", () => {
  let found: string[];
  beforeAll(() => {
    const statements = readdirSync(BRIEF)
      .toSorted()
      .flatMap(f => readForAudit(join(BRIEF, f)).statements);
    found = said(audit([...statements, ...(existsSync(B200) ? readForAudit(join(B200, 'single_gpu_load_test.json')).statements : [])]));
  });
  // load-and-telemetry.md §1, row by row.
  test.each([
    [
      'power that is idle',
      /^power-bounds: 14,960 tok\/s ÷ 8\.6 tok\/J = 1,740 W, 217\.4 W for each of 8 GPUs, is only 8\.93 % above idle: 8×B200 idle draw 1,596\.9 W .*\[143 1\]$/,
    ],
    ['the published figure, for scale', /^power-bounds: .* 99,204 tok\/s at 10,435 W at the wall, 9\.51 tok\/J/],
    ['the target that its table misses', /^target-missed: .*<200ms is missed by 2 of 3 .*213 ms .*268 ms/],
    ['tokens per request', /^tokens-per-request: .*= 97\.23; .*= 86\.98; .*= 51\.58/],
    [
      'the cost target that cannot fail',
      /^target-slack: .*1M tokens take 116,279 J = 0\.0323 kWh; at \$0\.16\/kWh that is \$0\.00517\. .* is 97 times that/,
    ],
    ['NVLink, P2P', /^link-bandwidth: Average P2P bandwidth 171\.0 GB\/s is 19 % of .*= 900 GB\/s/],
    ['NVLink, all-reduce', /^link-bandwidth: AllReduce \(NVLS\) max 273\.5 GB\/s is 30\.4 % of/],
    ['the bubble', /^pipeline-bubble: .*\(8 − 1\)\/\(16 \+ 8 − 1\) = 30\.4 %, but bubble time ≈10% is stated/],
    ['the bubble of the interleaved schedule', /^pipeline-bubble: .*\(8 − 1\)\/\(2·16 \+ 8 − 1\) = 17\.9 %/],
    [
      'what a smaller bubble gains',
      /^schedule-gain: .*\(1 − 0\.05\)\/\(1 − 0\.1\) = 1\.056× at most, .*"throughput improves 1\.2–1\.3× vs\. 1F1B" is stated/,
    ],
    [
      'the memory of interleaving',
      /^activation-memory: .*1 \+ \(8 − 1\)\/\(8·2\) = 1\.438 times .*"~18\s% higher activation memory" is stated/,
    ],
    [
      'the peak of the exact board',
      /^peak-share: 720 TFLOPs .* is 86\.2 % of the 835\.5 dense bfloat16 TFLOP\/s of H200 NVL .*"~73% of theoretical peak"/,
    ],
    [
      'NVLink of two H200 NVL',
      /^link-bandwidth: P2P Copy 133\.26 GBps is 29\.6 % of 18 NVLinks × 25 GB\/s one way on H200 NVL = 450 GB\/s/,
    ],
    ['two GPUs that are four', /^world-size: The topology shows 4 GPUs, but the machine is said to be 2×H200 NVL/],
    ['tokens that the requests cannot hold', /^token-budget: 3 req\/s × \(64 prompt \+ 4 new tokens\) = 204 tok\/s at most/],
  ])('hold %s', (_, sentence) => expect(found).toEqual(expect.arrayContaining([expect.stringMatching(sentence)])));

  describe.skipIf(!existsSync(B200))('beside its own artefact', () => {
    test.each([
      [
        'the thousandfold misreading',
        /^unit-misreading: "~1\.8K tokens\/sec" is 1,000 times 1\.76 \(single_gpu_load_test\.json\), while e2e p99 \(2,488 ms/,
      ],
      ['9 of 61 requests', /^requests-sent: 3 req\/s × 20\.46 s = 61 requests, but 9 were sent/],
      ['a p99 of nine', /^percentile-support: .*rest on 9 values/],
    ])('hold %s', (_, sentence) => expect(found).toEqual(expect.arrayContaining([expect.stringMatching(sentence)])));
  });
  test('hold nothing else', () => expect(found).toHaveLength(existsSync(B200) ? 18 : 15));
});

describe.skipIf(!existsSync(B200))('the power files of the load test', () => {
  const files = existsSync(B200)
    ? readdirSync(B200)
        .filter(f => f.startsWith('power'))
        .toSorted()
    : [];
  test('were sampled for 4 to 84 of 120 s, and one saw only an idle machine', () =>
    expect(
      files.map(f =>
        audit(readForAudit(join(B200, f)).statements).map(
          c => `${c.check} ${Math.round(c.check === 'sampled-time' ? c.claim.value : c.computed.value)}`,
        ),
      ),
    ).toEqual([['power-bounds 1197', 'sampled-time 4'], ['sampled-time 71'], ['sampled-time 50'], ['sampled-time 84']]));
});

describe.skipIf(!existsSync(CAPTURES))('our own captures', () => {
  const folders = existsSync(CAPTURES) ? readdirSync(CAPTURES).filter(f => existsSync(join(CAPTURES, f, 'gpu.csv'))) : [];
  test.each(folders)('%s does not contradict itself', folder => {
    const files = ['requests.jsonl', 'gpu.csv', 'host.csv'].map(f => join(CAPTURES, folder, f)).filter(f => existsSync(f));
    const statements = files.flatMap(f => readForAudit(f).statements);
    expect(statements.length).toBeGreaterThan(4);
    expect(said(audit(statements))).toEqual([]);
  });
});

describe('the reports of a fixture', () => {
  const name = 'serving-incident';
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const PATIENCE = 120_000;
  test(
    'agree with the files that they are made of, in every form',
    async () => {
      const report = await reportOn(name);
      const written = { 'report.json': renderJson(report), 'report.md': renderMarkdown(report), 'report.html': await renderHtml(report) };
      for (const [file, text] of Object.entries(written)) writeFileSync(join(folder, file), text);
      const files = [
        ...Object.keys(written).map(f => join(folder, f)),
        join(FIXTURES, name, 'requests.jsonl'),
        join(FIXTURES, name, 'gpu.csv'),
      ];
      const statements = files.flatMap(f => readForAudit(f).statements);
      expect(said(audit(statements))).toEqual([]);
      // A report in which one number was changed no longer agrees with the other.
      const [first] = report.latency;
      if (first === undefined) throw new Error('the report has no latencies');
      writeFileSync(
        join(folder, 'other.json'),
        renderJson({ ...report, latency: [{ ...first, max_ms: first.max_ms * 2 }, ...report.latency.slice(1)] }),
      );
      const other = ['other.json', 'report.json'].flatMap(f => readForAudit(join(folder, f)).statements);
      expect(audit(other).map(c => c.check)).toEqual(['results-disagreement']);
    },
    PATIENCE,
  );
});

describe('what cannot be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'audit-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  test.each([
    ['a file that is not there', () => join(folder, 'none'), 'does not exist'],
    ['a folder', () => folder, 'is a pipe or a device'],
    ['something binary', () => file('b.bin', 'abc\0def'), 'is a binary file'],
    ['unknown JSON', () => file('x.json', '{"speed": 3}'), 'no load test or telemetry that is known'],
    ['JSON that is cut off', () => file('y.json', '{"speed": '), 'is not JSON to its end'],
    ['a text without a number that is known', () => file('z.md', '# Notes\n\nBuy 3 apples.'), 'none in a form that is known'],
  ])('%s is refused in a sentence', (_, make, sentence) => expect(() => readForAudit(make())).toThrow(sentence));
});
