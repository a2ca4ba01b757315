// What a process of `forensics load` runs: one generator, told by the process that started it what to send.
import { Generator } from './generator.ts';
import type { FromProcess, ToProcess } from './generators.ts';
import { wakeOnTime } from './timer-slack.ts';

wakeOnTime();

const tell = (message: FromProcess, then = () => {}): void => {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
};
let generator: Generator | undefined;

// Comes from generators.ts.
process.on('message', (message: ToProcess) => {
  if (message.kind === 'equip') generator = new Generator(message.equipment, tell);
  else generator?.obey(message);
  if (message.kind === 'close') process.exit(0);
});
// Whoever started us is gone, and nobody would hear.
process.once('disconnect', () => process.exit(0));
process.once('uncaughtException', error => tell({ kind: 'fault', why: error.message }, () => process.exit(1)));
// A terminal tells all of its processes to stop; when and how we do is not ours to say.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
