import { appendFileSync } from 'node:fs';
import { endRecording } from './end.ts';
import { run } from './run.ts';
import { RELEASED, type ShutdownActions } from './watchdog.ts';

/** Time for nsys to write its report once the workload has ended. */
const REPORT_SECONDS = 30;

/** Waits for the other end of the pipe to close, and says what was read until then. */
async function lastWords(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
}

async function carryOut(will: ShutdownActions): Promise<void> {
  // We may have died in the middle of a line.
  let begin = '\n';
  const note = (event: string) => {
    if (will.journal === undefined) return;
    try {
      appendFileSync(will.journal, `${begin}${JSON.stringify({ at: String(BigInt(Date.now()) * 1_000_000n), event })}\n`);
      begin = '';
    } catch {
      // The folder is gone: there is nobody left to tell.
    }
  };
  note('orphaned');
  for (const { command, args, seconds } of will.commands) await run(command, args, { seconds });
  await endRecording(will.mark, will.graceSeconds, REPORT_SECONDS);
  note('swept');
}

// A Ctrl-C at the terminal is for the one that is guarded.
for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) process.on(signal, () => {});
if ((await lastWords()) !== RELEASED) await carryOut(JSON.parse(process.argv[2] ?? '{}') as ShutdownActions);
