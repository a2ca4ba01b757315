import { hostSamples, iso, rises, writing } from '#test/valid-rows';

const FIELDS = ['cpu_user_ticks', 'cpu_system_ticks', 'cpu_iowait_ticks', 'cpu_idle_ticks'] as const;
const START = { cpu_user_ticks: 9, cpu_system_ticks: 9, cpu_iowait_ticks: 9, cpu_idle_ticks: 9, t_ms: 0 };

/** One CPU, a second apart; the first sample only says when the others begin. */
export default writing(hostSamples(FIELDS), rows => {
  const statistics = [START, ...rises(rows)].map(row => ({
    timestamp: iso(row.t_ms).slice(11, 19),
    'cpu-load': [
      {
        ...{ cpu: 'all', usr: row.cpu_user_ticks, nice: 0, sys: row.cpu_system_ticks, iowait: row.cpu_iowait_ticks, irq: 0, soft: 0 },
        ...{ steal: 0, guest: 0, gnice: 0, idle: row.cpu_idle_ticks },
      },
    ],
  }));
  return JSON.stringify(
    { sysstat: { hosts: [{ nodename: 'machine', sysname: 'Linux', 'number-of-cpus': 1, date: '11/22/26', statistics }] } },
    null,
    1,
  );
});
