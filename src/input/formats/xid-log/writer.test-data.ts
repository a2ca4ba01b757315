import { iso, lined, samples, writing } from '#test/valid-rows';

const GPUS = ['PCI 0000:9b:00', 'PCI 0000:ab:00'].map(entity => ({ entity, metric: 'xid', unit: '', nature: 'gauge' }) as const);

/** dmesg -T, with other lines between. */
export default writing(samples(GPUS, { most: 200 }), rows =>
  lined(
    rows.flatMap(({ t_ms, entity, value }) => {
      const time = `[Sun Nov 22 ${iso(t_ms).slice(11, 19)} 2026]`;
      return [
        `${time} NVRM: Xid (PCI:${entity.slice(4).toUpperCase()}): ${value}, pid=4711, name=python3, Contained: SM (0x1). RST: No`,
        `${time} usb 1-1: new high-speed USB device number 2 using xhci_hcd`,
      ];
    }),
  ),
);
