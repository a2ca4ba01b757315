import { group } from 'd3-array';
import { plain } from '#core/format/numbers';
import type { Curves } from '#decide/knees/curves';
import { kneeOverRuns, type NoKnee } from '#decide/knees/knee-over-runs';
import type { Load, LoadStage } from '#schema/load';
import { notMeasured, row, type SectionOf, type Told } from '../documents.ts';

const WHY: Readonly<Record<NoKnee, string>> = {
  'few-settings': 'it takes three loads of different concurrency or more',
  straight: 'throughput grows as the load does, up to the last one',
  'still-rising': 'throughput still grows at the last load: send more',
  noise: 'the runs differ too much to name one: send the sweep more often',
};
const WHAT = 'knee of throughput';

/** Stages of a closed loop, the fewest requests in flight first. */
const inOrder = ({ data }: Told<Load>): readonly (LoadStage & { readonly concurrency: number })[] =>
  data.stages
    .flatMap(stage => (stage.concurrency === null ? [] : [{ ...stage, concurrency: stage.concurrency }]))
    .toSorted((a, b) => a.concurrency - b.concurrency);

/** Throughput over concurrency, of loads that went through the same concurrencies. */
function curvesOf(loads: readonly Told<Load>[]): Curves {
  const [settings = []] = loads.map(load => inOrder(load).map(stage => stage.concurrency));
  return { settings, runs: loads.map(load => inOrder(load).map(stage => stage.output_tokens_per_s ?? stage.completed_per_s)) };
}

function kneeRow(loads: readonly Told<Load>[]) {
  const [source = null] = loads.map(load => load.source);
  const { knee, interval, why } = kneeOverRuns(curvesOf(loads));
  if (knee === undefined) return notMeasured(WHAT, why === undefined ? '' : WHY[why], source);
  const range = interval === undefined ? 'one run names no interval' : `${plain(interval[0])} to ${plain(interval[1])}, 95 %`;
  return row(WHAT, 'pass', { figure: `${plain(knee)} in flight`, value: knee, unit: 'in flight', limit: null, source, reason: range });
}

/** Where more load gives little more: that it is known passes, whatever it is. */
export const knees: SectionOf = ({ loads }) => {
  const swept = loads.filter(load => inOrder(load).length > 1);
  const sweeps = [...group(swept, load => JSON.stringify(inOrder(load).map(stage => stage.concurrency))).values()];
  return {
    rows:
      sweeps.length === 0
        ? [notMeasured(WHAT, 'it takes a sweep over concurrency: forensics load --sweep, or sweep in the plan')]
        : sweeps.map(kneeRow),
    figures: [],
  };
};
