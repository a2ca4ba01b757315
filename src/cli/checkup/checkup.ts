import { randomUUID } from 'node:crypto';
import { runCheckup } from '#app/checkup/run-checkup';
import { interruptible } from '#cli/interrupts';
import { targetOf } from '#cli/load/target-of';
import type { Terminal } from '#cli/terminal';
import { ForensicsError } from '#core/errors';
import { visible } from '#core/format/visible';
import { overSsh, thisMachine } from '#record/checkup/asked';
import { checkupLines, tableHead, tableRow } from '#report/render/checkup/lines';
import type { Checkup } from '#schema/checkup';

/** What the command line says of a checkup. */
export interface CheckupWish {
  readonly quick: boolean;
  readonly full: boolean;
  readonly url?: string | undefined;
  readonly ssh?: string | undefined;
  readonly for?: number | undefined;
  readonly concurrency?: number | undefined;
  readonly expectRate?: number | undefined;
  readonly log?: readonly string[] | undefined;
  readonly model?: string | undefined;
  readonly apiKeyEnv?: string | undefined;
  readonly json: boolean;
}

/** Seconds of load: with what comes before and after, the quick one takes half a minute; the guide's full one loads for 30 s. */
const SECONDS: Readonly<Record<Checkup['kind'], number>> = { quick: 20, full: 30 };
const WORTH_A_FAILURE = 1;

/** Options that mean nothing without a checkup. */
const ONLY_HERE = ['url', 'ssh', 'for', 'concurrency', 'expectRate', 'log', 'model', 'apiKeyEnv'] as const;
const flag = (name: string) => `--${name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;

/**
 * Which checkup is asked for; undefined for none.
 * @throws ForensicsError bad-argument for options that contradict each other
 */
export function checkupAsked(wish: CheckupWish, files: readonly string[]): Checkup['kind'] | undefined {
  if (wish.quick && wish.full)
    throw new ForensicsError('bad-argument', '--quick and --full are both there', 'Name one: --full holds all that --quick does.');
  if (!wish.quick && !wish.full) {
    const odd = ONLY_HERE.find(name => wish[name] !== undefined);
    if (odd === undefined) return undefined;
    throw new ForensicsError('bad-argument', `${flag(odd)} is for --quick and --full`, 'Add one of them.');
  }
  if (files.length > 0)
    throw new ForensicsError(
      'bad-argument',
      `${files[0]} was named beside ${wish.quick ? '--quick' : '--full'}`,
      'A log of the server goes with --log FILE.',
    );
  if (wish.log !== undefined && wish.quick) throw new ForensicsError('bad-argument', '--quick reads no log', 'Use --full.');
  return wish.quick ? 'quick' : 'full';
}

/** The endpoint of a server: of a bare address, its completions. */
function endpointOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  if (/\/completions\/?$/.test(parsed.pathname)) return url;
  parsed.pathname = parsed.pathname.replace(/\/*$/, '').replace(/(?:\/v1)?$/, '/v1/completions');
  return parsed.toString();
}

const target = (url: string, { model, apiKeyEnv }: CheckupWish, env: NodeJS.ProcessEnv) =>
  targetOf(
    endpointOf(url),
    { api: 'auto', header: [], promptAs: 'words', ignoreEos: true, model, apiKeyEnv },
    env,
    randomUUID().slice(0, 8),
  );

/** Looks at a server and its GPUs, shows the table of their activity as it grows, and says what is wrong. */
export async function tellCheckup(terminal: Terminal, kind: Checkup['kind'], wish: CheckupWish): Promise<void> {
  const { say, tell, env } = terminal;
  const machine = wish.ssh === undefined ? thisMachine(env) : overSsh(wish.ssh, env);
  const request = {
    ...{ kind, machine, env, seconds: wish.for ?? SECONDS[kind], concurrency: wish.concurrency ?? 1 },
    ...{ target: wish.url === undefined ? undefined : target(wish.url, wish, env), expectedRate: wish.expectRate, logs: wish.log ?? [] },
  };
  let gpus: readonly number[] = [];
  const round = (readings: Parameters<typeof tableRow>[0]) => {
    if (wish.json || kind === 'quick') return;
    if (gpus.length === 0) {
      gpus = readings.map(r => r.gpu);
      for (const line of tableHead(gpus)) say(line);
    }
    say(tableRow(readings, gpus));
  };
  const checkup = await interruptible(signals => runCheckup(request, signals, { progress: tell, round }), { endsAtSecond: true });
  if (wish.json) say(JSON.stringify(checkup, null, 2));
  else for (const line of [...(gpus.length > 0 ? [''] : []), ...checkupLines(checkup)]) say(visible(line));
  const isFault = checkup.checks.some(c => c.verdict === 'fail' || c.verdict === 'warn');
  terminal.exitCode = isFault ? WORTH_A_FAILURE : 0;
}
