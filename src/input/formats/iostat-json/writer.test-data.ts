import { hostSamples, IOSTAT_FIELDS, IOSTAT_START, iso, rises, writing } from '#test/valid-rows';

/** What is first since the boot only says when the others begin. One second apart, one CPU, so that each share is that many ticks. */
export default writing(hostSamples(IOSTAT_FIELDS), rows => {
  const statistics = [IOSTAT_START, ...rises(rows)].map(row => {
    const [date = '', time] = iso(row.t_ms).slice(0, 19).split('T');
    const [year = '', month, day] = date.split('-');
    const cpu = {
      user: row.cpu_user_ticks,
      nice: 0,
      system: row.cpu_system_ticks,
      iowait: row.cpu_iowait_ticks,
      steal: 0,
      idle: row.cpu_idle_ticks,
    };
    const disk = {
      ...{ disk_device: 'sda', 'r/s': row.disk_reads, 'w/s': row.disk_writes, 'rkB/s': row.disk_read_sectors / 2 },
      ...{ 'wkB/s': row.disk_write_sectors / 2, w_await: 1.5, 'aqu-sz': 0.1, util: row.disk_io_ms / 10 },
    };
    return { timestamp: `${month}/${day}/${year.slice(2)} ${time}`, 'avg-cpu': cpu, disk: [disk, { ...disk, disk_device: 'dm-0' }] };
  });
  return JSON.stringify(
    { sysstat: { hosts: [{ nodename: 'machine', sysname: 'Linux', 'number-of-cpus': 1, date: '11/22/26', statistics }] } },
    null,
    1,
  );
});
