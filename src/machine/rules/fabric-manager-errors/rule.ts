import { defineRule } from '#machine/define';
import { factOf, numberOf } from '#machine/gpus';

const ENTITY = 'fabric manager';
const UP = /^(?:active|running)$/;

export default defineRule({
  id: 'fabric-manager-errors',
  title: 'The fabric manager told of errors, or does not run',
  reason:
    'It sets up the routes of the NVSwitches: errors there are errors of links or switches, and without it GPUs cannot reach each other over NVLink.',
  source: 'NVIDIA Fabric Manager user guide, SXid errors',
  severity: 'medium',
  fix: 'Look the SXid up in the fabric manager guide; restart nvidia-fabricmanager and reset the GPUs. If it comes back have the switch and the link of that port looked at.',
  needs: 'fabricmanager.log, or the state of its service',
  judges: ['fabricmanager'],
  bears_on: ['slow-collective'],
  find({ facts }) {
    const state = factOf(facts, ENTITY, 'state');
    const errors = numberOf(facts, ENTITY, 'errors');
    if (state === undefined && errors === undefined) return undefined;
    const sxids = factOf(facts, ENTITY, 'sxids');
    const last = factOf(facts, ENTITY, 'last_error');
    const seen = {
      ...(state === undefined || UP.test(String(state)) ? {} : { state: String(state) }),
      ...(errors === undefined || errors === 0 ? {} : { errors }),
      ...(sxids === undefined || sxids === '' ? {} : { SXid: String(sxids) }),
      ...(last === undefined || errors === 0 ? {} : { 'last error': String(last) }),
    };
    return Object.keys(seen).length > 0 ? [{ entity: ENTITY, seen }] : [];
  },
});
