import { type Recognition, recogniseSeed } from '#test/pipeline/unnamed/recognition';

/** Seeds that were looked at while the recognition was built, and seeds that were not. */
const SETS = [
  { name: 'looked at while building', from: 0 },
  { name: 'not looked at', from: 2_000_000 },
] as const;
const RUNS = 300;

const percent = (n: number, of: number) => `${((100 * n) / of).toFixed(1)} %`;

function tell(name: string, found: readonly Recognition[]): void {
  const n = found.length;
  const count = (verdict: Recognition['verdict']) => found.filter(r => r.verdict === verdict).length;
  process.stdout.write(
    `${name}: ${n} runs; right ${percent(count('right') + count('tied'), n)} (${percent(count('tied'), n)} by all names of schedules that launch the very same), ` +
      `other names beside its own ${percent(count('alike'), n)}, no name ${percent(count('silent'), n)}, right name but wrong m or v ${percent(count('shape'), n)}, wrong name ${percent(count('wrong'), n)}\n`,
  );
  for (const schedule of [...new Set(found.map(r => r.plan.textbook.name))].sort()) {
    const own = found.filter(r => r.plan.textbook.name === schedule);
    const right = own.filter(r => r.verdict === 'right' || r.verdict === 'tied').length;
    process.stdout.write(`  ${schedule}: ${right} of ${own.length}\n`);
  }
  for (const r of found.filter(x => x.verdict !== 'right' && x.verdict !== 'tied')) {
    const { textbook, shape, seed } = r.plan;
    process.stdout.write(`  ${r.verdict}: seed ${seed} was ${textbook.name} p=${shape.p} m=${shape.m} v=${shape.v}, said ${r.said}\n`);
  }
}

const runs = Number(process.argv[2] ?? RUNS);
for (const { name, from } of SETS)
  tell(
    name,
    Array.from({ length: runs }, (_, i) => recogniseSeed(from + i)),
  );
