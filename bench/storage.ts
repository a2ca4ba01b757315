// How often `forensics storage analyze` errs, and what it finds: the tables of docs/storage-hypotheses.md.
//   npm run bench:storage [-- --draws 200] [--only H2] [--trouble heavy-tailed]
import { parseArgs } from 'node:util';
import { judge, type StorageVerdict } from '../src/decide/storage/verdicts/judge.ts';
import { type Draws, drawExperiment, type Planted } from '../test/storage-experiments.ts';

const { values } = parseArgs({ options: { draws: { type: 'string', default: '200' }, only: { type: 'string' }, trouble: { type: 'string' } } });
const draws = Number(values.draws);
const REPEATS = 6;
const REQUESTS = 300;
const NOISE = 0.05;

/** Everything that can be there at once, at sizes that are easily found. */
const ALL: Planted = { h0: 4, h1: 2, h2: 2.5, h3: true, h4: 2, h5: 1.8, h6: 1.8, h7: 1, h8: 1.05 };
/** One effect alone: at this size the table says how often it is found. H3 has no meaning without H2. */
const ALONE: Readonly<Record<string, { readonly planted: Planted; readonly told: string }>> = {
  H0: { planted: { h0: 8 }, told: 'server takes 8 of 32 at once' },
  H1: { planted: { h1: 1.5 }, told: '1.5 times' },
  H2: { planted: { h2: 1.5 }, told: '1.5 times' },
  H3: { planted: { h2: 2, h3: true }, told: 'paging has the knee, 2 times' },
  H4: { planted: { h4: 1.3 }, told: '1.3 times' },
  H5: { planted: { h5: 1.3 }, told: '1.3 times' },
  H6: { planted: { h6: 1.3 }, told: '1.3 times' },
  H7: { planted: { h7: 0.1 }, told: 'a tenth of an adapter a load' },
  H8: { planted: { h8: 1.05 }, told: '5 % for the mean stall' },
};

/** Shares of the verdicts on one hypothesis. */
function verdicts(code: string, planted: Planted, trouble: Draws['trouble']): Readonly<Record<StorageVerdict, number>> {
  const counts = { supported: 0, refuted: 0, inconclusive: 0 };
  for (let seed = 0; seed < draws; seed++) {
    const experiment = drawExperiment({ planted, seed, repeats: REPEATS, requests: REQUESTS, noise: NOISE, ...(trouble ? { trouble } : {}) });
    const found = judge(experiment).find(({ hypothesis }) => hypothesis.code === code);
    if (found !== undefined) counts[found.verdict] += 1 / draws;
  }
  return counts;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const troubles = [undefined, 'heavy-tailed', 'drifting', 'outliers'] as const;

console.log(`${draws} experiments a row: ${REPEATS} repeats, ${REQUESTS} requests a run, ${100 * NOISE} % between runs.\n`);
row(['hypothesis', 'runs', 'absent, all others present: called supported', 'called refuted', 'present alone', 'called supported', 'called refuted']);
row(['---', '---', '---', '---', '---', '---', '---']);
for (const trouble of troubles.filter(t => values.trouble === undefined || (t ?? 'usual') === values.trouble))
  for (const [code, { planted, told }] of Object.entries(ALONE)) {
    if (values.only !== undefined && values.only !== code) continue;
    const { [code.toLowerCase() as keyof Planted]: _, ...others } = ALL;
    const [absent, present] = [verdicts(code, others, trouble), verdicts(code, planted, trouble)];
    row([code, trouble ?? 'usual', percent(absent.supported), percent(absent.refuted), told, percent(present.supported), percent(present.refuted)]);
  }
