// How often `forensics history` sees a change where there is none, and finds one that is there: the table of docs/compare.md.
//   npm run bench:history [-- --draws 1000]
import { parseArgs } from 'node:util';
import { randomLcg, randomNormal } from 'd3-random';
import { changesIn } from '../src/core/math/e-divisive.ts';

const { values } = parseArgs({ options: { draws: { type: 'string', default: '1000' } } });
const draws = Number(values.draws);
const LEVEL = 0.05;
/** Noise between runs: 2 %. */
const NOISE = 0.02;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

/** Logarithms of a metric: an autoregression of the first order, with a step in the middle. */
function history(normal: () => number, n: number, memory: number, step: number): number[] {
  let state = normal();
  return Array.from({ length: n }, (_, i) => {
    state = memory * state + Math.sqrt(1 - memory ** 2) * normal();
    return NOISE * state + (i >= n / 2 ? Math.log1p(step) : 0);
  });
}

console.log('| runs | from one run to the next | step in the middle | draws | a change is seen | within a run of the step |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const [n, memory, step] of [
  [10, 0, 0],
  [30, 0, 0],
  [30, 0.3, 0],
  [10, 0, 0.05],
  [30, 0, 0.05],
  [30, 0, 0.1],
] as const) {
  const normal = randomNormal.source(randomLcg(n + 100 * step))(0, 1);
  let [seen, near] = [0, 0];
  for (let k = 0; k < draws; k++) {
    const found = changesIn(history(normal, n, memory, step), LEVEL);
    if (found.length > 0) seen++;
    if (found.some(({ index }) => Math.abs(index - n / 2) <= 1)) near++;
  }
  const told = [String(n), memory === 0 ? 'independent' : `correlated ${memory}`, step === 0 ? 'none' : percent(step), String(draws)];
  console.log(`| ${[...told, percent(seen / draws), step === 0 ? '–' : percent(near / draws)].join(' | ')} |`);
}
