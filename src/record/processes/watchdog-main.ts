import { appendFileSync } from 'node:fs';
import { endRecording } from './end.ts';
import { run } from './run.ts';
import { RELEASED, type ShutdownActions } from './watchdog.ts';

/** Time for nsys to write its recording once the workload has ended. */
const SAVING_SECONDS = 30;

/** Waits for the other end of the pipe to close, and says what was read until then. */
async function lastWords(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}

async function carryOut(actions: ShutdownActions): Promise<void> {
  // We may have died in the middle of a line.
  let begin = '\n';
  const note = (event: string) => {
    if (actions.journal === undefined) return;
    try {
      appendFileSync(actions.journal, `${begin}${JSON.stringify({ at: String(BigInt(Date.now()) * 1_000_000n), event })}\n`);
      begin = '';
    } catch {
      // The folder is gone: there is nobody left to tell.
    }
  };
  note('orphaned');
  for (const { command, args, seconds } of actions.commands) await run(command, args, { seconds });
  await endRecording(actions.sessionTag, actions.graceSeconds, SAVING_SECONDS);
  note('swept');
}

// A Ctrl-C at the terminal is for the one that is watched.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
if ((await lastWords()) !== RELEASED) await carryOut(JSON.parse(process.argv[2] ?? '{}') as ShutdownActions);
