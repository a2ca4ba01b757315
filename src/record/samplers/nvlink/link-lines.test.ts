import { describe, expect, test } from 'vitest';
import { columnsFor, linkCounters, linkCsv } from './link-counters.ts';
import { linkStatus } from './link-status.ts';

const GPU = (n: number) => `GPU ${n}: NVIDIA H200 (UUID: GPU-00000000-0000-0000-0000-000000000000)\n`;

describe('the status of links', () => {
  test('counts those that are up, and says how fast the slowest is', () => {
    const text = `${GPU(0)}\t Link 0: 26.562 GB/s\n\t Link 1: <inactive>\n\t Link 2: 25 GB/s\n${GPU(1)}         Link 0: 26.562 GB/s`;
    expect(linkStatus(text)).toEqual([
      { gpu: 0, active: 2, inactive: 1, slowest_gb_s: 25 },
      { gpu: 1, active: 1, inactive: 0, slowest_gb_s: 26.562 },
    ]);
  });
  test('of GPUs whose links are all down has no speed', () => {
    expect(linkStatus(`${GPU(0)}\t Link 0: <inactive>\n`)).toEqual([{ gpu: 0, active: 0, inactive: 1, slowest_gb_s: null }]);
  });
  test('of GPUs without links is empty', () => {
    expect(linkStatus('NVML: Unable to retrieve NVLink information as all links are inActive\n')).toEqual([]);
    expect(linkStatus(GPU(0))).toEqual([]);
  });
});

describe('the counters of links', () => {
  const traffic = `${GPU(0)}\t Link 0: Data Tx: 14984231343 KiB\n\t Link 0: Data Rx: 7 KiB\n\t Link 1: Data Tx: 8 KiB\n\t Link 1: Data Rx: 9 KiB\n`;

  test('are joined from both answers by GPU and link', () => {
    const errors = `${GPU(0)}\t Link 0: Replay Errors: 1\n\t Link 0: Recovery Errors: 2\n\t Link 0: CRC Errors: 3\n\n\t Link 1: Replay Errors: 0\n`;
    const rows = linkCounters(traffic, errors);
    const columns = columnsFor(rows);
    expect(columns).toEqual(['tx_kib', 'rx_kib', 'replay_errors', 'recovery_errors', 'crc_errors']);
    expect(linkCsv(5n, rows, columns)).toBe('5,0,0,14984231343,7,1,2,3\n5,0,1,8,9,0,,\n');
  });

  test('of Blackwell have other names, and its corrected code words are no errors', () => {
    const errors = `${GPU(0)}\t Link 0: Tx packets: 5\n\t Link 0: Tx bytes: 5\n\t Link 0: Rx Errors: 0\n\t Link 0: Link recovery failed events: 4\n\t Link 0: Symbol Errors: 6\n\t Link 0: Effective BER: 15e-255\n\t Link 0: FEC Errors - 0: 36140749276\n`;
    const rows = linkCounters(traffic, errors);
    expect(columnsFor(rows).slice(5)).toEqual(['rx_errors', 'link_recovery_failed_events', 'symbol_errors']);
    expect(rows[0]?.counters.get('link_recovery_failed_events')).toBe('4');
  });

  test('had shorter labels on older drivers', () => {
    expect(linkCounters(`${GPU(2)}\t Link 0: Tx0: 50 KiB\n\t Link 0: Rx0: 70 KiB\n`)).toEqual([
      { gpu: 2, link: 0, counters: new Map(Object.entries({ tx_kib: '50', rx_kib: '70' })) },
    ]);
  });

  test('that are not given are none', () => {
    expect(linkCounters(`${GPU(0)}\t Link 0: Data Tx: N/A\n`, 'Not Supported\n')).toEqual([]);
  });
});
