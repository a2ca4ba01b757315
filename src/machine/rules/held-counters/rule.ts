import { defineRule } from '#machine/define';
import { factOf } from '#machine/gpus';

export default defineRule({
  id: 'held-counters',
  title: 'DCGM holds the performance counters of the GPUs',
  reason: 'They can be read by one program at a time: nsys then samples no GPU metrics, and says so only in its diagnostics.',
  source: 'DCGM user guide, profiling metrics: concurrent usage of NVIDIA profiling tools, dcgmi profile --pause',
  severity: 'low',
  fix: 'dcgmi profile --pause before a capture with GPU metrics, dcgmi profile --resume after it.',
  needs: 'the processes of the host',
  judges: [],
  bears_on: [],
  find({ facts }) {
    const holds = factOf(facts, 'host', 'dcgm');
    if (holds === undefined) return undefined;
    return holds === true ? [{ entity: 'host', seen: { DCGM: 'runs' } }] : [];
  },
});
