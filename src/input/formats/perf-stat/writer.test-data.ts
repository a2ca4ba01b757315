import { lined, samples, writing } from '#test/valid-rows';

const EVENTS = [
  { entity: 'host', metric: 'power/energy-pkg/', unit: 'J', nature: 'counter' },
  { entity: 'host', metric: 'cycles', unit: '', nature: 'counter' },
] as const;
const thousands = (value: number) => value.toLocaleString('en-US');

/** Amounts of each interval: what was counted since the one before. Intervals end a second apart. */
export default writing(samples(EVENTS), rows =>
  lined([
    '# started on Sun Nov 22 10:15:00 2026',
    '',
    '#           time             counts unit events',
    ...rows.map(({ t_ms, metric, value }, i) => {
      const amount = value - (rows[i - EVENTS.length]?.value ?? 0);
      const time = `     ${(t_ms / 1000).toFixed(9)}`;
      return metric === 'cycles'
        ? `${time}  ${thousands(amount)}      cycles   #  3.200 GHz`
        : `${time}  ${thousands(amount)}.00 Joules ${metric}`;
    }),
  ]),
);
