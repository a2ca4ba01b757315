import { plain } from '#core/format/numbers';
import type { EnergyRun, EnergyRuns } from '#schema/energy';
import { energyLines, energySentence } from './energy-tables.ts';

/** How the run was asked for, as far as its file says. */
function setting({ label, concurrency, requested_rate }: EnergyRun): string {
  return [
    ...(label === null ? [] : [label]),
    ...(concurrency === null ? [] : [`concurrency ${plain(concurrency)}`]),
    ...(requested_rate === null ? [] : [`${plain(requested_rate)} requests a second asked for`]),
  ].join(', ');
}

function heading(run: EnergyRun, all: readonly EnergyRun[]): string {
  const of = all.filter(other => other.file === run.file).length;
  const asked = setting(run);
  return `${run.file}${of === 1 ? '' : `, run ${run.run} of ${of}`}${asked === '' ? '' : ` (${asked})`}`;
}

/** Several runs as lines for a terminal: a paragraph each, and what holds for all of them at the end. */
export function energyRunsLines({ runs, notes }: EnergyRuns): string[] {
  const accounts = runs.flatMap(({ energy }) => energy ?? []);
  const common = new Set(accounts[0]?.notes.filter(note => accounts.every(energy => energy.notes.includes(note))));
  const paragraphs = runs.flatMap(run => {
    const { energy, why_none } = run;
    const body =
      energy === null
        ? [`No account: ${why_none}.`]
        : [energySentence(energy), ...energyLines(energy), ...energy.notes.filter(note => !common.has(note))];
    return [heading(run, runs), ...body.map(line => `  ${line}`), ''];
  });
  return [...paragraphs, ...common, ...notes];
}
