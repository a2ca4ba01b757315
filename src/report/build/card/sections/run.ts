import { count } from '#core/format/numbers';
import { notMeasured, row, type SectionOf } from '../documents.ts';

/** It runs while the card is made. */
const OWN = 'card';

/** Whether all that was planned was done. A step that failed is a hole in the card. */
export const run: SectionOf = documents => {
  const steps = documents.steps.filter(({ data }) => data.step !== OWN);
  const done = steps.filter(({ data }) => data.state === 'done');
  const [first] = done;
  const open = steps.filter(({ data }) => data.state !== 'done');
  return {
    rows: [
      ...open.map(({ source, data }) =>
        data.state === 'failed'
          ? row(`step ${data.step}`, 'fail', {
              ...{
                figure: `failed ${count(data.attempts, 'time')}`,
                value: data.attempts,
                limit: 'done',
                source,
                reason: data.reason ?? '',
              },
            })
          : notMeasured(`step ${data.step}`, data.reason ?? 'it was interrupted', source),
      ),
      ...(first === undefined
        ? []
        : [
            row('steps of the plan', 'pass', {
              ...{ figure: `${done.length} of ${steps.length} done`, value: done.length, limit: 'done', source: first.source },
            }),
          ]),
    ],
    figures: [],
  };
};
