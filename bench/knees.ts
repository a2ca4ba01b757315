// How often the intervals of `forensics sweep` hold the truth: the table of docs/sweep.md.
//   npm run bench:knees [-- --draws 2000]
import { parseArgs } from 'node:util';
import { kneesOf, SERVERS } from './knees-draws.ts';

const { values } = parseArgs({ options: { draws: { type: 'string', default: '2000' } } });
const draws = Number(values.draws);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

console.log(
  '| server | noise | runs | draws | a knee is named | the knee lies in its interval | settings in it | the peak in its | α | β |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const server of Object.keys(SERVERS))
  for (const noise of [0.01, 0.03])
    for (const runs of [3, 5, 10]) {
      const { named, knee, width, peak, alpha, beta } = kneesOf({ server, draws, runs, noise });
      const hit = server === 'straight' ? '–' : percent(knee);
      const cells = [
        server,
        percent(noise),
        String(runs),
        String(draws),
        percent(named),
        hit,
        server === 'straight' ? '–' : width.toFixed(1),
      ];
      console.log(`| ${[...cells, percent(peak), percent(alpha), percent(beta)].join(' | ')} |`);
    }
