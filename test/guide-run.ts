import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the scripts of the load-testing guide leave of one run: its load test, and the power of the same time. */
export function guideRun(folder: string, p99_ms: number): string {
  mkdirSync(folder, { recursive: true });
  const load = {
    elapsed: 3600,
    total_requests: 600_000,
    completed_requests: 600_000,
    tokens_generated: 53_856_000,
    tokens_per_sec: 14_960,
    actual_qps: 172,
  };
  writeFileSync(
    join(folder, 'load_test_results.json'),
    JSON.stringify({ ...load, latency_p50_ms: 40, latency_p95_ms: 95, latency_p99_ms: p99_ms }),
  );
  const watts = { min_watts: 1500, max_watts: 9000, avg_watts: 7400 };
  writeFileSync(
    join(folder, 'power_metrics.json'),
    JSON.stringify({ samples: 7200, duration: 3600, total_power: watts, energy_joules: 26_640_000, per_device: [] }),
  );
  return folder;
}
