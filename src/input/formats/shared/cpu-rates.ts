import type { Rates } from '#input/series/host-series';

/** What the tools call shares of CPU time. */
const COLUMNS: Readonly<Record<string, keyof Rates>> = {
  user: 'cpu_user_ticks',
  usr: 'cpu_user_ticks',
  '%user': 'cpu_user_ticks',
  '%usr': 'cpu_user_ticks',
  us: 'cpu_user_ticks',
  system: 'cpu_system_ticks',
  sys: 'cpu_system_ticks',
  '%system': 'cpu_system_ticks',
  '%sys': 'cpu_system_ticks',
  sy: 'cpu_system_ticks',
  idle: 'cpu_idle_ticks',
  '%idle': 'cpu_idle_ticks',
  id: 'cpu_idle_ticks',
  iowait: 'cpu_iowait_ticks',
  '%iowait': 'cpu_iowait_ticks',
  wa: 'cpu_iowait_ticks',
};

/** The limit for a file that does not say how many CPUs the machine has. */
export const AVERAGE_CPU = 'The file does not tell how many CPUs there are: its CPU ticks are those of an average one.';

/** Ticks of 1/100 s in a second, from the shares in percent of an average CPU: 1 % of one CPU is one tick. */
export const cpuRates = (columns: Readonly<Record<string, number>>, cpus: number): Rates => {
  const rates: Rates = {};
  for (const [column, share] of Object.entries(columns)) {
    const counter = Object.hasOwn(COLUMNS, column) ? COLUMNS[column] : undefined;
    if (counter !== undefined) rates[counter] = share * cpus;
  }
  return rates;
};
