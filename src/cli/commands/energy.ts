import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { priceFiles } from '#app/energy/price-files';
import { number, price, pue } from '#cli/numbers';
import type { Terminal } from '#cli/terminal';
import { energyRunsLines } from '#report/render/energy-runs';
import { energyLines, energySentence } from '#report/render/energy-tables';
import type { Energy, EnergyRuns } from '#schema/energy';

/** `0,1` or `0-7`. */
function gpuNumbers(text: string): number[] {
  return text.split(',').flatMap(part => {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(part.trim()) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === undefined || to < from || to - from > 1000)
      throw new InvalidArgumentError('It must be numbers of GPUs, as in 0,1 or 0-7.');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

const linesOf = (energy: Energy | EnergyRuns): string[] =>
  'runs' in energy ? energyRunsLines(energy) : [energySentence(energy), ...energyLines(energy), ...energy.notes];

export const energyCommand = ({ say, tell, env }: Terminal) =>
  new Command('energy')
    .description('price a run from its files alone: power, energy, tokens per joule, cost of a million tokens')
    .argument(
      '<files...>',
      'power over time (GPU samples, the log of a power meter), and results of load tests; a folder stands for its files',
    )
    .option(
      '--window <start..end>',
      'which time to price: times since the first reading (10s..5m), or dates (default: the time of each run)',
    )
    .option('--idle-window <start..end>', 'a stretch without load, from which the power at rest is taken')
    .option('--gpus <numbers>', 'the GPUs that the run worked on, as in 0,1 or 0-7 (default: all that were metered)', gpuNumbers)
    .option('--zone-hours <hours>', 'offset from UTC of stamps that name no zone; recordings of forensics need none', number)
    .option('--gpu-hour-usd <usd>', 'price of a GPU-hour; rental prices usually include power', price)
    .option('--kwh-usd <usd>', 'price of a kilowatt-hour', price)
    .option('--pue <ratio>', 'power usage effectiveness of the building, 1 or more', pue)
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText(
      'after',
      `
Each run gets an account of its own: each file of requests, and each run in a summary (as the load.json of a sweep).

Examples:
  $ forensics energy spl.txt mlperf_log_detail.txt
  $ forensics energy gpu.csv requests.jsonl --gpus 0-7 --gpu-hour-usd 2.49
  $ forensics energy gpu.csv sweep/load.json --json
  $ forensics energy gpu.csv --window 10..310 --kwh-usd 0.16 --pue 1.3
`,
    )
    .action(async (files, options) => {
      const { energy, notes } = await priceFiles(
        files,
        {
          prices: { gpuHourUsd: options.gpuHourUsd, kwhUsd: options.kwhUsd, pue: options.pue },
          window: options.window,
          idleWindow: options.idleWindow,
          gpus: options.gpus,
          zoneHours: options.zoneHours,
        },
        { env, progress: tell },
      );
      for (const note of notes) tell(note);
      say(options.json ? JSON.stringify(energy, null, 2) : linesOf(energy).join('\n'));
    });
