import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** As driver 580 lists them, shortened. */
const HELP = `List of valid properties to query for the switch "--query-gpu":

"timestamp"
The timestamp of when the query was made in format "YYYY/MM/DD HH:MM:SS.msec".

"name" or "gpu_name"
The official product name of the GPU. This is an alphanumeric string. For all products.

"index"
Zero based index of the GPU. Can change at each boot.

"uuid" or "gpu_uuid"
This value is the globally unique immutable alphanumeric identifier of the GPU.

Section about clocks_event_reasons properties
Retrieves information about factors that are reducing the frequency of clocks.

"clocks_event_reasons.active" or "clocks_throttle_reasons.active"
Bitmask of active clock event reasons. See nvml.h for more details.

"clocks_event_reasons_counters.sw_power_cap"
Amount of time the clocks were lowered by the software power cap.

"utilization.gpu"
Percent of time over the past sample period during which one or more kernels was executing on the GPU.

"temperature.gpu"
 Core GPU temperature. in degrees C.

"power.draw.instant"
The last measured instant power draw for the entire board, in watts.

"enforced.power.limit"
The power management algorithm's power ceiling, in watts.

"clocks.current.sm" or "clocks.sm"
Current frequency of SM (Streaming Multiprocessor) clock.

"memory.used"
Total memory allocated by active contexts.
`;

/** Bash, so that it is there wherever the tests run. What it prints has the format of the real one. */
const SCRIPT = `#!/bin/bash
here=$(dirname "$0")
value() {
  case $1 in
    timestamp) date +'%Y/%m/%d %H:%M:%S.%3N' ;;
    index) echo $2 ;;
    name) echo "\${PRETEND_NAME-NVIDIA H200}" ;;
    power.draw.instant) echo '412.34 W' ;;
    enforced.power.limit|power.limit|power.max_limit) echo "700.00\${W- W}" ;;
    clocks.*) echo "1980\${W- MHz}" ;;
    temperature.gpu) echo 46 ;;
    utilization.gpu) of=($PRETEND_UTILIZATION); echo "\${of[$2]-70}\${W- %}" ;;
    memory.total) echo "\${PRETEND_TOTAL-6295}\${W- MiB}" ;;
    memory.*) of=($PRETEND_MEMORY); echo "\${of[$2]-6295}\${W- MiB}" ;;
    clocks_event_reasons.active) echo 0x0000000000000004 ;;
    clocks_event_reasons_counters.*) echo '1500 us' ;;
    driver_version) echo 580.159.04 ;;
    *.mode*|*_mode) echo Enabled ;;
    *) echo '[N/A]' ;;
  esac
}
unit() {
  case $1 in
    power.*|enforced.*) echo "$1 [W]" ;;
    clocks.*) echo "$1 [MHz]" ;;
    utilization.*) echo "$1 [%]" ;;
    memory.*) echo "$1 [MiB]" ;;
    *) echo "$1" ;;
  esac
}
rows() { for ((g = 0; g < \${PRETEND_GPUS:-2}; g++)); do row value $g; done; }
row() { local out=; for f in "\${fields[@]}"; do out+="\${out:+, }$($1 "$f" $2)"; done; echo "$out"; }
uuid=GPU-00000000-1111-2222-3333-444444444444
echo "$*" >> "$here/asked"
case "$*" in
  --help-query-gpu) cat "$here/help" ;;
  '-q -x') [[ -e $here/state.xml ]] && exec cat "$here/state.xml"; echo 'No devices were found'; exit 6 ;;
  --version) echo 'NVIDIA-SMI version  : 580.159.04'; echo 'CUDA Version        : 13.0' ;;
  '-q -x') [[ -f $here/state.xml ]] && cat "$here/state.xml" || { echo 'Invalid combination of input arguments.'; exit 2; } ;;
  'conf-compute -f') echo 'CC status: OFF' ;;
  'topo -m') printf '\\t\\033[4mGPU0\\tGPU1\\tCPU Affinity\\033[0m\\nGPU0\\t X \\tNV18\\t0-31\\nGPU1\\tNV18\\t X \\t0-31\\n\\nLegend:\\n\\n  X    = Self\\n' ;;
  'nvlink -s') for g in 0 1; do echo "GPU $g: NVIDIA H200 (UUID: $uuid)"; for ((l = 0; l != \${PRETEND_LINKS:-2}; l++)); do printf '\\t Link %s: %s\\n' $l "\${PRETEND_LINK-26.562 GB/s}"; done; done ;;
  'nvlink -gt d') for g in 0 1; do echo "GPU $g: NVIDIA H200 (UUID: $uuid)"; for l in 0 1; do printf '\\t Link %s: Data Tx: %s KiB\\n\\t Link %s: Data Rx: 7 KiB\\n' $l $((g + l + 100)) $l; done; done ;;
  'nvlink -e') for g in 0 1; do echo "GPU $g: NVIDIA H200 (UUID: $uuid)"; for l in 0 1; do printf '\\t Link %s: Replay Errors: 0\\n\\t Link %s: Recovery Errors: 0\\n\\t Link %s: CRC Errors: 3\\n\\n' $l $l $l; done; done ;;
  --query-gpu=*)
    names=\${1#--query-gpu=}
    IFS=, read -ra fields <<< "$names"
    for f in "\${fields[@]}"; do
      if [[ ",$PRETEND_REFUSED," == *",$f,"* ]]; then echo "Field \\"$f\\" is not a valid field to query."; echo; exit 2; fi
    done
    if [[ -n $PRETEND_BROKEN ]]; then echo "$PRETEND_BROKEN"; exit 9; fi
    [[ "$*" == *nounits* ]] && W=
    [[ "$*" == *noheader* ]] || row unit
    if [[ "$*" != *-lms* ]]; then rows; exit 0; fi
    sleep "\${PRETEND_SLOW:-0}"
    for ((n = 0; n != \${PRETEND_LOOPS:--1}; n++)); do rows; sleep "\${PRETEND_PAUSE:-0.05}"; done
    [[ -n $PRETEND_HANGS ]] && exec sleep 60
    exit 15 ;;
  *) echo "Invalid combination of input arguments."; exit 2 ;;
esac
`;

/** How the pretended nvidia-smi misbehaves. */
export interface Manners {
  /** Fields that it lists but refuses, comma-separated. */
  readonly PRETEND_REFUSED?: string;
  /** What it says instead of any sample. */
  readonly PRETEND_BROKEN?: string;
  /** Seconds to the first sample. */
  readonly PRETEND_SLOW?: string;
  /** After so many samples it dies. */
  readonly PRETEND_LOOPS?: string;
  /** It does not die then, but says nothing more. */
  readonly PRETEND_HANGS?: string;
  /** What it says of every link. */
  readonly PRETEND_LINK?: string;
  /** How many links each GPU has. */
  readonly PRETEND_LINKS?: string;
  /** Seconds between two samples of a stream. */
  readonly PRETEND_PAUSE?: string;
  /** How many GPUs there are. */
  readonly PRETEND_GPUS?: string;
  /** What it calls each. */
  readonly PRETEND_NAME?: string;
  /** Utilization of each GPU in %, parted by blanks. */
  readonly PRETEND_UTILIZATION?: string;
  /** What each GPU holds, MiB, parted by blanks. */
  readonly PRETEND_MEMORY?: string;
  /** What each GPU has, MiB. */
  readonly PRETEND_TOTAL?: string;
}

/** A layout of `nvidia-smi -q -x` with invented values: two boards, each with a UUID and a serial number. */
export const STATE = readFileSync(new URL('../src/input/formats/nvidia-smi-xml/sample.xml', import.meta.url), 'utf8')
  .replace('GPU-00000000-0000-0000-0000-000000000000', 'GPU-6f1c2a34-aaaa-4bbb-8ccc-0123456789ab')
  .replace('GPU-00000000-0000-0000-0000-000000000000', 'GPU-7e2d3b45-bbbb-4ccc-8ddd-abcdef012345')
  .replaceAll('<serial>1000000000000', '<serial>1650124014249');

/** Lets a pretended nvidia-smi know the whole state of its GPUs (`-q -x`). @param xml as it writes it */
export const knowState = (folder: string, xml = STATE): void => writeFileSync(join(folder, 'state.xml'), xml);

/** Writes a program that acts like nvidia-smi on a machine with two GPUs; returns an environment in which it is found first. */
export function pretendNvidiaSmi(folder: string, manners: Manners = {}): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'help'), HELP);
  writeFileSync(join(folder, 'nvidia-smi'), SCRIPT, { mode: 0o755 });
  return { ...process.env, ...manners, PATH: `${folder}:${process.env['PATH']}` };
}
