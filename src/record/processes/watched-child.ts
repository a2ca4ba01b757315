import { spawn } from 'node:child_process';
import type { Seconds } from '#core/units';
import { whenAborted } from './interruption.ts';

/** How a child ended that somebody watched over. */
export interface WatchedEnding {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It was ended because it said nothing for too long. */
  readonly isSilent: boolean;
  /** The last line that it said. */
  readonly lastLine: string;
  /** What Node itself said when it gave up. */
  readonly complaint: string;
}

/** How Node begins to say that it gives up (V8's `FatalProcessOutOfMemory`, Node's `OnFatalError`); pages of addresses follow. */
const GIVES_UP = /^(<--- Last few GCs --->|FATAL ERROR: |#\n?# Fatal error)/;

/**
 * Runs a script of Node to its end. It reads and prints as this process does, but for its standard error, which comes by line.
 * @param options.patienceSeconds for how long it may say nothing; this process has to run meanwhile, so that sleep does not count
 * @param options.stop is passed on by its signal
 */
export function watchedChild(
  script: string,
  args: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly patienceSeconds: Seconds;
    readonly tell: (line: string) => void;
    readonly stop: AbortSignal;
  },
): Promise<WatchedEnding> {
  const { env, patienceSeconds, tell, stop } = options;
  const child = spawn(process.execPath, [...process.execArgv, script, ...args], { stdio: ['inherit', 'inherit', 'pipe'], env });
  const said = { rest: '', last: '', complaint: '' };
  let [silentSeconds, isSilent] = [0, false];
  const take = (line: string) => {
    if (said.complaint !== '' || GIVES_UP.test(line)) said.complaint += line;
    else tell(line);
    if (said.complaint === '' && line.trim() !== '') said.last = line.trim();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    silentSeconds = 0;
    const lines = (said.rest + text).split(/(?<=\n)/);
    said.rest = lines.at(-1)?.endsWith('\n') === true ? '' : (lines.pop() ?? '');
    for (const line of lines) take(line);
  });
  const clock = setInterval(() => {
    if (++silentSeconds < patienceSeconds) return;
    isSilent = true;
    child.kill('SIGKILL');
  }, 1000);
  void whenAborted(stop).then(signal => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearInterval(clock);
      if (said.rest !== '') take(said.rest);
      resolve({ code, signal, isSilent, lastLine: said.last, complaint: said.complaint });
    });
  });
}
