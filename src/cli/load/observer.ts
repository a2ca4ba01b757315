import { Live } from '#record/load-test/generator/live';
import type { LoadObserver } from '#record/load-test/generator/run-load';
import { tell } from '../output.ts';
import { stageWords } from './wording.ts';

/** Where there is no terminal, a line as often as a log bears it. */
const PLAIN_LINE_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

/** Shows a run on stderr: in a terminal one line that is written over, else plain lines. */
export function terminalObserver(): LoadObserver {
  const tty = process.stderr.isTTY === true;
  let live = new Live();
  let begun = performance.now();
  let said = begun;
  let planned: number | null = null;
  const clear = () => {
    if (tty) process.stderr.write(CLEAR_LINE);
  };
  return {
    stage: stage => {
      live = new Live();
      begun = performance.now();
      said = begun;
      planned = stage.planned;
      if (stage.concurrency !== null) tell(`concurrency ${stage.concurrency}`);
      else
        tell(
          `sending ${stage.planned} requests${Number.isFinite(stage.seconds) ? ` in ${stage.seconds} s` : ''}; Ctrl-C stops and keeps what there is`,
        );
    },
    outcome: outcome => live.add(outcome),
    progress: progress => {
      const now = performance.now();
      const line = `${Math.round((now - begun) / 1000)} s · ${live.line(progress, planned)}`;
      if (tty) process.stderr.write(`${CLEAR_LINE}${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      else if (now - said >= PLAIN_LINE_MS) {
        said = now;
        tell(line);
      }
    },
    staged: summary => {
      clear();
      if (summary.concurrency !== null) tell(stageWords(summary));
    },
  };
}
