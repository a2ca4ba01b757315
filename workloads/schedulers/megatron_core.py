"""Megatron core's own 1F1B and interleaved 1F1B on random tokens. MEGATRON names a checkout of NVIDIA/Megatron-LM.

    forensics capture --preset pipeline --capture-range cudaProfilerApi --stop-workload -- \
      torchrun --nproc-per-node 2 workloads/schedulers/megatron_core.py --microbatches 8 --layers 4,4

Neither Apex nor Transformer Engine is needed: the layers are the local ones, of plain PyTorch. Each rank leaves its iterations' beginnings and ends
in stamps_rankN.json; apart.py computes the bubble from them and the trace.
"""

import os
import sys
from typing import Any

import torch

from recorded import Recorded, parser_of

sys.path.insert(0, os.environ["MEGATRON"])

from megatron.core import parallel_state  # noqa: E402
from megatron.core.models.gpt.gpt_layer_specs import get_gpt_layer_local_spec  # noqa: E402
from megatron.core.models.gpt.gpt_model import GPTModel  # noqa: E402
from megatron.core.pipeline_parallel.schedules import get_forward_backward_func  # noqa: E402
from megatron.core.tensor_parallel.random import model_parallel_cuda_manual_seed  # noqa: E402
from megatron.core.transformer.transformer_config import TransformerConfig  # noqa: E402

CHUNKS = {"1f1b": 1, "interleaved": 2}
VOCABULARY = 32000


def config_of(options: Any, ranks: int, chunks: int) -> TransformerConfig:
    # A layout, also where stages are even: numbers of layers in the first and the last stage fail for two stages of two chunks (a division by zero).
    stages = [["decoder"] * (layers // chunks) for _ in range(chunks) for layers in options.layers]
    stages[0].insert(0, "embedding")
    stages[-1].append("loss")
    virtual = {"virtual_pipeline_model_parallel_size": chunks, "overlap_p2p_comm": True, "batch_p2p_comm": False} if chunks > 1 else {}
    return TransformerConfig(
        num_layers=sum(options.layers), pipeline_model_parallel_layout=stages, hidden_size=options.hidden, num_attention_heads=options.hidden // 128, pipeline_dtype=torch.bfloat16,
        params_dtype=torch.bfloat16, bf16=True, pipeline_model_parallel_size=ranks, hidden_dropout=0.0, attention_dropout=0.0,
        masked_softmax_fusion=False, bias_dropout_fusion=False, gradient_accumulation_fusion=False, attention_softmax_in_fp32=False,
        deallocate_pipeline_outputs=True, **virtual)


def models_of(options: Any, config: TransformerConfig, chunks: int) -> list[torch.nn.Module]:
    models = []
    for chunk in range(chunks):
        where = {"vp_stage": chunk} if chunks > 1 else {}
        model = GPTModel(
            config=config, transformer_layer_spec=get_gpt_layer_local_spec(), vocab_size=VOCABULARY, max_sequence_length=options.sequence,
            pre_process=parallel_state.is_pipeline_first_stage(ignore_virtual=False, **where),
            post_process=parallel_state.is_pipeline_last_stage(ignore_virtual=False, **where), **where)
        models.append(model.cuda().to(torch.bfloat16))
    return models


def main() -> None:
    parser = parser_of(__doc__, tuple(CHUNKS))
    parser.add_argument("--layers", type=lambda text: tuple(map(int, text.split(","))), default=(4, 4), metavar="N,N",
                        help="of the first and the last stage (default: 4,4)")
    parser.add_argument("--hidden", type=int, default=8192, help="(default: %(default)s)")
    parser.add_argument("--sequence", type=int, default=2048, help="tokens of a microbatch (default: %(default)s)")
    options = parser.parse_args()
    recorded = Recorded(options)
    tokens = torch.randint(0, VOCABULARY, (1, options.sequence), device="cuda")
    positions = torch.arange(options.sequence, device="cuda")[None]
    mask = torch.ones(1, 1, options.sequence, options.sequence, device="cuda", dtype=torch.bool).triu(1)

    def forward(_batches: Any, model: torch.nn.Module) -> Any:
        out = model(tokens, positions, mask, labels=tokens)
        return out, lambda losses: (losses.float().mean(), {"loss": losses.float().mean().detach()})

    for name in options.schedule.split(","):
        chunks = CHUNKS[name]
        parallel_state.destroy_model_parallel()
        parallel_state.initialize_model_parallel(1, recorded.ranks, chunks if chunks > 1 else None)
        model_parallel_cuda_manual_seed(1)
        models = models_of(options, config_of(options, recorded.ranks, chunks), chunks)
        schedule = get_forward_backward_func()

        def step() -> None:
            batches = [iter(range(options.microbatches)) for _ in models]
            schedule(
                forward_step_func=forward, data_iterator=batches if chunks > 1 else batches[0], model=models if chunks > 1 else models[0],
                num_microbatches=options.microbatches, seq_length=options.sequence, micro_batch_size=1,
                decoder_seq_length=options.sequence, forward_only=False)
            for model in models:
                model.zero_grad(set_to_none=True)

        recorded.run(name, chunks, step)
        del models, step
        torch.cuda.empty_cache()
    recorded.close()


if __name__ == "__main__":
    main()
