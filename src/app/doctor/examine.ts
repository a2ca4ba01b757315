import { accessSync, constants, existsSync } from 'node:fs';
import { withScratch } from '#app/inputs/scratch';
import { readableTrace } from '#app/inputs/traces';
import { ForensicsError } from '#core/errors';
import { temporaryRoot } from '#core/temporary/folder';
import { chooseMethod } from '#record/capture/method';
import { lookAtHost, metricsObjection } from '#record/capture/preflight';
import { driverSupport } from '#record/nsys/driver-support';
import { installedNsys } from '#record/nsys/installed';
import { capabilitiesOf } from '#report/build/capabilities';
import { newerLayout, writtenBy } from '#report/build/written-by';
import type { Capability } from '#schema/report';
import { TraceStore } from '#trace/nsys/trace-store';

/** Something that this machine has, or lacks. */
export interface MachineCheck {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What this machine can do. */
export interface Examination {
  readonly checks: readonly MachineCheck[];
  /** Those without which nothing works. */
  readonly lacking: readonly MachineCheck[];
}

/** Node's versions that this package is tested on. */
const OLDEST_NODE = [20, 19] as const;

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function ownChecks(): MachineCheck[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const nodeOk = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const temporary = isWritable(temporaryRoot());
  return [
    {
      what: 'Node',
      ok: nodeOk,
      detail: nodeOk ? process.versions.node : `${process.versions.node} is too old: ${OLDEST_NODE.join('.')} or newer is needed`,
    },
    { what: 'SQLite engine', ok: true, detail: 'better-sqlite3 loads' },
    {
      what: 'temporary folder',
      ok: temporary,
      detail: temporary
        ? `${temporaryRoot()} is writable (gzipped traces are unpacked there)`
        : `${temporaryRoot()} is not writable: gzipped traces cannot be read; set TMPDIR`,
    },
  ];
}

function smiCheck(env: NodeJS.ProcessEnv): MachineCheck {
  const smi = (env['PATH'] ?? '')
    .split(':')
    .map(folder => `${folder}/nvidia-smi`)
    .find(existsSync);
  return { what: 'nvidia-smi', ok: smi !== undefined, detail: smi ?? 'not on PATH: needed on the GPU machine only' };
}

/** What a capture would find here. */
async function captureChecks(env: NodeJS.ProcessEnv): Promise<MachineCheck[]> {
  const host = await lookAtHost(env);
  try {
    const nsys = await installedNsys(undefined, env);
    const { why } = chooseMethod(nsys, { perRank: false, repeat: 1, duration: 1 });
    const fit = host.cuda === undefined ? 'fits' : driverSupport(nsys.version, host.cuda);
    const metrics = metricsObjection(host, nsys);
    return [
      {
        what: 'nsys',
        ok: fit !== 'too-old',
        detail: `${nsys.path}, ${nsys.version}${fit === 'fits' ? '' : `, older than the driver's CUDA ${host.cuda}`}; ${why}`,
      },
      {
        what: 'GPU metrics',
        ok: metrics === undefined,
        detail: metrics === undefined ? `may be sampled on ${host.gpus} GPU(s)` : `${metrics.what}. ${metrics.fix}`,
      },
    ];
  } catch (error) {
    if (!(error instanceof ForensicsError)) throw error;
    return [
      { what: 'nsys', ok: false, detail: `${error.message}: needed to capture and to export .nsys-rep files, not to analyze exports` },
    ];
  }
}

/** What a trace is, and what can be told from it. */
export interface ExaminedTrace {
  readonly writtenBy: string;
  /** What is not known of its layout. */
  readonly warning: string | undefined;
  readonly capabilities: readonly Capability[];
}

/** Looks at this machine. */
export async function examineMachine(env: NodeJS.ProcessEnv): Promise<Examination> {
  const own = ownChecks();
  return { checks: [...own, smiCheck(env), ...(await captureChecks(env))], lacking: own.filter(c => !c.ok) };
}

/**
 * Says what can be told from a trace.
 * @param path the trace, or a folder that holds one
 * @throws ForensicsError not-found, not-a-trace, damaged-trace
 */
export const examineTrace = (path: string, env: NodeJS.ProcessEnv, progress: (step: string) => void): Promise<ExaminedTrace> =>
  withScratch({ env, progress }, async scratch => {
    const store = await TraceStore.open(await readableTrace(path, scratch));
    try {
      return { writtenBy: writtenBy(store.recorder), warning: newerLayout(store.recorder), capabilities: capabilitiesOf(store, true) };
    } finally {
      store.close();
    }
  });
