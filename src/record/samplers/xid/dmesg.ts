import { run } from '#record/processes/run';

/** `[12345.678901] text`: the kernel's own seconds, about those of CLOCK_MONOTONIC. */
const MESSAGE = /^\[ *(\d+)\.(\d+)\] (.*)$/;

export interface KernelMessage {
  readonly ns: bigint;
  readonly text: string;
}

/** The messages in what `dmesg` prints; lines without a stamp are passed over. */
export const kernelMessages = (dmesg: string): KernelMessage[] =>
  dmesg.split('\n').flatMap(line => {
    const [, seconds, fraction, text] = MESSAGE.exec(line) ?? [];
    if (seconds === undefined || fraction === undefined || text === undefined) return [];
    return [{ ns: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9)), text }];
  });

/** All messages that the kernel still has; undefined where they may not be read. */
export async function askDmesg(env: NodeJS.ProcessEnv): Promise<KernelMessage[] | undefined> {
  const { code, stdout } = await run('dmesg', [], { seconds: 10, env: { ...env, LC_ALL: 'C' } });
  const messages = kernelMessages(stdout);
  return code === 0 && messages.length > 0 ? messages : undefined;
}
