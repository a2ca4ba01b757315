// How often `forensics compare` errs, and what it finds: the tables of docs/compare.md.
//   npm run bench:compare [-- --draws 10000] [--latencies heavy-tailed]
import { parseArgs } from 'node:util';
import { type Draws, SCENARIOS, type Scenario, verdictsOf } from './compare-draws.ts';

const { values } = parseArgs({ options: { draws: { type: 'string', default: '10000' }, latencies: { type: 'string' } } });
const draws = Number(values.draws);
const percent = (share: number) => `${(100 * share).toFixed(share < 0.0995 ? 2 : 1)} %`;
const row = (cells: readonly string[]) => console.log(`| ${cells.join(' | ')} |`);
const table = (head: readonly string[]) => {
  console.log('');
  row(head);
  row(head.map(() => '---'));
};
const scenarios = (Object.keys(SCENARIOS) as Scenario[]).filter(name => values.latencies === undefined || values.latencies === name);
const SIDES = [
  { runs: 5, isPaired: true },
  { runs: 5, isPaired: false },
  { runs: 10, isPaired: true },
] as const;
const named = ({ runs, isPaired }: Pick<Draws, 'runs' | 'isPaired'>) => `${runs}, ${isPaired ? 'paired' : 'independent'}`;

table(['no true change: latencies', 'runs a side', 'draws', 'called regression', 'called improvement']);
for (const scenario of scenarios)
  for (const side of SIDES) {
    const { whole } = verdictsOf({ scenario, draws, requests: 150, ...side });
    row([scenario, named(side), String(draws), percent(whole.regression), percent(whole.improvement)]);
  }

const few = draws / 10;
table([
  '5 % longer, the whole budget: latencies',
  'runs a side',
  'requests a run',
  'draws',
  'p99 called equivalent',
  'p99 called regression',
]);
for (const scenario of scenarios) {
  const { p99 } = verdictsOf({ scenario, draws: few, requests: 1000, runs: 5, isPaired: true, factor: 1.05 });
  row([scenario, '5, paired', '1000', String(few), percent(p99.equivalent), percent(p99.regression)]);
}

const fewer = draws / 50;
table(['10 % longer: latencies', 'runs a side', 'requests a run', 'draws', 'p99 called regression']);
for (const scenario of scenarios)
  for (const requests of [500, 1000, 5000])
    for (const side of SIDES) {
      const { p99 } = verdictsOf({ scenario, draws: fewer, requests, factor: 1.1, ...side });
      row([scenario, named(side), String(requests), String(fewer), percent(p99.regression)]);
    }
