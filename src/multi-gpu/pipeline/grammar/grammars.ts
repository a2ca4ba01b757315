import { type Grammar, type Meaning, numberOf, type OperationKind } from './meaning.ts';

const operation = (
  kind: OperationKind,
  more: { microbatch?: number | undefined; stage?: number | undefined; chunk?: number | undefined; rank?: number | undefined } = {},
): Meaning => ({ what: 'operation', kind, ...more });
const kindOf = (letter: string | undefined): OperationKind => (letter === 'W' ? 'W' : letter === 'F' ? 'F' : 'B');
/** emit_nvtx appends what autograd knows of the operation: `Forward 3, seq = 17, op_id = 18`. */
const AUTOGRAD = '(?:,.*)?$';

const PHASE_OF: Readonly<Record<string, 'warmup' | 'steady' | 'cooldown'>> = { warm: 'warmup', steady: 'steady', cool: 'cooldown' };

const OURS: Grammar = {
  id: 'forensics',
  title: 'workloads/pipeline.py of this project',
  source: 'workloads/pipeline.py',
  example: ['F mb=3 stage=1 rank=0', 'handoff mb=3 stage=0->1 rank=0->1', '1f1b iter=2', 'rank=1 steady begin'],
  read: name => {
    const op = /^([FBW]) mb=(\d+) stage=(\d+)(?: rank=(\d+))?$/.exec(name);
    if (op) return operation(kindOf(op[1]), { microbatch: numberOf(op[2]), stage: numberOf(op[3]), rank: numberOf(op[4]) });
    const handoff = /^handoff mb=(\d+) stage=(\d+)->(\d+)(?: rank=.*)?$/.exec(name);
    if (handoff)
      return { what: 'handoff', microbatch: numberOf(handoff[1]), fromStage: numberOf(handoff[2]), toStage: numberOf(handoff[3]) };
    const phase = /^(?:rank=(\d+) )?(warm|steady|cool)(?:[- ]?(?:up|down))?(?: begin)?$/i.exec(name);
    if (phase) return { what: 'phase', phase: PHASE_OF[(phase[2] ?? '').toLowerCase()] ?? 'steady', rank: numberOf(phase[1]) };
    const iteration = /^([\w-]+) iter=(\d+)$/.exec(name);
    return iteration ? { what: 'iteration', label: iteration[1], iteration: Number(iteration[2]) } : undefined;
  },
};

const TORCH: Grammar = {
  id: 'torch-pipelining',
  title: 'torch.distributed.pipelining, its record_function labels under torch.autograd.profiler.emit_nvtx',
  source:
    'pytorch/pytorch torch/distributed/pipelining/schedules.py: record_function(f"Forward {i}"), f"Backward {i}", and _get_profiler_function_name: f"PP:{action}" such as PP:2F0',
  example: ['Forward 3', 'Backward 0', 'PP:2F0', 'PP:1I4', 'PP:1W4', 'PP:1B4', 'ProfilerStep#7'],
  read: name => {
    const plain = new RegExp(`^(Forward|Backward) (\\d+)${AUTOGRAD}`).exec(name);
    if (plain) return operation(plain[1] === 'Forward' ? 'F' : 'B', { microbatch: numberOf(plain[2]) });
    // I is the backward of the inputs alone, B that of inputs and weights together: both are what the stage before waits for.
    const action = new RegExp(`^PP:(\\d+)([FBIW])(\\d+)${AUTOGRAD}`).exec(name);
    if (action) return operation(kindOf(action[2]), { stage: numberOf(action[1]), microbatch: numberOf(action[3]) });
    const step = new RegExp(`^ProfilerStep#(\\d+)${AUTOGRAD}`).exec(name);
    return step ? { what: 'iteration', iteration: Number(step[1]) } : undefined;
  },
};

const ZERO_BUBBLE: Grammar = {
  id: 'zero-bubble',
  title: "Sea AI Lab's zero-bubble-pipeline-parallelism with --profile",
  source:
    "sail-sg/zero-bubble-pipeline-parallelism megatron/core/pipeline_parallel/zerobubble/runtime.py: nvtx.range_push(f'F{microbatch}.{chunk}.{seq_split_idx}'), likewise B and W; f'W_clear.{chunk}.{seq_split_idx}' for all weights that are left; f'iter_{rank}_{iteration}'. zb_schedules.py before it: f'F{minibatch}', f'B{minibatch}.{chunk}', f'W_clear.{chunk}'",
  example: ['F3', 'B3.0', 'W3.1.0', 'W_clear.0.0', 'iter_1_12'],
  read: name => {
    const op = /^([FBW])(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(name);
    if (op) return operation(kindOf(op[1]), { microbatch: numberOf(op[2]), chunk: numberOf(op[3]) });
    const rest = /^W_clear(?:\.(\d+))?(?:\.\d+)?$/.exec(name);
    if (rest) return operation('W', { chunk: numberOf(rest[1]) });
    const iteration = /^iter_\d+_(\d+)$/.exec(name);
    return iteration ? { what: 'iteration', iteration: Number(iteration[1]) } : undefined;
  },
};

const MEGATRON: Grammar = {
  id: 'megatron-lm',
  title: 'Megatron-LM and Megatron-Bridge, functions marked by nvtx_decorator or nvtx_range_push',
  source:
    'NVIDIA/Megatron-LM megatron/core/utils.py: a range is called <module>.<function>[.<suffix>]. That forward_step and backward_step of its schedules are so marked is inferred from this, not seen. NVIDIA-NeMo/Megatron-Bridge pull request 5642: training_step_<step>',
  example: ['megatron.core.pipeline_parallel.schedules.forward_step', 'backward_step', 'training_step_12'],
  read: name => {
    const step = /^(?:[\w.]+\.)?(forward|backward)_step$/.exec(name);
    if (step) return operation(step[1] === 'forward' ? 'F' : 'B');
    const iteration = /^training_step_(\d+)$/.exec(name);
    return iteration ? { what: 'iteration', iteration: Number(iteration[1]) } : undefined;
  },
};

const DEEPSPEED: Grammar = {
  id: 'deepspeed',
  title: 'DeepSpeed, functions marked by instrument_w_nvtx',
  source:
    'deepspeedai/DeepSpeed deepspeed/utils/nvtx.py: range_push(func.__qualname__). Upstream, _exec_forward_pass and _exec_backward_pass of runtime/pipe/engine.py carry no mark of their own: these names are there where a user marked them',
  example: [
    'PipelineEngine._exec_forward_pass',
    'PipelineEngine._exec_backward_pass',
    'DeepSpeedEngine.forward',
    'DeepSpeedEngine.backward',
  ],
  read: name => {
    const pass = /^PipelineEngine\._exec_(forward|backward)_pass$|^DeepSpeedEngine\.(forward|backward)$/.exec(name);
    return pass ? operation((pass[1] ?? pass[2]) === 'forward' ? 'F' : 'B') : undefined;
  },
};

/** The names that are understood without being told. The first grammar that reads a name wins. */
export const GRAMMARS: readonly Grammar[] = [OURS, TORCH, ZERO_BUBBLE, MEGATRON, DEEPSPEED];
