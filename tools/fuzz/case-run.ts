import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '#app/version';
import type { Plan } from '#record/capture/journal';
import type { Case } from '#schema/case';

const AT = (ms: number) => String(1_795_311_000_000_000_000n + BigInt(ms) * 1_000_000n);
const PAIR = { epoch_ns: AT(0), monotonic_ns: '70505145808', uncertainty_ns: 1218 };
const COMMAND = ['python3', 'serve.py', '--port', '8000'];
const NSYS = { version: '2025.3.1', method: 'sessions', why: 'launch, start and stop with a named session', flags: [] } as const;
/** The name of the only window, and of its trace. */
const WINDOW = 'trace';

const CASE: Case = {
  schema: 'forensics.case/1',
  tool: { name: 'forensics', version: version() },
  ...{ status: 'complete', missing: [], notes: ['made for a test'], command: COMMAND, preset: 'serving', nsys: { ...NSYS, flags: [] } },
  ...{ started_ns: AT(-100), ended_ns: AT(2000), clocks: [{ at: 'start', ...PAIR }] },
  windows: [
    { name: WINDOW, opened_ns: AT(0), closed_ns: AT(400), closed_by: 'its time was up', traces: [`${WINDOW}.sqlite`], reports: [] },
  ],
  workload: { started_ns: AT(-100), ended_ns: AT(1500), exit_code: 0, signal: null, afterwards: 'wait' },
  ...{ load: null, redacted: false, overhead: null, samplers: [], files: [] },
};

const PLAN: Plan = {
  ...{
    version: version(),
    command: COMMAND,
    preset: 'serving',
    nsys: { ...NSYS, flags: [], path: './nsys.sh' },
    delay_s: 0,
    duration_s: 1,
    windows: 1,
  },
  ...{ per_rank: false, requests: 'requests.jsonl', load: null, control: null, afterwards: 'wait', redact: false, keep_env: [] },
};

const JOURNAL = [
  { event: 'planned', plan: PLAN },
  { event: 'clock', label: 'start', pair: PAIR },
  { event: 'workload-started', pid: 4242 },
  { event: 'window-opened', name: WINDOW },
  { event: 'window-closed', name: WINDOW, why: 'its time was up' },
  { event: 'workload-ended', code: 0, signal: null },
  { event: 'recorded' },
].map((entry, i) => `${JSON.stringify({ at: AT(100 * i), ...entry })}\n`);

const TRUTH = {
  faults: [{ cause: 'cpu_stall', design_cause: 'host-compute', start_ns: Number(AT(200)), end_ns: Number(AT(260)) }],
};

/**
 * Writes a case as `forensics capture` leaves it, around a run: with its private folder, so that it can be resumed once its case.json is gone.
 * @param nsysMark what the program that comes with the case leaves behind should it ever run
 */
export function writeCaseRun(folder: string, run: string, nsysMark: string): void {
  cpSync(run, folder, { recursive: true });
  mkdirSync(`${folder}.private/workload`, { recursive: true, mode: 0o700 });
  const put = (name: string, content: string) => writeFileSync(join(folder, name), content);
  put('case.json', `${JSON.stringify(CASE, null, 2)}\n`);
  put('journal.jsonl', JOURNAL.join(''));
  put('truth.json', JSON.stringify(TRUTH));
  put('system.json', JSON.stringify({ schema: 'forensics.system/1' }));
  writeFileSync(join(folder, 'nsys.sh'), `#!/bin/sh\ntouch '${nsysMark}'\n`, { mode: 0o755 });
  writeFileSync(`${folder}.private/${WINDOW}.nsys-rep`, 'a recording');
  writeFileSync(`${folder}.private/workload.log`, 'ready\n');
}
