import type { ExpectedGpus } from '#machine/machine-facts';

/** Reads `8xB200` or `2xH200 NVL`: how many GPUs of which model; undefined for anything else. */
export function expectedGpusOf(text: string): ExpectedGpus | undefined {
  const [, gpus, model] = /^(\d{1,4}) ?[x×] ?(\S.{0,60})$/.exec(text.trim()) ?? [];
  return gpus === undefined || model === undefined || Number(gpus) === 0 ? undefined : { gpus: Number(gpus), model };
}
