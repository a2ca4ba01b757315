// Format: https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/env.html#nccl-debug: what NCCL prints with NCCL_DEBUG=VERSION, WARN, INFO
// (lines of NCCL 2.14 to 2.28 in public issues of NVIDIA/nccl); other lines of the file are passed over.

import { NcclLines } from '#input/formats/shared/nccl-lines';
import { factSeries } from '#input/series/fact-series';
import { WarningCounter } from '#input/text/warning-counter';
import { wholeLines } from '#input/text/whole-lines';
import type { FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';

const ID = 'nccl-log';
const HINT = 'Give what a program printed that ran with NCCL_DEBUG=INFO.';

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'log of NCCL (NCCL_DEBUG)',
  extensions: ['.log', '.txt'],
  // Tests and servers print these lines among their own: their formats come first.
  specificity: -1,
  sniff: head => /(?:^|\s)NCCL (?:INFO|WARN) /m.test(head) || /^NCCL version \d+\.\d+/m.test(head),
  parse: (text, source): FactSeries => {
    const counter = new WarningCounter();
    const nccl = new NcclLines();
    for (const line of wholeLines(text, source, counter)) nccl.take(line.text);
    const limits = ['The log says what NCCL chose when it began; it holds no times, and nothing of how fast it was.'];
    return factSeries(ID, nccl.rows(), { limits, warnings: counter.sentences() }, source, HINT);
  },
});
