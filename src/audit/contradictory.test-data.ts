/** A report of our own making in which nearly everything contradicts something; line numbers matter to nobody. */
export const CONTRADICTORY = `# Serving rehearsal on 8x B200

## Results

| Run | Time | Target QPS | QPS | Tokens/s | P99 latency | Remarks |
|-----|------|-----------|-----|----------|-------------|---------|
| a | 10 min | 50 | 50 | 6,020 | 88 ms | first light |
| b | 40 min | 120 | 118 | **12,290** | 174 ms | held 7.4 tokens/joule for the whole run |
| c | 20 min | 200 | 190 | 9,830 | 231 ms | links hot |

## Links

\`\`\`
P2P bandwidth (mean) : 190.4 GB/s
AllReduce (NVLS)     : 301.2 GB/s
Links                : NV18 mesh, fully enabled
\`\`\`

## Pipeline

\`\`\`bash
torchrun --nproc_per_node=4 train.py --schedule 1f1b
\`\`\`

The run went through 12 microbatches; the bubble was about 6%.

## One GPU

- Started with \`--prompt-len-max 32 --max-new-tokens 8 --target-qps 2\`.
- It gave ~2.4K tokens/s on a B200 with p99 of about 3.1 s.

## Goals

| Metric | Target | Remarks |
|--------|--------|---------|
| P99 latency | < 150 ms | for the chat product |
| Throughput | 9,000+ tokens/s | any model |
| Cost per 1M tokens | < $0.40 | power only, at $0.12/kWh |

## Machine

\`\`\`text
      GPU0  GPU1  GPU2  GPU3
GPU0   X    NV18  NV18  NV18
GPU1  NV18   X    NV18  NV18
GPU2  NV18  NV18   X    NV18
GPU3  NV18  NV18  NV18   X
\`\`\`
`;

/** The same kind of report with numbers that fit together. */
export const CONSISTENT = `# Serving rehearsal on 8x B200

## Results

| Run | Time | Target QPS | QPS | Tokens/s | P99 latency | Remarks |
|-----|------|-----------|-----|----------|-------------|---------|
| a | 10 min | 50 | 50 | 6,020 | 88 ms | first light |
| b | 40 min | 120 | 118 | 14,190 | 124 ms | held 1.9 tokens/joule for the whole run |
| c | 20 min | 200 | 190 | 22,850 | 141 ms | |

## Links

\`\`\`
P2P bandwidth (mean) : 741.4 GB/s
AllReduce (NVLS)     : 803.2 GB/s
Links                : NV18 mesh, fully enabled
\`\`\`

## Pipeline

\`\`\`bash
torchrun --nproc_per_node=4 train.py --schedule 1f1b
\`\`\`

The run went through 12 microbatches; the bubble was about 23%.

## One GPU

- Started with \`--prompt-len-max 32 --max-new-tokens 8 --target-qps 2\`.
- It gave ~14 tokens/s on a B200 with p99 of about 3.1 s.

## Goals

| Metric | Target | Remarks |
|--------|--------|---------|
| P99 latency | < 150 ms | for the chat product |
| Throughput | 9,000+ tokens/s | any model |
| Cost per 1M tokens | < $0.03 | power only, at $0.12/kWh |

## Baseline log

\`\`\`
============ Serving Benchmark Result ============
Successful requests:                     1000
Benchmark duration (s):                  50.00
Total input tokens:                      512000
Total generated tokens:                  128000
Request throughput (req/s):              20.00
Output token throughput (tok/s):         2560.00
Total Token throughput (tok/s):          12800.00
---------------Time to First Token----------------
Mean TTFT (ms):                          61.30
Median TTFT (ms):                        55.10
P99 TTFT (ms):                           140.20
==================================================
\`\`\`
`;
