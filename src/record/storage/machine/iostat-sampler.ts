import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '#record/processes/end';
import { killGroup, run } from '#record/processes/run';
import { type Started, start } from '#record/processes/start';
import { samplerOf } from '#record/samplers/lifecycle';
import type { Sampler, Tell } from '#record/samplers/sampler';

const FILE = 'iostat.json';
/** iostat counts in whole seconds, and shorter is not to be had. */
const INTERVAL_MS = 1000;
/** Its first report, without those since the machine was started (-y), takes an interval. */
const ARGS = ['-x', '-y', '-t', '-o', 'JSON', String(INTERVAL_MS / 1000)];
/** At the signal it ends its document. */
const END_SECONDS = 3;

/**
 * What iostat of sysstat says, once a second, in its own JSON: the harness' own view. It is ended by SIGINT, upon which it closes its document; one that
 * was killed leaves JSON that ends in the middle.
 */
export const iostatSampler = (env: NodeJS.ProcessEnv, tell: Tell): Sampler =>
  samplerOf('iostat', tell, notes => {
    let child: Started | undefined;
    let path = '';
    return {
      begin: async folder => {
        if ((await run('iostat', ['-V'], { seconds: 5, env })).code === undefined) return 'iostat is not installed (sysstat)';
        path = join(folder, FILE);
        child = await start('iostat', ARGS, {
          env: { ...env, LC_ALL: 'C', S_TIME_FORMAT: 'ISO', TZ: 'UTC' },
          stdout: path,
          stderr: join(folder, 'iostat.err'),
        });
        return undefined;
      },
      running: () => child !== undefined && child.ending() === undefined,
      progress: () => 'running',
      finish: async () => {
        if (child !== undefined && child.ending() === undefined) {
          killGroup(child.pid, 'SIGINT');
          if (!(await until(() => child?.ending() !== undefined, END_SECONDS))) killGroup(child.pid, 'SIGKILL');
          await sleep(0);
        }
        const samples = path !== '' && existsSync(path) ? (readFileSync(path, 'utf8').match(/"timestamp"/g)?.length ?? 0) : 0;
        if (child !== undefined && samples === 0) notes.add('iostat wrote nothing: the step was shorter than a second');
        return {
          file: samples === 0 ? null : FILE,
          samples,
          interval_asked_ms: INTERVAL_MS,
          interval_median_ms: null,
          zone_hours: 0,
        };
      },
    };
  });
