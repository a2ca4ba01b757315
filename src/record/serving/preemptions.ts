const PATIENCE_MS = 5000;
/** A scrape of a large server has some hundred kB. */
const MOST_CHARS = 16 * 2 ** 20;
/** By vLLM before and since 0.6; SGLang counts retractions. */
const COUNTER = /^(?:vllm:num_preemptions_total|vllm:num_preemptions|sglang:num_retracted_reqs_total)(?:\{[^}]*\})?\s+([\d.e+]+)/gm;

/** How often a server has thrown running requests out of its KV cache since it began; undefined where it does not say. */
export async function preemptionsSoFar(origin: string): Promise<number | undefined> {
  try {
    const response = await fetch(`${origin}/metrics`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const text = response.ok ? await response.text() : '';
    const counted = text.length > MOST_CHARS ? [] : [...text.matchAll(COUNTER)].map(([, value]) => Number(value));
    return counted.length === 0 ? undefined : counted.reduce((sum, value) => sum + value, 0);
  } catch {
    // It has no metrics, or none for us.
    return undefined;
  }
}
