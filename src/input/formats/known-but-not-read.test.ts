import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { KNOWN_BUT_NOT_READ, refusalOf } from './known-but-not-read.ts';

/** The beginning of a file of each, in the layout of its tool, with invented values. */
const HEADS: Readonly<Record<string, string>> = {
  'superbench-monitor': '{"time": "2026-11-22 04:19:35", "cpu_usage": 35.5, "gpu_usage:0": 56, "gpu_temperature:0": 26}\n',
  'nccl-flight-recorder': '{"comm_lib_version":"2.28.9","entries":[{"collective_seq_id":1,"input_dtypes":["Float"]}]}\n',
  'superbench-results': '{"node": "n0", "kernel-launch/event_overhead:0": 0.006, "mem-bw/H2D_Mem_BW:0": 25.6}\n',
  'otava-history': 'time,commit,throughput\n2026.01.01 3:00:00 +0100,aaa0,1540\n',
  'nvidia-smi-table': 'Sun Nov 22 10:15:00 2026\n+----+\n| NVIDIA-SMI 580.65    Driver Version: 580.65   CUDA Version: 13.0 |\n',
  'nvidia-smi-compute-apps':
    'timestamp, gpu_name, pid, process_name, used_gpu_memory [MiB]\n2026/11/22 10:15:00.579, A, 4711, python, 70000 MiB\n',
  'nvidia-smi-stats': '0, pwrDraw , 1795342500110231, 72\n0, gpuUtil , 1795342500110231, 90\n',
  'jmeter-xml': '<?xml version="1.0" encoding="UTF-8"?>\n<testResults version="1.2">\n',
  'kubernetes-events': 'LAST SEEN   TYPE      REASON      OBJECT        MESSAGE\n5m          Warning   OOMKilled   pod/server-0  killed\n',
  'nvidia-smi-q-text': '\n==============NVSMI LOG==============\n\nTimestamp : Sun Nov 22 01:48:07 2026\n',
};

test('every format has a beginning here', () => expect(Object.keys(HEADS).sort()).toEqual(KNOWN_BUT_NOT_READ.map(f => f.id).sort()));

describe.each(Object.entries(HEADS))('%s', (id, head) => {
  test('is known, and is no other', () => {
    expect(KNOWN_BUT_NOT_READ.filter(format => format.sniff(head)).map(format => format.id)).toEqual([id]);
    for (const changed of [`\ufeff${head}`, head.replaceAll('\n', '\r\n')]) expect(refusalOf(changed)).toEqual(refusalOf(head));
  });

  test('is refused with a reason and a way out, in whole sentences', () => {
    const refusal = refusalOf(head, 'x.log');
    expect(refusal).toMatchObject({ code: 'unknown-format' });
    expect(refusal?.message).toMatch(/^x\.log is an? .*\. [A-Z].*\.$|^x\.log is the .*\. [A-Z].*\.$/);
    expect(refusal?.hint).toMatch(/^[A-Z].*\.$/);
  });
});

test('nothing that an importer reads is refused', () => {
  const room = new URL('./', import.meta.url);
  const samples = readdirSync(room, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && existsSync(new URL(`${entry.name}/importer.ts`, room)))
    .flatMap(entry =>
      readdirSync(new URL(`${entry.name}/`, room))
        .filter(file => file.startsWith('sample.'))
        .map(file => `${entry.name}/${file}`),
    );
  expect(samples.length).toBeGreaterThan(10);
  expect(samples.filter(file => refusalOf(readFileSync(new URL(file, room), 'utf8')) !== undefined)).toEqual([]);
});

test('what is unknown is not refused here', () => expect(refusalOf('hello\n')).toBeUndefined());

test('long heads without an end are looked at quickly', () => {
  for (const part of ['\n', ' ', '0', '{', '#', '=', '[', '{"node": "']) expect(() => refusalOf(part.repeat(60_000))).not.toThrow();
});
