// Format: https://github.com/wilicc/gpu-burn (text); seen: a real file of 2022.

import { measurementSeries, UNMEASURED } from '#input/series/measurement-series';
import { quote } from '#input/text/bad-record';
import { amount } from '#input/text/decimal';
import type { Text } from '#input/text/text';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { MeasurementRow } from '#schema/measurement';
import type { MeasurementSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'gpu-burn';
const HINT = 'Give what gpu_burn printed, to its end.';

const GPU = /^GPU (\d{1,4}): (.+?) \(UUID: [^)]{1,80}\)\s*$/;
const USING = /using (DOUBLES|FLOATS)(, using Tensor Cores)?/;
const RATES = /\(([\d.]{1,16}) Gflop\/s\)/g;
const VERDICT = /^\s*GPU (\d{1,4}): (OK|FAULTY)\s*$/;
const GFLOPS_PER_TFLOP = 1000;

export default defineImporter({
  id: ID,
  kind: 'measurements',
  title: 'gpu_burn (text)',
  extensions: ['.log', '.txt'],
  sniff: head => /^\ufeff?GPU \d+: .+ \(UUID: /m.test(head) && /% {2}proc'd: |^Initialized device \d+ with /m.test(head),
  parse: (text, source): MeasurementSeries => {
    const counter = new WarningCounter();
    const limits = ['The rate of each GPU is the last that was printed above 0; gpu_burn shows no clocks and no power.'];
    return measurementSeries(ID, readRows(text, source, counter), { limits, warnings: counter.sentences() }, source, HINT);
  },
});

const readRows = (text: Text, source: string, counter: WarningCounter): MeasurementRow[] => {
  const models = new Map<number, string>();
  const rates: number[] = [];
  const verdicts = new Map<number, boolean>();
  let precision: string | null = null;
  for (const line of wholeLines(text, source, counter, l => VERDICT.test(l))) {
    const [, gpu, model] = GPU.exec(line.text) ?? [];
    if (gpu !== undefined && model !== undefined) models.set(Number(gpu), model);
    const [, floats, tensor] = USING.exec(line.text) ?? [];
    if (floats !== undefined) precision = floats === 'DOUBLES' ? 'float64' : tensor === undefined ? 'float32' : 'tf32';
    // One line is overwritten again and again by carriage returns, and holds many readings of all GPUs: they go round.
    const found = [...line.text.matchAll(RATES)].flatMap(m => amount(m[1] ?? '') ?? []);
    for (const [i, rate] of found.entries()) if (rate > 0) rates[i % Math.max(1, models.size)] = rate;
    const [, tested, verdict] = VERDICT.exec(line.text) ?? [];
    const isRead = gpu !== undefined || tested !== undefined || !/^\s*GPU /.test(line.text);
    if (!isRead || found.length < line.text.split('Gflop/s').length - 1)
      counter.note('the line is of a GPU, and cannot be read whole', line.number, quote(line.text));
    if (tested !== undefined) verdicts.set(Number(tested), verdict === 'OK');
  }
  const of = (gpu: number) => ({ ...UNMEASURED, gpu_model: models.get(gpu) ?? null, from: `GPU ${gpu}` });
  const burnt = rates.map((rate, gpu) => ({
    ...{ ...of(gpu), what: 'burn' as const, test: 'gpu_burn', precision },
    ...{ value: rate / GFLOPS_PER_TFLOP, unit: 'TFLOP/s' as const },
  }));
  const checked = [...verdicts].map(([gpu, passed]) => ({
    ...{ ...of(gpu), what: 'check' as const, test: 'results are right', passed },
    detail: passed ? null : 'gpu_burn calls it FAULTY: products of matrices came out wrong',
  }));
  return [...burnt.filter(b => b !== undefined), ...checked];
};
