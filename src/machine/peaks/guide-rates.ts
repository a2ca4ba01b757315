/** What a server is said to give, output tokens a second. */
export interface GuideRate {
  readonly gpus: number;
  readonly low: number;
  readonly high: number;
}

/** The one board and model that the multi-GPU guide has figures of; it does not say for how many requests at once. */
const BOARD = /RTX 6000 Ada/;
const MODEL = /Qwen2\.5-Coder-32B-Instruct-AWQ$/i;

/** Multi-GPU guide, "Performance Benchmarks". */
const RATES: readonly GuideRate[] = [
  { gpus: 1, low: 35, high: 45 },
  { gpus: 2, low: 60, high: 80 },
  { gpus: 4, low: 100, high: 130 },
];

/** What else the same guide says of four GPUs: the rate of its healthy example, and what its issue 4 asks for. Both are below half of its table. */
export const GUIDE_DOUBTS = { gpus: 4, healthy: 47.6, asked: 40 } as const;

/**
 * What the guide expects of a server.
 * @param boards names that the driver gives its GPUs
 */
export function guideRate(boards: readonly (string | null)[], model: string | null): GuideRate | undefined {
  if (model === null || !MODEL.test(model) || !boards.every(board => board !== null && BOARD.test(board))) return undefined;
  return RATES.find(r => r.gpus === boards.length);
}
