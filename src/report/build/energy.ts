import { ForensicsError } from '#core/errors';
import type { EnergyFacts, EnergyNote, EnergyRunFacts, EnergyRunsFacts, WindowKind } from '#energy/facts';
import type { Energy, EnergyRun, EnergyRuns } from '#schema/energy';

const NOTES: Readonly<Record<EnergyNote, string>> = {
  'window-too-short': 'No power is given for less than a second: that is what sensors average over.',
  'gpus-only': 'Power is that of the GPUs alone: processors, memory, network and fans come on top.',
  'power-paid-twice':
    'Rental prices usually include power: with a price for a GPU-hour and one for a kilowatt-hour, check that power is not paid twice.',
  'gpus-unknown': 'How many GPUs are to be paid is not known, so there is no cost: say it with --gpus, as in --gpus 0-7.',
  'tokens-unknown': 'No tokens are known for this window, so there is no cost per token.',
};
const OVERLAP = 'Some runs went on at the same time: the energy of that time counts in each of them, and must not be added up.';

function windowText(window: WindowKind): string {
  switch (window.kind) {
    case 'asked-for':
      return 'the window that was asked for';
    case 'all-readings':
      return 'all readings of power, whatever ran meanwhile';
    case 'trace':
      return 'the traced window';
    case 'requests':
      return 'the load test, from its first arrival to its last end';
    case 'load-test': {
      const what = `the load test, as timed in ${window.file}`;
      return window.of === 1 ? what : `run ${window.run} of ${window.of} of ${what}`;
    }
  }
}

/** An account in the report's words. */
export function wordEnergy({ window, notes, ...figures }: EnergyFacts): Energy {
  const { kind, ...when } = window;
  return {
    window: { ...when, what: windowText(kind) },
    tokens: figures.tokens,
    metered: figures.metered,
    totals: figures.totals,
    notes: notes.map(n => NOTES[n]),
  };
}

function wordRun({ energy, ...run }: EnergyRunFacts): EnergyRun {
  const failed = energy instanceof ForensicsError;
  return { ...run, energy: failed ? null : wordEnergy(energy), why_none: failed ? energy.message : null };
}

/** The accounts of several runs in the report's words. */
export const wordEnergyRuns = ({ runs, overlap }: EnergyRunsFacts): EnergyRuns => ({
  schema: 'forensics.energy-runs/1',
  runs: runs.map(wordRun),
  notes: overlap ? [OVERLAP] : [],
});
