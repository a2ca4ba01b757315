import { basename } from 'node:path';
import type { Ms } from '#core/units';
import { lockCase } from './case-lock.ts';
import { type CaseFolder, remakeFolders } from './folder.ts';
import type { Journal } from './journal.ts';

/** How often it is looked whether they are still there: nsys and the workload write to them at any moment. */
const LOOK_EVERY_MS: Ms = 500;

/** Sees to it that the folders of a case stay while it is recorded. */
export interface KeptFolders {
  /** Makes them again at once where somebody removed them, and says so. */
  readonly mend: () => void;
  readonly release: () => void;
}

export function keepFolders(folder: CaseFolder, sessionTag: string, journal: Journal): KeptFolders {
  const mend = () => {
    for (const gone of remakeFolders(folder)) {
      journal.tell({ event: 'missing', what: `${basename(gone)} was removed while the capture ran: what had been written to it is lost` });
      if (gone === folder.private) lockCase(folder, sessionTag);
    }
  };
  const looking = setInterval(mend, LOOK_EVERY_MS);
  looking.unref();
  return { mend, release: () => clearInterval(looking) };
}
