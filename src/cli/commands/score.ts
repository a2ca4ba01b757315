import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { z } from 'zod';
import { NO_CORRECTION, runAnalysis } from '#app/analyze/run-analysis';
import { type Score, scoreReport, scoreTable } from '#app/score/score';
import { Truth } from '#app/score/truth';
import { ForensicsError } from '#core/errors';
import { CAUSES, Cause } from '#schema/causes';
import type { Report } from '#schema/report';
import { say, tell } from '../output.ts';

function readTruth(folder: string): Truth {
  const file = join(folder, 'truth.json');
  if (!existsSync(file))
    throw new ForensicsError('not-found', `${folder} has no truth.json`, 'Score only captures whose faults are known.');
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ForensicsError('bad-record', `${file} is not JSON`, 'Repair it.');
  }
  const truth = Truth.safeParse(json);
  if (!truth.success)
    throw new ForensicsError(
      'bad-record',
      `${file} is not as expected: ${z.prettifyError(truth.error).split('\n')[0]}`,
      'See fixtures/README.md for its fields.',
    );
  return truth.data;
}

/** `NAME=cause`: a fault that lasts the whole capture, which truth.json cannot date. */
function wholeFaults(specs: readonly string[]): ReadonlyMap<string, Cause> {
  return new Map(
    specs.map(spec => {
      const [name = '', cause] = spec.split('=');
      const known = Cause.safeParse(cause);
      if (!known.success)
        throw new ForensicsError('bad-argument', `--whole ${spec} names no cause`, `Use CAPTURE=CAUSE, with one of: ${CAUSES.join(', ')}.`);
      return [name, known.data];
    }),
  );
}

/** Every incident of a capture that is faulty throughout is one chance to be right. */
function withWhole(truth: Truth, report: Report, cause: Cause | undefined): Truth {
  if (cause === undefined) return truth;
  return { ...truth, faults: report.incidents.map(i => ({ design_cause: cause, start_ns: Number(i.start_ns), end_ns: Number(i.end_ns) })) };
}

export const scoreCommand = () =>
  new Command('score')
    .description('analyze captures whose faults are known, and say how often the analysis is right')
    .argument('<dirs...>', 'folders with a trace, its files and a truth.json')
    .option('--whole <capture=cause...>', 'a capture that is faulty from end to end: each incident should name this cause', [])
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
AC@1, AC@3: share of faults whose cause stands first, or among the first three, in the incident found at their time.
False accusations: incidents that blame something where nothing is known to be wrong. Abstained: faults without a cause named.

Example:
  $ forensics score fixtures/*/
`,
    )
    .action(async (dirs, options) => {
      const whole = wholeFaults(options.whole);
      const scores: Score[] = [];
      for (const dir of dirs) {
        const name = basename(resolve(dir));
        tell(`scoring ${name}`);
        const truth = readTruth(dir);
        const report = await runAnalysis(dir, {}, NO_CORRECTION, () => {});
        scores.push(scoreReport(name, report, withWhole(truth, report, whole.get(name))));
      }
      say(options.json ? JSON.stringify(scores, null, 2) : scoreTable(scores));
    });
