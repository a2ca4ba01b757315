import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readForAudit } from '#app/audit/audit-input';
import { audit } from '#audit/audit';
import { runCli } from './run-cli.ts';
import { SHARED, sayWhatIsMissing } from './shared-files.ts';

const SAMPLES = join(SHARED, 'samples');
sayWhatIsMissing('the audit of real telemetry was', SAMPLES);

const folder = mkdtempSync(join(tmpdir(), 'audit-'));
const said = (...files: string[]) => audit(files.flatMap(f => readForAudit(f).statements)).map(c => `${c.check}: ${c.sentence}`);

/** A real file with one number changed. */
function changed(file: string, from: string, to: string): string {
  const text = readFileSync(join(SAMPLES, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  const path = join(folder, `changed-${file.replaceAll('/', '-')}`);
  writeFileSync(path, text.replace(from, to));
  return path;
}

describe.skipIf(!existsSync(SAMPLES))('files of real machines', () => {
  // Telemetry and states that claim something, each of which fits together.
  test.each([
    ['nvidia/h200x2-smi_q.xml', 20],
    ['nvidia/qx-a100.xml', 10],
    ['nvidia/qx-b200.xml', 80],
    ['nvidia/qx-h100.xml', 80],
    ['nvidia/qx-l40s.xml', 10],
    ['nvidia/qx-gb200-lost.xml', 10],
    ['mlperf/v4.1_NVIDIA_8xH200_MaxQ_llama2-70b_Server_run_1_spl.txt', 2],
    ['sysstat/vmstat_t.txt', 2],
    ['sysstat/psi_cpu_memory_io.log', 2],
  ])('%s does not contradict itself', (file, least) => {
    const { statements } = readForAudit(join(SAMPLES, file));
    expect(statements.length).toBeGreaterThanOrEqual(least);
    expect(audit(statements).map(c => c.sentence)).toEqual([]);
  });

  test.each<[what: string, file: string, from: string, to: string, found: RegExp]>([
    [
      'KB/s that are bytes',
      'nvidia/qx-h100.xml',
      '<tx_util>502 KB/s',
      '<tx_util>514048000 KB/s',
      /^pcie-rate: GPU 0, sent: 514 GB\/s .* more than the 63\.02 GB\/s that PCIe 5 with 16 lanes carries/,
    ],
    [
      'memory that is more than all',
      'nvidia/qx-l40s.xml',
      '<used>0 MiB',
      '<used>700 MiB',
      /^parts-of-whole: GPU 0, memory: used 700 MiB \+ free 45,460 MiB .* more than total 46,068 MiB/,
    ],
    [
      'power above the limit that is set',
      'nvidia/qx-a100.xml',
      '<average_power_draw>N/A',
      '<average_power_draw>430.10 W',
      /^power-bounds: A mean of 430\.1 W is more than the power limit of 400 W \(GPU 0\)/,
    ],
    [
      'more than all of the time',
      'nvidia/qx-b200.xml',
      '<gpu_util>0 %',
      '<gpu_util>255 %',
      /^parts-of-whole: GPU 0, utilization\.gpu_util: it is 255 %/,
    ],
  ])('%s', (_, file, from, to, found) => {
    const sentences = said(changed(file, from, to));
    expect(sentences.length).toBeGreaterThan(0);
    for (const sentence of sentences) expect(sentence).toMatch(found);
  });

  test("samples of a machine fit its own state, and another machine's state says nothing of them", () => {
    const gpu = resolve(import.meta.dirname, '../fixtures/clean/gpu.csv');
    const own = join(SAMPLES, 'nvidia/h200x2-smi_q.xml');
    expect(said(gpu, own, join(SAMPLES, 'nvidia/qx-l40s.xml'))).toEqual([]);
    const small = changed('nvidia/h200x2-smi_q.xml', '<total>143771 MiB', '<total>143771 MiB');
    writeFileSync(
      small,
      readFileSync(small, 'utf8')
        .replaceAll('<max_power_limit>700.00 W', '<max_power_limit>60.00 W')
        .replaceAll('<current_power_limit>700.00 W', '<current_power_limit>N/A'),
    );
    expect(said(gpu, small)).toEqual([
      expect.stringMatching(/^machine-capacity: GPU 0 drew a mean of .* more than the 60 W that NVIDIA H200/),
    ]);
  });
});

describe.skipIf(!existsSync(SAMPLES))('the state of a machine', () => {
  const NVIDIA = join(SHARED, 'samples/nvidia');
  const BOARDS = join(SHARED, 'cases/files/18-topo-boards');
  test.each<readonly [string, string, number]>([
    ['a lost GPU', join(NVIDIA, 'qx-gb200-lost.xml'), 1],
    ['a degraded fabric', join(NVIDIA, 'qx-gb200-fabric-degraded.xml'), 1],
    ['injected errors of memory', join(NVIDIA, 'qx-gb200-ecc-injected.xml'), 1],
    ['an Xid', join(NVIDIA, 'dmesg_xid_119.log'), 1],
    ['pairs over PCIe beside NV18', join(BOARDS, 'b200_gpu2off.txt'), 1],
    ['a healthy machine', join(NVIDIA, 'qx-h100.xml'), 0],
  ])('%s is judged by the rules on machines', async (_, file, code) => {
    const run = await runCli(['audit', file]);
    expect(run.code).toBe(code);
    expect(run.stdout).toMatch(
      code === 1 ? /the rules on machines found something; .*\n(?:high|medium) {2}machine-/ : /\d+ rules judged it/,
    );
  });
});
