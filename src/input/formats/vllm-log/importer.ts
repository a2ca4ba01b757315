// Format: https://docs.vllm.ai/en/latest/usage/troubleshooting.html: what `vllm serve` prints (lines of 0.6 to 0.11, engines V0 and V1, in public issues of
// vllm-project/vllm). With NCCL_DEBUG NCCL's lines stand among its own, and are read as well.

import { NcclLines } from '#input/formats/shared/nccl-lines';
import { factSeries } from '#input/series/fact-series';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { EngineLines, KNOWN } from './engine-lines.ts';

const ID = 'vllm-log';
const HINT = 'Give what vllm serve printed, from its start on.';

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'log of vLLM (text)',
  extensions: ['.log', '.txt'],
  sniff: head => head.split('\n').some(line => KNOWN.test(line)),
  parse: (text, source): FactSeries => {
    const counter = new WarningCounter();
    const [engine, nccl] = [new EngineLines(), new NcclLines()];
    for (const line of wholeLines(text, source, counter)) {
      engine.take(line.text);
      nccl.take(line.text);
    }
    const limits = [
      'Its times name neither year nor zone, so nothing of it is laid beside requests.',
      'Names of models, paths and requests are left out.',
    ];
    // Both may name NCCL's version: its own word counts.
    const own = nccl.rows();
    const told = engine.rows().filter(row => !own.some(o => o.entity === row.entity && o.name === row.name));
    return factSeries(ID, [...told, ...own], { limits, warnings: counter.sentences() }, source, HINT);
  },
});
