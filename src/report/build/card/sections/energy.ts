import { count } from '#core/format/numbers';
import { notMeasured, row, type SectionOf } from '../documents.ts';
import { figuresOf } from './figures.ts';
import { isOnEnergy, targetRows } from './targets.ts';

const FIGURES = ['mean power', 'tok/J', 'usd/1M tok'];

/** What the runs drew and cost, against its targets. */
export const energy: SectionOf = documents => {
  const accounts = documents.energies.flatMap(({ source, data }) =>
    data.runs.map(({ file, energy: account, why_none }) => ({ source, file, account, why_none })),
  );
  const figures = figuresOf(documents, FIGURES);
  const rows = accounts.flatMap(({ source, file, account, why_none }) => {
    if (account === null) return [notMeasured(`energy of ${file}`, why_none ?? '', source)];
    const invalid = account.totals.filter(total => !total.valid);
    if (account.totals.length === 0) return [notMeasured(`energy of ${file}`, account.notes[0] ?? 'no power was metered', source)];
    return [
      row(`energy of ${file}`, invalid.length > 0 ? 'not-measured' : 'pass', {
        figure: invalid.length > 0 ? count(invalid.length, 'total is not fit for use', 'totals are not fit for use') : 'fit for use',
        ...{ limit: 'fit for use', source, reason: invalid.flatMap(total => total.codes).join(', ') },
      }),
    ];
  });
  return {
    rows: [
      ...(rows.length === 0 && figures.length === 0 ? [notMeasured('power', 'no GPU was sampled meanwhile')] : rows),
      ...targetRows(documents, isOnEnergy),
    ],
    figures,
  };
};
