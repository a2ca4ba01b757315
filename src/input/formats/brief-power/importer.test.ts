import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import briefPower from './importer.ts';

const SAMPLE = readFileSync(new URL('sample.json', import.meta.url), 'utf8');
const parse = (text: string) => briefPower.parse(text, 'p.json');

test('values, and what the command was asked for', () => {
  const series = parse(SAMPLE);
  expect(series).toMatchObject({ clock: { kind: 'none' }, warnings: [] });
  expect(series.rows[0]).toMatchObject({
    requested_rate: 12.5,
    gpus: 2,
    completed: null,
    latency: [],
    power: {
      entity: '2 GPUs',
      mean_w: 900.75,
      min_w: 300.25,
      max_w: 1400.5,
      energy_j: 54_480.5,
      tokens_per_joule: null,
      samples: 301,
      sampled_s: 60.5,
      requested_s: 60,
    },
  });
});

test('a command that ended early is told', () => {
  expect(parse(SAMPLE.replace('"duration": 60.5', '"duration": 4.04')).warnings).toEqual([
    'Power was sampled for 4.04 s, though the command was asked to run for 60 s: it ended early.',
  ]);
});

test('zeros of a monitor that took no sample are no powers', () => {
  const none = SAMPLE.replace('"samples": 301', '"samples": 0');
  expect(parse(none).rows[0]?.power).toMatchObject({ mean_w: null, energy_j: null });
});

describe('refusals', () => {
  test.each([
    [SAMPLE.replace('54480.5', '"much"'), 'p.json, field energy_joules: "much"'],
    [SAMPLE.slice(0, 300), 'p.json: it is not a whole JSON document'],
  ])('%#', (text, message) => expect(() => parse(text)).toThrow(message));
});
