#!/usr/bin/env bash
# capture.sh NAME graph|node PROGRAM ARGUMENTS...: PROGRAM of this folder under nsys, with samples of GPU and host around it and
# another program on GPU ${NEIGHBOUR_GPU:-0}. What it leaves is packed into $OUT/NAME.tar.xz.N.
set -u
here=$(cd "$(dirname "$0")" && pwd) name=$1 graph=$2 program=$3
shift 3
run=/tmp/runs/$name tools=/tmp/ns
rm -rf "$run" && mkdir -p "$run"
bash "$here/nsys.sh" "$tools" >/dev/null || exit
export PLAN=$run/plan.json NEIGHBOUR=$run/neighbour.sock
CUDA_VISIBLE_DEVICES=${NEIGHBOUR_GPU:-0} python3 "$here/../neighbour.py" --socket "$NEIGHBOUR" & others=$!
fields=timestamp,index,name,power.draw.instant,power.draw.average,power.limit,clocks.sm,clocks.mem,temperature.gpu,temperature.memory
fields+=,utilization.gpu,utilization.memory,memory.used,clocks_event_reasons.active
nvidia-smi --query-gpu=$fields --format=csv -lms 100 >"$run/gpu.csv" & others+=" $!"
python3 "$here/hostmon.py" "$run/host.csv" & others+=" $!"
while [ ! -e "$NEIGHBOUR" ]; do sleep 0.1; done
cd /tmp || exit
timeout "${LIMIT:-150}" "$tools/target-linux-x64/nsys" profile -t cuda,nvtx,osrt --sample=none --cpuctxsw=none --cuda-graph-trace="$graph" \
  --capture-range=cudaProfilerApi --capture-range-end=stop -o "$run/trace" --force-overwrite=true \
  python3 "$here/$program" --out "$run" "$@" >"$run/run.log" 2>&1
kill -KILL $others
timeout 100 "$tools/target-linux-x64/nsys" export --type sqlite -o "$run/trace.sqlite" --force-overwrite=true "$run/trace.nsys-rep" >>"$run/run.log" 2>&1
grep -aE '^served|Error' "$run/run.log" | tail -5 | cut -c1-1500
ls -la "$run"
tar -C /tmp/runs --exclude='*.qdstrm' --exclude='*.nsys-rep' --exclude='plan.json*' --exclude='*.sock' -cf - "$name" | xz -T0 -3 | split -b 15M -d -a 1 - "$OUT/$name.tar.xz."
