import type { MeasurementRow } from '#schema/measurement';
import type { FactRow } from '#schema/relation';

/** Tests that passed or failed, as facts: of each its name and what it said. */
export const testedFacts = (rows: readonly MeasurementRow[]): FactRow[] =>
  rows.flatMap(({ from, to, test, passed, detail }) => {
    if (passed === null) return [];
    const entity = from === null ? 'machine' : to === null || to === from ? from : `${from}-${to}`;
    const said = detail === null || detail === '' ? test : `${test}: ${detail}`;
    return [{ entity, name: passed ? 'passed_test' : 'failed_test', value: said, unit: '' }];
  });
