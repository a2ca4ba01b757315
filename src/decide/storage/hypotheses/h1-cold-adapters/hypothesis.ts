import { confidenceOfMean } from '#core/math/confidence';
import { defineHypothesis, part, partOf } from '#decide/storage/define';
import { runsOf, type StorageRun } from '#decide/storage/experiment';
import { RATIO_REASON, SMALLEST_RATIO } from '#decide/storage/margins';
import { logTails, tailOf } from '#decide/storage/tail';

export default defineHypothesis({
  id: 'h1-cold-adapters',
  code: 'H1',
  claim: 'The first token comes later where an adapter is not in the page cache.',
  test: 'paired by repeat: tail of the time to first token, cold over warm (Student’s t on logarithms; flipped signs from ten pairs on)',
  effect: 'time to first token, cold over warm',
  scale: 'ratio',
  margin: SMALLEST_RATIO,
  margin_reason: RATIO_REASON,
  reading: 'A line joins the cold and the warm run of one repeat.',
  examine(experiment) {
    const runs = runsOf(experiment, 'h1');
    if (runs.length === 0) return 'not-run';
    const tail = tailOf(runs, 'ttft');
    const tails = logTails(runs, tail);
    const logOf = (block: number, arm: string) => tails.find(({ run }) => run.block === block && run.arm === arm)?.log;
    const pairs = [...new Set(runs.map((run: StorageRun) => run.block))].flatMap(block => {
      const [cold, warm] = [logOf(block, 'cold'), logOf(block, 'warm')];
      return cold === undefined || warm === undefined ? [] : [{ block, cold, warm }];
    });
    const effect = confidenceOfMean(pairs.map(({ cold, warm }) => cold - warm));
    const inMs = confidenceOfMean(pairs.map(({ cold, warm }) => Math.exp(cold) - Math.exp(warm)));
    if (effect === undefined || inMs === undefined) return tails.length < runs.length ? 'lost-requests' : 'few-runs';
    const ends = [
      ['warm', 0],
      ['cold', 1],
    ] as const;
    return {
      ...{ effect, p: effect.pAtMost(0), freedom: pairs.length - 1, least_p: pairs.length < 10 ? 0 : 2 ** -pairs.length },
      ...{ runs: 2 * pairs.length, tail },
      parts: [partOf('cold less warm', 'ms', inMs, value => value), part('pairs', '', pairs.length)],
      picture: {
        ...{ x: 'page cache', arms: ['warm', 'cold'], y: 'time to first token (ms)', marks: [] },
        points: tails.map(({ run, log }) => ({ run: run.id, x: run.arm === 'cold' ? 1 : 0, y: Math.exp(log), series: run.arm })),
        lines: pairs.flatMap(pair =>
          ends.map(([arm, x]) => ({ series: `repeat ${pair.block}`, x, y: Math.exp(pair[arm]), low: null, high: null })),
        ),
      },
    };
  },
});
