import type { Score } from '#app/score/score';
import type { Ms, Share } from '#core/units';

const percent = (v: Share | null) => (v === null ? '–' : `${Math.round(v * 100)} %`);
const millis = (v: Ms | null) => (v === null ? '–' : v.toFixed(1));

/** The scores as a Markdown table: docs/accuracy.md holds this very text. */
export function scoreTable(scores: readonly Score[]): string {
  const rows = scores.map(s =>
    [
      s.capture,
      s.faults,
      percent(s.ac1),
      percent(s.ac3),
      s.falseAccusations,
      s.abstained,
      percent(s.unexplainedShare),
      millis(s.medianStartError_ms),
      millis(s.worstStartError_ms),
    ].join(' | '),
  );
  return [
    '| capture | faults | AC@1 | AC@3 | false accusations | abstained | unexplained | start error, median ms | worst ms |',
    '|---|--:|--:|--:|--:|--:|--:|--:|--:|',
    ...rows.map(r => `| ${r} |`),
  ].join('\n');
}
