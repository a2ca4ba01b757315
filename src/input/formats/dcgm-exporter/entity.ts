/** What a sample is of; nothing that names a machine, a pod or a piece of hardware. */
export const entityOf = (labels: ReadonlyMap<string, string>): string => {
  const part = (label: string, name: string) => {
    const value = labels.get(label);
    return value !== undefined && /^\d{1,6}$/.test(value) ? [`${name} ${value}`] : [];
  };
  const parts = [
    ...part('gpu', 'GPU'),
    ...part('GPU_I_ID', 'MIG'),
    ...part('nvswitch', 'NVSwitch'),
    ...part('cpu', 'CPU'),
    ...part('nvlink', 'link'),
  ];
  return parts.length === 0 ? 'machine' : parts.join(' ');
};
