import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bash, as the pretended nvidia-smi. It leaves what workloads/phys.py would on two H200, and its arguments beside itself; where PRETEND_TORCH_ERROR is set it says that, and fails. */
const script = (physics: string) => `#!/bin/bash
here=$(dirname "$0")
echo "$*" > "$here/torchrun.args"
while [[ $# -gt 0 && $1 != --out ]]; do shift; done
if [[ -n $PRETEND_TORCH_ERROR ]]; then echo 'Traceback (most recent call last):' >&2; echo "$PRETEND_TORCH_ERROR" >&2; exit 1; fi
cp ${JSON.stringify(physics)} "$2/physics.json"
`;

/** Writes a program that acts like torchrun into a folder that is on PATH. @param physics what it measures */
export function pretendTorchrun(folder: string, physics: unknown): void {
  const file = join(folder, 'measured.json');
  writeFileSync(file, JSON.stringify(physics));
  writeFileSync(join(folder, 'torchrun'), script(file), { mode: 0o755 });
}
