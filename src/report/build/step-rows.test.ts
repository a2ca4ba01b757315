import { expect, test } from 'vitest';
import type { LaneDiagnosis } from '#diagnosis/lane-answer';
import { stepNames } from '#diagnosis/requests/step-names';
import { stepTokens } from '#diagnosis/requests/step-tokens';
import type { RequestRow } from '#schema/relation';
import { engineStepsOf, requestRow, requestsOf, stepEndsOf } from '#test/attribution-sample';
import { laneOf, laneOps, readBack } from '#test/lane-sample';
import { stepRows } from './step-rows.ts';

const steps = engineStepsOf(stepEndsOf(10));
const lane = laneOf(laneOps([readBack(0, 1)]));

/** Two requests: one gets a token of each of the first eight steps, another one of the third to the sixth. */
const ROWS: readonly RequestRow[] = [
  requestRow(0, 8.25, { first_token_ms: 1.25, prompt_tokens: 700, output_tokens: 8, itl_ms: new Float32Array(7).fill(1) }),
  requestRow(2, 6.25, { first_token_ms: 3.25, prompt_tokens: 50, output_tokens: 4, itl_ms: new Float32Array(3).fill(1) }),
];

function rowsOf(rows: readonly RequestRow[]) {
  const tokens = stepTokens(steps, requestsOf(rows), 0);
  const diagnosis: LaneDiagnosis = {
    ...{ lane, steps, tokens, kinds: stepNames(steps, tokens), attributed: [], demand: undefined, graphs: [], chronic: undefined },
  };
  return stepRows([diagnosis], { processOf: () => 1, deviceOf: () => 'GPU 0' });
}

test('each kind of step tells what one of them works on: sequences, tokens of prompts, tokens of answers', () =>
  expect(rowsOf(ROWS).map(row => row.work)).toEqual([
    {
      sequences: { min: 0, median: 1, max: 2 },
      prompt_tokens: { min: 0, median: 0, max: 700 },
      generated_tokens: { min: 0, median: 1, max: 2 },
    },
  ]));

test('what prompts of unknown length add is not told', () =>
  expect(rowsOf(ROWS.map(row => ({ ...row, prompt_tokens: null }))).map(row => row.work?.prompt_tokens)).toEqual([null]));

test('without times of tokens nothing is told', () =>
  expect(rowsOf(ROWS.map(row => ({ ...row, itl_ms: null }))).map(row => row.work)).toEqual([null]));
