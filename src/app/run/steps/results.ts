import { writeFiles } from '#app/files/write-files';
import { loadResults } from '#report/render/guide/load-results';
import type { RunStep } from '../context.ts';
import { loadsIn } from './loads.ts';

/** The guide's one file of a load test: of several runs their mean. */
export const resultsStep: RunStep = {
  id: 'results',
  what: 'sum the loads up in load_test_results.json',
  kind: 'derived',
  asksServer: false,
  files: ['load_test_results.json'],
  act: ({ place, plan }) => {
    const results = loadResults(loadsIn(place, plan).map(({ load }) => load));
    if (results === undefined) return Promise.resolve(['no load was measured, so there are no results']);
    writeFiles(place.path, { 'load_test_results.json': `${JSON.stringify(results, null, 2)}\n` });
    return Promise.resolve([]);
  },
};
