import { run } from '#record/processes/run';
import type { Told } from './told.ts';

/** Of the kernel's log only what the driver says of errors leaves this file: the rest tells what runs here. */
const XID = /\bNVRM: Xid\b/;

/** The lines of the kernel's log that hold an Xid, an empty text where there is none. */
export async function askKernelLog(env: NodeJS.ProcessEnv): Promise<Told> {
  const what = 'dmesg';
  const { code, stdout, late } = await run('dmesg', ['--time-format', 'iso'], { seconds: 10, env: { ...env, LC_ALL: 'C' } });
  const isRead = code === 0 && stdout.trim() !== '';
  if (isRead)
    return {
      what,
      text: stdout
        .split('\n')
        .filter(line => XID.test(line))
        .join('\n'),
    };
  return { what, why: late ? 'dmesg did not answer in time' : 'the log of the kernel may not be read here' };
}
