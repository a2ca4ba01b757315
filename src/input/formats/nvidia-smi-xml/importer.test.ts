import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import nvidiaSmiXml from './importer.ts';

/** The layout of a real file with invented values. */
const SAMPLE = readFileSync(new URL('sample.xml', import.meta.url), 'utf8');
const parse = (text: string) => nvidiaSmiXml.parse(text, 'q.xml');
const fact = (text: string, entity: string, name: string) => {
  const row = parse(text).rows.find(row => row.entity === entity && row.name === name);
  return row === undefined ? undefined : [row.value, row.unit];
};

describe('values', () => {
  test.each([
    ['machine', 'timestamp', 'Sun Nov 22 01:48:07 2026', ''],
    ['machine', 'driver_version', '580.159.04', ''],
    ['machine', 'cuda_version', '13.0', ''],
    ['machine', 'attached_gpus', 2, ''],
    ['GPU 0', 'product_name', 'NVIDIA H100 80GB HBM3', ''],
    ['GPU 0', 'gpu_power_readings.average_power_draw', 612.25, 'W'],
    ['GPU 0', 'module_power_readings.average_power_draw', 702.5, 'W'],
    ['GPU 1', 'gpu_power_readings.average_power_draw', 598.25, 'W'],
    ['GPU 0', 'clocks_event_reasons.clocks_event_reason_sw_power_cap', true, ''],
    ['GPU 1', 'clocks_event_reasons.clocks_event_reason_sw_power_cap', false, ''],
    ['GPU 0', 'clocks_event_reasons_counters.clocks_event_reasons_counters_sw_power_cap', 39595, 'us'],
    ['GPU 0', 'temperature.gpu_temp_max_tlimit_threshold', -8, 'C'],
    ['GPU 0', 'pci.pci_gpu_link_info.link_widths.current_link_width', 16, 'x'],
    ['GPU 0', 'ecc_errors.aggregate.dram_uncorrectable', 2, ''],
    ['GPU 0', 'retired_pages.pending_retirement', false, ''],
    ['GPU 0', 'mig_mode.current_mig', 'Disabled', ''],
    ['GPU 0', 'fabric.health.summary', 'Healthy', ''],
    ['GPU 0', 'fabric.health.route_unhealthy', false, ''],
  ])('%s %s', (entity, name, value, unit) => expect(fact(SAMPLE, entity, name)).toEqual([value, unit]));

  test('there are no times, and what is not available has no row', () => {
    const series = parse(SAMPLE);
    expect(series).toMatchObject({ kind: 'facts', clock: { kind: 'none' }, warnings: [] });
    expect(series.limits[0]).toContain('Sun Nov 22 01:48:07 2026, local time without a zone');
    expect(fact(SAMPLE, 'GPU 0', 'gpu_power_readings.instant_power_draw')).toBeUndefined();
  });

  test('nothing names the hardware or what runs on it', () => {
    expect(JSON.stringify(parse(SAMPLE).rows)).not.toMatch(/uuid|serial|1000000000000|python3|4711|"pci.pci_bus"/i);
  });

  test('a GPU that is lost is told as such', () => {
    const lost = SAMPLE.replace('<sm_clock>1755 MHz', '<sm_clock>GPU is lost').replace('<gpu_util>93 %', '<gpu_util>GPU is lost');
    expect(fact(lost, 'GPU 0', 'clocks.sm_clock')).toBeUndefined();
    expect(fact(lost, 'GPU 0', 'error')).toEqual(['GPU is lost', '']);
    expect(parse(lost).warnings).toEqual(['GPU 0: 2 values are missing, with "GPU is lost" in their place.']);
  });

  test('a file of some of the GPUs says so', () => {
    expect(parse(SAMPLE.replace('<attached_gpus>2', '<attached_gpus>8')).limits.join()).toContain('2 of the 8 GPUs');
  });
});

describe('refusals', () => {
  test.each([
    ['a cut-off file', SAMPLE.slice(0, 900), 'q.xml: the document is cut off, or more follows after its end.'],
    ['a broken element', SAMPLE.replace('</gpu_util>', ''), 'it is not a whole XML document'],
    ['no GPU and nothing else', '<nvidia_smi_log></nvidia_smi_log>', 'q.xml'],
  ])('%s', (_, text, sentence) => expect(() => parse(text)).toThrow(sentence));

  test('a broken attribute is not quoted at length', () => {
    expect(() => parse(SAMPLE.replace('<driver_version>', `<driver_version ${'x'.repeat(20_000)}>`))).toThrow(/^.{1,300}$/s);
  });
});
