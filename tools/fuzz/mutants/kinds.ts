import { foreignCase } from './cases.ts';
import { commandLine } from './command-lines.ts';
import { kinetoTrace } from './kineto.ts';
import { outputsOfMachine } from './machines.ts';
import type { Mutant, Workshop } from './mutant.ts';
import { fileOfRun, readerFile } from './reader-files.ts';
import { changeBytes, changePages } from './trace-bytes.ts';
import { changeColumns, changeRows, changeTables } from './trace-database.ts';
import { byBytes, byDatabase } from './traces.ts';

interface MutantKind {
  readonly name: string;
  /** How many of a hundred mutants. */
  readonly weight: number;
  readonly make: (workshop: Workshop) => Mutant;
}

/** All that is spoilt. What costs most to look at, a whole analysis each, is not the most frequent. */
export const KINDS: readonly MutantKind[] = [
  { name: 'rows of a trace', weight: 8, make: byDatabase(changeRows) },
  { name: 'columns of a trace', weight: 5, make: byDatabase(changeColumns) },
  { name: 'tables of a trace', weight: 5, make: byDatabase(changeTables) },
  { name: 'pages of a trace', weight: 4, make: byBytes(changePages) },
  { name: 'bytes of a trace', weight: 4, make: byBytes(changeBytes) },
  { name: 'traces of PyTorch', weight: 3, make: kinetoTrace },
  { name: 'files of a tool', weight: 31, make: readerFile },
  { name: 'files of a run', weight: 7, make: fileOfRun },
  { name: 'outputs of a machine', weight: 6, make: outputsOfMachine },
  { name: 'cases', weight: 12, make: foreignCase },
  { name: 'command lines', weight: 15, make: commandLine },
];
