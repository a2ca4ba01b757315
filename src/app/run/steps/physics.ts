import { certifyFiles } from '#app/certify/certify-files';
import { runPhysics } from '#app/certify/run-physics';
import { writeCertification } from '#app/certify/write-certification';
import type { RunStep } from '../context.ts';

const FOLDER = 'physics';

/** What the machine reaches, before anything is asked of a server. */
export const physicsStep: RunStep = {
  id: 'physics',
  what: 'measure products, copies and collectives on all GPUs, as forensics certify --run does',
  kind: 'measured',
  asksServer: false,
  files: [FOLDER],
  act: async ({ place, env, signals, tell }) => {
    const files = await runPhysics({ out: place.of(FOLDER), env }, signals, tell);
    const { certification, notes } = await certifyFiles({ files, gpu: undefined, history: [] }, { env, progress: tell });
    writeCertification(place.of(FOLDER), certification);
    return notes;
  },
};
