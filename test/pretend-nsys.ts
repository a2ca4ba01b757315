import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildTrace } from './synthetic-trace.ts';

const HELP = ['session', 'session-new', 'output', 'type', 'force-overwrite'].map(name => `\\t--${name}=\\n`).join('');

/** As much of nsys as a capture by sessions needs: it records nothing, and exports a small trace. */
const script = (state: string) => `#!/bin/bash
if [ "$1" = --version ]; then echo "NVIDIA Nsight Systems version 2025.3.1.90"; exit; fi
if [ "$2" = --help ]; then printf '${HELP}'; exit; fi
save() { [ -e "${state}/stem" ] && : >"$(cat "${state}/stem").nsys-rep"; }
do=$1; shift
case "$do" in
launch) while [[ "$1" == --* ]]; do shift; done; "$@"; code=$?; save; exit $code ;;
start) for word in "$@"; do case "$word" in --output=*) echo "\${word#--output=}" >"${state}/stem" ;; esac; done
  until [ -e "${state}/stem.go" ]; do sleep 0.05; done ;;
stop) save ;;
export) while [ $# -gt 1 ]; do [ "$1" = --output ] && cp "${state}/trace.sqlite" "$2"; shift; done ;;
esac
exit 0
`;

/**
 * Puts a program in the place of nsys. A window that is to open waits for the file `<opening>.go`.
 * @param folder a new folder; @returns the program, and `opening`, a file that is there once a window is to open
 */
export function pretendNsys(folder: string): { readonly nsys: string; readonly opening: string } {
  mkdirSync(folder, { recursive: true });
  // It lasts a minute from now: samplers of a capture see some of it.
  const times = Array.from({ length: 100 }, (_, i) => ({ pid: 1123, start: i * 6e8 + 10, end: i * 6e8 + 3e8, correlation: i + 1 }));
  buildTrace(join(folder, 'trace.sqlite'), {
    version: '3.20.3',
    epochNs: BigInt(Date.now()) * 1_000_000n,
    kernels: times.map(t => ({ ...t, name: 'gemm' })),
    apiCalls: times.map(t => ({ ...t, tid: 1123, name: 'cudaLaunchKernel_v7000', end: t.start + 5000 })),
  });
  const nsys = join(folder, 'nsys');
  writeFileSync(nsys, script(folder), { mode: 0o755 });
  return { nsys, opening: join(folder, 'stem') };
}
