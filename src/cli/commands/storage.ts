import { Command } from '@commander-js/extra-typings';
import { storageAnalyzeCommand } from '#cli/storage/analyze';
import type { Terminal } from '#cli/terminal';

export const storageCommand = (terminal: Terminal) =>
  new Command('storage')
    .description('storage pressure: what paging, adapter loads and a busy disk cost in tail latency')
    .addCommand(storageAnalyzeCommand(terminal));
