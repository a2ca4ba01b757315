import { InvalidArgumentError } from '@commander-js/extra-typings';
import { examineHealth, type HealthRequest } from '#app/health/examine-health';
import { expectedGpusOf } from '#app/health/expected-gpus';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';

import { healthLines } from '#report/render/health/lines';
import type { Health } from '#schema/health';

const FOUND = 1;
const NOTHING_JUDGED = 2;

/** Options of `doctor --machine`. */
export interface HealthOptions {
  readonly machine: boolean;
  readonly from?: string | undefined;
  readonly expect?: NonNullable<HealthRequest['expected']> | undefined;
  readonly json: boolean;
}

/** `8xB200`: how many GPUs of which model. */
export function expectedGpus(text: string): NonNullable<HealthRequest['expected']> {
  const expected = expectedGpusOf(text);
  if (expected === undefined) throw new InvalidArgumentError('It must be a number of GPUs and their model, as 8xB200 or 2xH200 NVL.');
  return expected;
}

/** Whether the machine is to be judged. @throws ForensicsError bad-argument for options and files that say nothing together */
export function isHealthAsked({ machine, from, expect }: HealthOptions, files: readonly string[]): boolean {
  const alone = from !== undefined ? '--from' : expect !== undefined ? '--expect' : undefined;
  if (!machine && alone !== undefined)
    throw new ForensicsError('bad-argument', `${alone} says nothing without --machine`, 'Add --machine.');
  if (machine && files.length > 0)
    throw new ForensicsError(
      'bad-argument',
      `${files[0]} was named beside --machine`,
      'Name saved outputs with --from, or drop --machine.',
    );
  return machine;
}

const codeOf = ({ findings, judged }: Health): number =>
  judged.length === 0 ? NOTHING_JUDGED : findings.some(f => f.severity === 'high' || f.severity === 'medium') ? FOUND : 0;

/** Judges the machine by the rules, and says what they found. */
export async function tellHealth(terminal: Terminal, { from, expect, json }: HealthOptions): Promise<void> {
  const { say, tell, env, colours } = terminal;
  const health = await examineHealth({ from, expected: expect, cwd: process.cwd() }, { env, progress: tell });
  terminal.exitCode = codeOf(health);
  if (json) return say(JSON.stringify(health, null, 2));
  const painted = (line: string) =>
    line.startsWith('high ') ? colours.red(line) : line.startsWith('medium ') ? colours.yellow(line) : line;
  for (const line of healthLines(health)) say(painted(visible(line)));
}
