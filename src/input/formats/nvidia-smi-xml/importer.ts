// Format: man 1 nvidia-smi, "-q -x"; its document type is nvsmi_device_v11 to v13 (proved with drivers 570 and 580).

import { factSeries } from '#input/series/fact-series';
import { whole } from '#input/text/text';
import type { FactSeries } from '#schema/relation';
import { defineImporter } from '../define.ts';
import { readLog } from './document.ts';
import { factsOfGpu, factsOfLog } from './log-facts.ts';

const ID = 'nvidia-smi-xml';

export default defineImporter({
  id: ID,
  kind: 'facts',
  title: 'nvidia-smi -q -x (XML)',
  extensions: ['.xml'],
  sniff: head => /<nvidia_smi_log>/.test(head),
  parse: (text, source): FactSeries => {
    const log = readLog(whole(text, source), source);
    const gpus = log.gpu.map((gpu, i) => factsOfGpu(gpu, `GPU ${i}`));
    const told = {
      limits: [
        `A state at one moment${log.timestamp === undefined ? '' : ` (${log.timestamp}, local time without a zone)`}: what happened before and after is not seen.`,
        'GPUs are numbered in the order of the file, which is that of their bus ids.',
        ...(Number(log.attached_gpus) > log.gpu.length
          ? [`The file tells of ${log.gpu.length} of the ${log.attached_gpus} GPUs of the machine.`]
          : []),
      ],
      warnings: gpus.flatMap(gpu => gpu.warnings),
    };
    return factSeries(ID, [...factsOfLog(log), ...gpus.flatMap(gpu => gpu.facts)], told, source, HINT);
  },
});

const HINT = 'Give what nvidia-smi -q -x wrote.';
