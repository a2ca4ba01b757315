import { defineRule } from '#machine/define';
import { factOf } from '#machine/gpus';
import { XIDS } from './catalogue.ts';

export default defineRule({
  id: 'xid',
  title: 'The driver told the kernel of an error (Xid)',
  reason: 'Xid errors name faults of a program, of the driver or of the GPU itself; some take the GPU away.',
  source: 'NVIDIA Xid catalogue, docs.nvidia.com/deploy/xid-errors/analyzing-xid-catalog.html',
  severity: 'medium',
  fix: "Look the number up in NVIDIA's catalogue.",
  needs: 'the log of the kernel (dmesg, journalctl -k), or xid.csv of a capture',
  judges: ['xid.csv', 'xid-log'],
  bears_on: [],
  find({ xids, facts }) {
    if (xids.length === 0 && factOf(facts, 'kernel log', 'xids') === undefined) return undefined;
    const kinds = [...new Set(xids.map(x => `${x.pci}\n${x.xid}`))];
    return kinds.map(kind => {
      const [pci = '', xid = ''] = kind.split('\n');
      const times = xids.filter(x => x.pci === pci && String(x.xid) === xid).length;
      return { entity: `PCI ${pci}`, seen: { Xid: Number(xid), times }, told: XIDS[Number(xid)] };
    });
  },
});
