import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import picocolors from 'picocolors';
import { version } from '#app/version';
import { ForensicsError } from '#core/errors';
import { chooseMethod } from '#record/capture/method';
import { lookAtHost, metricsObjection } from '#record/capture/preflight';
import { driverSupport } from '#record/nsys/driver-support';
import { installedNsys } from '#record/nsys/installed';
import { capabilitiesOf } from '#report/build/capabilities';
import { TraceStore } from '#trace/nsys/trace-store';
import { say } from '../output.ts';

/** No colour when stdout is no terminal or NO_COLOR is set. */
const pc = picocolors.createColors(process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined);

interface Check {
  readonly what: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** Node's versions that this package is tested on. */
const OLDEST_NODE = [20, 19] as const;

function machineChecks(): Check[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const nodeOk = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const temporary = (() => {
    try {
      accessSync(tmpdir(), constants.W_OK);
      return true;
    } catch {
      return false;
    }
  })();
  const paths = (process.env['PATH'] ?? '').split(':');
  const onPath = (program: string) => paths.map(p => `${p}/${program}`).find(existsSync);
  const smi = onPath('nvidia-smi');
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
        ? `${tmpdir()} is writable (gzipped traces are unpacked there)`
        : `${tmpdir()} is not writable: gzipped traces cannot be read; set TMPDIR`,
    },
    { what: 'nvidia-smi', ok: smi !== undefined, detail: smi ?? 'not on PATH: needed on the GPU machine only' },
  ];
}

/** What a capture would find here. */
async function captureChecks(): Promise<Check[]> {
  const host = await lookAtHost(process.env);
  try {
    const nsys = await installedNsys(undefined, process.env);
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

export const doctorCommand = () =>
  new Command('doctor')
    .description('say what this machine can do, and what a trace can tell')
    .argument('[trace]', 'an export to look at')
    .option('--json', 'print JSON to stdout, and nothing else', false)
    .addHelpText('after', '\nExamples:\n  $ forensics doctor\n  $ forensics doctor trace.sqlite.gz\n')
    .action(async (trace, options) => {
      const own = machineChecks();
      const checks = [...own, ...(await captureChecks())];
      const required = own.filter(c => !c.ok && c.what !== 'nvidia-smi');
      const store = trace === undefined ? undefined : await TraceStore.open(trace);
      try {
        const capabilities = store === undefined ? [] : capabilitiesOf(store);
        if (options.json) say(JSON.stringify({ version: version(), checks, capabilities }, null, 2));
        else {
          const mark = (ok: boolean) => (ok ? pc.green('yes') : pc.yellow('no '));
          for (const c of checks) say(`${mark(c.ok)}  ${c.what}: ${c.detail}`);
          if (trace !== undefined) say(`\nWhat can be told from ${trace}:`);
          for (const c of capabilities) say(`${mark(c.available)}  ${c.what}: ${c.why}`);
        }
      } finally {
        store?.close();
      }
      if (required.length > 0)
        throw new ForensicsError(
          'unsupported',
          `this machine lacks: ${required.map(c => c.what).join(', ')}`,
          required.map(c => c.detail).join('; '),
        );
    });
