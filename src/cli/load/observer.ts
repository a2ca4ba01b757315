import { setPriority } from 'node:os';
import { remainingWords } from '#cli/remaining';
import type { Terminal } from '#cli/terminal';
import { Live } from '#record/load-test/generator/live';
import type { LoadObserver } from '#record/load-test/generator/run-load';
import { stageWords } from './wording.ts';

/** Where there is no terminal, a line as often as a log bears it. */
const PLAIN_LINE_MS = 10_000;
const CLEAR_LINE = '\r\u001b[2K';

/** Lower than that of the generators, which began with ours and keep it. */
const NICENESS = 10;

/** Files and the view in the terminal can wait; who sends and stamps cannot. */
function stepAside(): void {
  try {
    setPriority(0, NICENESS);
  } catch {
    // Not everywhere may a process do even that; then all are equals.
  }
}

/** Shows a run on stderr: in a terminal one line that is written over, else plain lines. */
export function terminalObserver({ stderr, tell, ownsProcess }: Terminal): LoadObserver {
  const tty = stderr.isTTY === true;
  let live = new Live();
  let begun = performance.now();
  let said = begun;
  let planned: number | null = null;
  let seconds: number | null = null;
  const clear = () => {
    if (tty) stderr.write(CLEAR_LINE);
  };
  return {
    stage: stage => {
      // By the first stage all generators run.
      if (ownsProcess) stepAside();
      live = new Live();
      begun = performance.now();
      said = begun;
      planned = stage.planned;
      seconds = Number.isFinite(stage.seconds) ? stage.seconds : null;
      if (stage.concurrency !== null) tell(`concurrency ${stage.concurrency}`);
      else
        tell(
          `sending ${stage.planned} requests${Number.isFinite(stage.seconds) ? ` in ${stage.seconds} s` : ''}; Ctrl-C stops and keeps what there is`,
        );
    },
    outcome: outcome => live.add(outcome),
    progress: progress => {
      const now = performance.now();
      const elapsed = now - begun;
      // What is sent by the clock ends by the clock; else so many requests are to be sent.
      const done = seconds !== null ? elapsed / (seconds * 1000) : planned === null || planned === 0 ? null : progress.sent / planned;
      const far = done === null ? '' : ` (${remainingWords(done, elapsed)})`;
      const line = `${Math.round(elapsed / 1000)} s${far} · ${live.line(progress, planned)}`;
      if (tty) stderr.write(`${CLEAR_LINE}${line.slice(0, (stderr.columns ?? 80) - 1)}`);
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
