import { describe, expect, test } from 'vitest';
import { StorageConfig } from '#schema/storage-config';
import { StoragePlan } from '#schema/storage-plan';
import { makePlan } from './make-plan.ts';

const server = (api: 'completions' | 'triton') => ({ api, url: 'http://127.0.0.1:1/x', start: ['serve'] });
const config = (wish: object = {}) =>
  StorageConfig.parse({
    schema: 'forensics.storage-config/1',
    seed: 7,
    models: {
      L8B: { baseline: server('completions'), adapters: server('triton'), kv_bytes_per_token: 1000 },
      L70B: { baseline: server('completions') },
    },
    prompts: { short: { prompt_tokens: 100, output_tokens: 20 }, long: { prompt_tokens: 4000, output_tokens: 20 } },
    adapters: { '4': { file: 'a' }, '16': { file: 'b' } },
    contention: { folder: '.', levels: { light: {}, heavy: { iodepth: 32 } } },
    hypotheses: {
      h0: { prompts: 'short', concurrency: [1, 2, 4] },
      h1: { prompts: 'short', adapters: '4', passes: 2 },
      h2: { prompts: ['short', 'long'], load: { concurrency: 8 } },
      h4: { prompts: 'long', load: { rate_per_s: 2 }, contention: ['none', 'light', 'heavy'] },
      h5: { prompts: 'short', load: { concurrency: 4 }, adapters: ['4', '16'] },
      h6: { prompts: 'short', load: { concurrency: 4 }, adapters: '16', repeats: 2 },
    },
    repeats: 3,
    ...wish,
  });
const FACTS = {
  sizes: new Map([
    ['4', 4],
    ['16', 16],
  ]),
  configSha256: 'a'.repeat(64),
};
const plan = makePlan(config(), FACTS);
const { steps } = plan;
const of = (hypothesis: string, model = 'L8B') => steps.filter(step => step.hypothesis === hypothesis && step.model === model);

test('is a plan, and the same for the same config; another seed orders otherwise', () => {
  expect(StoragePlan.safeParse(plan).error).toBeUndefined();
  expect(makePlan(config(), FACTS)).toEqual(plan);
  const other = makePlan(config({ seed: 8 }), FACTS).steps;
  expect(other.map(({ arm }) => arm)).not.toEqual(steps.map(({ arm }) => arm));
  expect(other.map(({ hypothesis, arm, block }) => `${hypothesis} ${arm} ${block}`).toSorted()).toEqual(
    steps.map(({ hypothesis, arm, block }) => `${hypothesis} ${arm} ${block}`).toSorted(),
  );
});

test('each arm comes as often as it is to be repeated, once a block; a model without a server for it has none', () => {
  const arms = (hypothesis: string, model?: string) =>
    of(hypothesis, model)
      .map(({ arm, block }) => `${arm} ${block}`)
      .toSorted();
  expect(arms('h1')).toEqual(['cold 1', 'cold 2', 'cold 3', 'warm 1', 'warm 2', 'warm 3']);
  expect(arms('h6')).toEqual(['baseline 1', 'baseline 2', 'storm 1', 'storm 2']);
  expect([arms('h0').length, arms('h2').length, arms('h4').length, arms('h5').length]).toEqual([9, 6, 9, 12]);
  expect([arms('h0', 'L70B').length, arms('h1', 'L70B').length]).toEqual([9, 0]);
});

test('blocks follow one another, and one server the other', () => {
  for (const model of ['L8B', 'L70B'])
    for (const server of ['baseline', 'adapters']) {
      const mine = steps.filter(step => step.model === model && step.server === server);
      expect(mine.map(({ block }) => block)).toEqual(mine.map(({ block }) => block).toSorted());
      expect(mine.every((step, i) => i === 0 || step.position === (mine[i - 1]?.position ?? 0) + 1)).toBe(true);
    }
});

test('a pair is not torn apart, and is ordered by chance', () => {
  const pairs = of('h1')
    .map((step, i, all) => (i % 2 === 0 ? [step, all[i + 1]] : []))
    .filter(pair => pair.length === 2);
  for (const [a, b] of pairs) expect([b?.pair, b?.position]).toEqual([a?.pair, (a?.position ?? 0) + 1]);
  const first = Array.from(
    { length: 40 },
    (_, seed) => makePlan(config({ seed }), FACTS).steps.find(({ hypothesis }) => hypothesis === 'h1')?.arm,
  );
  expect(new Set(first)).toEqual(new Set(['cold', 'warm']));
});

// The harness of the brief went through its levels in their order, so that what drifts in time looks like an effect of the level.
test('every arm stands at every place of a block about as often as any other', () => {
  const places = Array.from({ length: 300 }, (_, seed) => {
    const levels = makePlan(config({ seed, repeats: 1, hypotheses: { h0: { prompts: 'short', concurrency: [1, 2, 4] } } }), FACTS).steps;
    return levels.findIndex(({ level }) => level === 4) % 3;
  });
  // 100 ± 8 by the binomial: five standard deviations.
  for (const place of [0, 1, 2]) expect(Math.abs(places.filter(p => p === place).length - 100)).toBeLessThan(41);
});

describe('arms', () => {
  test('of one block are asked the same at the same times, those of another block are not', () => {
    const seeds = (block: number) =>
      new Set(
        of('h4')
          .filter(step => step.block === block)
          .map(({ seed }) => seed),
      );
    expect([seeds(1).size, seeds(2).size, new Set([...seeds(1), ...seeds(2)]).size]).toEqual([1, 1, 2]);
  });
  test('H1: both restart the server, and differ in the page cache alone', () => {
    const [cold, warm] = ['cold', 'warm'].map(arm => of('h1').find(step => step.arm === arm));
    expect(cold).toMatchObject({
      restart: true,
      drop: 'adapters',
      prime: false,
      load: { requests: 8, concurrency: 1, adapters: { session: 'in-turn' } },
    });
    expect(warm).toMatchObject({ restart: true, drop: 'none', prime: true });
    expect(warm?.load).toEqual(cold?.load);
  });
  test('H2: working sets in tokens, and in bytes where those of a token are known', () => {
    const long = (model: string) => of('h2', model).find(({ arm }) => arm === 'long');
    expect(long('L8B')).toMatchObject({ level: 4020 * 8, working_set_bytes: 4020 * 8 * 1000, serves: ['h2', 'h3', 'h8'] });
    expect(long('L70B')).toMatchObject({ level: 4020 * 8, working_set_bytes: null });
  });
  test('H4: levels by rank, from none', () => {
    expect(new Map(of('h4').map(({ arm, level, contention }) => [arm, [level, contention?.iodepth ?? null]]))).toEqual(
      new Map<string, (number | null)[]>([
        ['none', [0, null]],
        ['light', [1, 8]],
        ['heavy', [2, 32]],
      ]),
    );
  });
  test('H5: lists times sessions; H6: the same server with adapters and without', () => {
    expect(new Set(of('h5').map(({ arm, level }) => `${arm} ${level}`))).toEqual(
      new Set(['4-random 4', '4-sticky 4', '16-random 16', '16-sticky 16']),
    );
    const [baseline, storm] = ['baseline', 'storm'].map(arm => of('h6').find(step => step.arm === arm));
    expect([baseline?.server, baseline?.load.adapters, storm?.server, storm?.load.adapters?.size]).toEqual([
      'adapters',
      null,
      'adapters',
      16,
    ]);
  });
  test('each prompt has a nonce', () => expect(steps.every(({ load }) => load.nonce)).toBe(true));
});
