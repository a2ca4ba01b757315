import { named, run, writing } from '#test/valid-rows';

const GPUS = 8;
const METRICS = { ttft: 'ttft', tpot: 'tpot', itl: 'itl', e2el: 'e2e' } as const;
const nameOf = (statistic: string | number) => (statistic === 0.5 ? 'median' : statistic === 0.999 ? 'p99.9' : `${statistic}`);

/** Flat; tokens of one GPU, latencies in seconds. */
export default writing(
  run(['concurrency', 'output_tokens_per_s', 'total_tokens_per_s'], Object.values(METRICS), ['mean', 'std', 0.5, 0.999]).map(one => [
    { ...one, gpus: GPUS },
  ]),
  ([one]) =>
    one === undefined
      ? ''
      : JSON.stringify({
          ...{ hw: 'h200', conc: one.concurrency, model: 'm/small', infmax_model_prefix: 'small', framework: 'vllm', precision: 'fp8' },
          ...{ disagg: false, isl: 1024, osl: 1024, is_multinode: false, tp: GPUS, ep: 1, dp_attention: 'false' },
          ...{
            tput_per_gpu: one.total_tokens_per_s / GPUS,
            output_tput_per_gpu: one.output_tokens_per_s / GPUS,
            input_tput_per_gpu: 28.25,
          },
          ...Object.assign({}, ...Object.entries(METRICS).map(([name, metric]) => named(one, metric, s => `${nameOf(s)}_${name}`, 1e-3))),
        }),
);
