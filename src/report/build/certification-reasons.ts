import { bytes, change, count, percent, plain } from '#core/format/numbers';
import { reasonsOf } from '#diagnosis/telemetry/samples';
import type { EarlierFacts, FigureFacts, FigureReason, OddFacts, Unknown } from '#machine/certify/facts';

/** What would lower the clocks of a GPU. @param slowed bits of NVML */
const slowedWords = (slowed: number): string => {
  const reasons = reasonsOf(slowed);
  return reasons.length === 0 ? '' : ` Its clocks were lowered meanwhile: ${reasons.join(', ')}.`;
};

const peakWords = (f: FigureFacts): string => `${plain(f.peak ?? 0)} ${f.unit}`;

const WHY: Readonly<Record<FigureReason, (f: FigureFacts) => string>> = {
  reached: f => `${percent(f.share ?? 0)} of ${peakWords(f)}, the peak of ${f.board}.`,
  'below-half': f => `Less than half of ${peakWords(f)}, the peak of ${f.board}.${slowedWords(f.slowed)}`,
  'above-peak': f => `More than ${peakWords(f)}, the peak of ${f.board}: it is another board, or the test counts otherwise.`,
  'in-switch': f =>
    `More than the ${peakWords(f)} of the links one way: the switch adds up (NVLS), so each byte passes a link once, and bus bandwidth counts it as if it passed twice.`,
  'too-small': f =>
    f.judged_from_bytes === null
      ? 'The product is too small to be limited by the peak: launching it takes a good part of its time.'
      : `The messages are too small: bandwidth shows from ${bytes(f.judged_from_bytes)} on.`,
  'memory-bound': () => 'The product is limited by memory, not by the peak.',
  'no-board': () => 'The board is not in the table of published peaks.',
  'no-peak': f => `Nothing is published of it for ${f.board}.`,
  'no-nvlink': () => 'The GPUs are joined over PCIe, and what that carries depends on the way between them.',
  bridge: f => `NVLinks of ${f.board} need a bridge, and how many join these GPUs is not known.`,
  'beyond-fabric': f => `More GPUs than NVLinks of ${f.board} join: the network between machines sets the pace.`,
  together: () => 'Other copies ran at the same time.',
  'local-copy': () => 'Tools count a copy within a GPU once or twice.',
  burn: () => 'gpu_burn compares its results meanwhile, so its rate is no peak.',
  latency: () => 'Nothing is published of latencies.',
};

/** Why a figure is judged as it is. */
export const figureWords = (f: FigureFacts): string => WHY[f.why](f);

/** Why a GPU or pair stands out. */
export const oddWords = (o: OddFacts): string => {
  const far = o.sigmas === null ? '' : `, ${plain(o.sigmas)} robust standard deviations below their median`;
  return `${percent(o.behind)} behind ${count(o.peers - 1, 'peer')}${far}.${slowedWords(o.slowed)}`;
};

const EARLIER: Readonly<Record<EarlierFacts['why'], (e: EarlierFacts) => string>> = {
  'too-few': e => `${change(e.change)} against ${count(e.runs, 'earlier run')}: five tell what is usual.`,
  usual: e => `${change(e.change)}, within the usual range of ${count(e.runs, 'earlier run')}.`,
  'below-usual': e => `${change(e.change)}, below the usual range of ${count(e.runs, 'earlier run')}.`,
  'above-usual': e => `${change(e.change)}, above the usual range of ${count(e.runs, 'earlier run')}.`,
};

/** How a figure stands to earlier runs. */
export const earlierWords = (e: EarlierFacts): string => EARLIER[e.why](e);

const AREA = { matmul: 'products of matrices', 'peer-copy': 'copies between GPUs', collective: 'collectives' } as const;

/** What the files do not tell, and what would. */
export function unknownWords(unknown: Unknown): string {
  switch (unknown.what) {
    case 'board':
      return unknown.models.length === 0
        ? 'No file names the GPU: say --gpu MODEL to hold figures against its peaks.'
        : `${unknown.models.map(m => `“${m}”`).join(' and ')} is not in the table of published peaks: say --gpu MODEL where it is one of its boards.`;
    case 'several-models':
      return 'The files name several models: give those of one machine at a time.';
    case 'no-figure':
      return `No figure is of ${AREA[unknown.of]}, so nothing is said of them.`;
    case 'peers':
      return 'Fewer than three GPUs or pairs were measured alike, so none can be odd.';
    case 'state':
      return 'Clocks and temperatures during the tests are not known: give a gpu.csv of forensics monitor beside.';
    case 'history':
      return 'Nothing is known of earlier runs: give them with --history.';
  }
}
