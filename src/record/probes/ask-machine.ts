import type { FactRow } from '#schema/relation';
import { processLimits } from './ask-container.ts';
import { dcgmRuns } from './ask-dcgm.ts';
import { askFabricManager } from './ask-fabric-manager.ts';
import { askGpuState } from './ask-gpus.ts';
import { askKernelLog } from './ask-kernel-log.ts';
import { askSoftware, type Software } from './ask-software.ts';
import type { Told } from './told.ts';

/** What a machine answers, beside what lies in /proc and /sys. */
export interface MachineAnswers {
  /** Of nvidia-smi, each in a format that importers read. */
  readonly gpus: readonly Told[];
  readonly fabricManager: Told;
  /** The lines of the kernel's log that hold an Xid; empty where it was read and there is none. */
  readonly kernelLog: Told;
  readonly software: Software;
  readonly facts: readonly FactRow[];
}

/** Asks the programs of a machine, one after the other: some seconds in all. */
export async function askMachine(env: NodeJS.ProcessEnv): Promise<MachineAnswers> {
  const gpus = await askGpuState(env);
  const software = await askSoftware(env);
  const fabricManager = await askFabricManager(env);
  const kernelLog = await askKernelLog(env);
  return { gpus, software, fabricManager, kernelLog, facts: [...processLimits(), ...dcgmRuns()] };
}
