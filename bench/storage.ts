// How often `forensics storage analyze` errs, and what it finds: the tables of docs/storage-hypotheses.md.
//   npm run bench:storage [-- --draws 200] [--only H2] [--trouble heavy-tailed]
import { parseArgs } from 'node:util';
import type { Hypothesis } from '../src/decide/storage/define.ts';
import type { Design } from '../src/decide/storage/experiment.ts';
import { hypotheses } from '../src/decide/storage/hypotheses/index.gen.ts';
import { judge } from '../src/decide/storage/verdicts/judge.ts';
import { type Draws, drawExperiment, type Planted } from '../test/storage-experiments.ts';

const { values } = parseArgs({
  options: { draws: { type: 'string', default: '200' }, only: { type: 'string' }, trouble: { type: 'string' } },
});
const draws = Number(values.draws);
const REPEATS = 6;
const REQUESTS = 300;
const NOISE = 0.05;

/** Everything that can be there at once, at sizes that are easily found. */
const ALL: Planted = { h0: 4, h1: 2, h2: 2.5, h3: true, h4: 2, h5: 1.8, h6: 1.8, h7: 1, h8: 1.05 };

interface Row {
  /** The effect whose power is told. H3 has no meaning without H2. */
  readonly planted: Planted;
  readonly told: string;
  readonly designs: readonly Design[];
}
const ROWS: Readonly<Record<string, Row>> = {
  H0: { planted: { h0: 8 }, told: 'server takes 8 of 32 at once', designs: ['h0'] },
  H1: { planted: { h1: 1.5 }, told: '1.5 times', designs: ['h1'] },
  H2: { planted: { h2: 1.5 }, told: '1.5 times', designs: ['h2'] },
  H3: { planted: { h2: 2, h3: true }, told: 'paging has the knee, 2 times', designs: ['h2'] },
  H4: { planted: { h4: 1.3 }, told: '1.3 times', designs: ['h4'] },
  H5: { planted: { h5: 1.3 }, told: '1.3 times', designs: ['h5'] },
  H6: { planted: { h6: 1.3 }, told: '1.3 times', designs: ['h6'] },
  H7: { planted: { h7: 0.1 }, told: 'a tenth of an adapter a load', designs: ['h5', 'h6'] },
  H8: { planted: { h8: 1.05 }, told: '5 % for the mean stall', designs: ['h0', 'h2', 'h4', 'h5', 'h6'] },
};

/**
 * The eight others as Holm meets them. Where all of them are sure, the one in question is tested at the whole level: it errs most often.
 * Where none shows anything, it is tested at a ninth: it finds least.
 */
const others = (one: Hypothesis, p: 0 | 1): Hypothesis[] =>
  hypotheses.flatMap(hypothesis =>
    hypothesis === one
      ? []
      : [
          {
            ...hypothesis,
            examine: () => ({
              effect: { estimate: 0, bound: () => 0, pAtMost: () => p, pAtLeast: () => 1 - p },
              ...{ p, freedom: 1, least_p: 0, runs: 0, tail: null, parts: [], picture: { x: '', y: '', points: [], lines: [], marks: [] } },
            }),
          },
        ],
  );

/** Shares of the verdicts on one hypothesis. */
function verdicts(one: Hypothesis, designs: readonly Design[], planted: Planted, beside: 0 | 1, trouble: Draws['trouble']) {
  const counts = { supported: 0, refuted: 0, inconclusive: 0 };
  const family = [one, ...others(one, beside)];
  for (let seed = 0; seed < draws; seed++) {
    const settings = { planted, seed, repeats: REPEATS, requests: REQUESTS, noise: NOISE, designs };
    const [found] = judge(drawExperiment({ ...settings, ...(trouble ? { trouble } : {}) }), family);
    if (found !== undefined) counts[found.verdict] += 1 / draws;
  }
  return counts;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const troubles = [undefined, 'heavy-tailed', 'drifting', 'outliers'] as const;

console.log(`${draws} experiments a cell: ${REPEATS} repeats, ${REQUESTS} requests a run, ${100 * NOISE} % between runs.\n`);
row(['hypothesis', 'runs', 'absent: called supported', 'called refuted', 'planted', 'called supported', 'called refuted']);
row(['---', '---', '---', '---', '---', '---', '---']);
for (const trouble of troubles.filter(t => values.trouble === undefined || (t ?? 'usual') === values.trouble))
  for (const one of hypotheses) {
    const of = ROWS[one.code];
    if (of === undefined || (values.only !== undefined && values.only !== one.code)) continue;
    const { [one.code.toLowerCase() as keyof Planted]: _, ...rest } = ALL;
    const absent = verdicts(one, of.designs, rest, 0, trouble);
    const planted = verdicts(one, of.designs, of.planted, 1, trouble);
    const told = [absent.supported, absent.refuted].map(percent);
    row([one.code, trouble ?? 'usual', ...told, of.told, percent(planted.supported), percent(planted.refuted)]);
  }
