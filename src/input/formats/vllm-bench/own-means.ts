import { mean } from 'd3-array';
import { significant } from '#core/math/round';
import type { Seconds } from '#core/units';
import type { WarningCounter } from '#input/text/warning-counter';
import type { Detail } from './columns.ts';
import { endToEnd, perOutputToken } from './durations.ts';

/** Means that the file works out from the same requests. vLLM rounds to no less than this. */
const MEANS: Readonly<Record<string, (detail: Detail) => Seconds | undefined>> = {
  mean_ttft_ms: detail => detail.ttft,
  mean_tpot_ms: perOutputToken,
  mean_e2el_ms: endToEnd,
};
const AGREES_TO = 0.01;

/**
 * Notes where the requests of a file contradict its own means: then one of the two is not what its name says (vllm-project/vllm#7242).
 * @param scalars what stands at the top of the document
 */
export function checkOwnMeans(scalars: Readonly<Record<string, unknown>>, details: readonly Detail[], counter: WarningCounter): void {
  const good = details.filter(detail => !detail.failed);
  for (const [name, of] of Object.entries(MEANS)) {
    const told = scalars[name];
    const found = mean(good, detail => of(detail));
    if (typeof told !== 'number' || found === undefined || told <= 0) continue;
    const found_ms = found * 1000;
    if (Math.abs(found_ms / told - 1) > AGREES_TO)
      counter.note(`${name} contradicts the requests of the file, whose mean differs`, 1, `${told} against ${significant(found_ms, 4)} ms`);
  }
}
