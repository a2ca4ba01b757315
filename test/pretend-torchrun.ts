import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the pretended torchrun behaves. */
export interface TorchrunManners {
  /** What it says before it fails, in place of measuring. */
  readonly PRETEND_TORCH_ERROR?: string;
  /** It never ends. */
  readonly PRETEND_TORCH_HANGS?: string;
}

/** Bash, as the pretended nvidia-smi. It leaves what workloads/phys.py would on two H200, and its arguments beside itself. */
const script = (physics: string) => `#!/bin/bash
here=$(dirname "$0")
echo "$*" > "$here/torchrun.args"
while [[ $# -gt 0 && $1 != --out ]]; do shift; done
if [[ -n $PRETEND_TORCH_ERROR ]]; then echo 'Traceback (most recent call last):' >&2; echo "$PRETEND_TORCH_ERROR" >&2; exit 1; fi
[[ -n $PRETEND_TORCH_HANGS ]] && exec sleep 60
cp ${JSON.stringify(physics)} "$2/physics.json"
`;

/** Writes a program that acts like torchrun into a folder that is on PATH. @param physics what it measures */
export function pretendTorchrun(folder: string, physics: unknown): void {
  const file = join(folder, 'measured.json');
  writeFileSync(file, JSON.stringify(physics));
  writeFileSync(join(folder, 'torchrun'), script(file), { mode: 0o755 });
}
