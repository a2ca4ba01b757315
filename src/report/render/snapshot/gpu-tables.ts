import { plain } from '#core/format/numbers';
import { type Listing, listing } from '../parallel/listing.ts';
import { type FactsByEntity, NONE } from './facts-by-entity.ts';

const GPU = /^GPU \d+$/;
const PCIE = 'pci.pci_gpu_link_info';
const REASON = /^clocks_(?:event|throttle)_reasons\.clocks_(?:event|throttle)_reasons?_(.+)$/;

/** Two values of one thing: what it is now, and the most that it can be. */
const ofMost = (facts: FactsByEntity, gpu: string, now: string, most: string): string => {
  const [is, can] = [facts.number(gpu, now), facts.number(gpu, most)];
  return is === undefined ? NONE : can === undefined ? plain(is) : `${plain(is)} of ${plain(can)}`;
};

const power = (facts: FactsByEntity, gpu: string, name: string): string => {
  const now = facts.text(gpu, `gpu_power_readings.${name}`);
  return now === NONE ? facts.text(gpu, `power_readings.${name}`) : now;
};

/** Reasons of lowered clocks that hold just now, in the words of nvidia-smi. */
const reasons = (facts: FactsByEntity, gpu: string): string => {
  const held = facts.of(gpu).flatMap(f => (f.value === true ? (REASON.exec(f.name)?.[1] ?? []) : []));
  return held.length === 0 ? NONE : held.map(r => r.replaceAll('_', ' ')).join(', ');
};

export const boards = (facts: FactsByEntity): Listing =>
  listing('Boards and their settings', facts.entities(GPU), [
    { head: 'GPU', text: gpu => gpu.slice(4), numeric: true },
    { head: 'Model', text: gpu => facts.text(gpu, 'product_name') },
    { head: 'Part number', text: gpu => facts.text(gpu, 'board_part_number') },
    { head: 'Board (hash)', text: gpu => facts.text(gpu, 'uuid_hash') },
    { head: 'Memory', text: gpu => facts.text(gpu, 'fb_memory_usage.total'), numeric: true },
    { head: 'Power limit', text: gpu => power(facts, gpu, 'current_power_limit'), numeric: true },
    { head: 'Default', text: gpu => power(facts, gpu, 'default_power_limit'), numeric: true },
    { head: 'Most SM clock', text: gpu => facts.text(gpu, 'max_clocks.sm_clock'), numeric: true },
    { head: 'Persistence', text: gpu => facts.text(gpu, 'persistence_mode') },
    { head: 'MIG', text: gpu => facts.text(gpu, 'mig_mode.current_mig') },
    { head: 'ECC', text: gpu => facts.text(gpu, 'ecc_mode.current_ecc') },
    { head: 'Fabric', text: gpu => facts.text(gpu, 'fabric.state') },
  ]);

export const moment = (facts: FactsByEntity): Listing =>
  listing('What they did just then', facts.entities(GPU), [
    { head: 'GPU', text: gpu => gpu.slice(4), numeric: true },
    {
      head: 'State',
      text: gpu => (facts.value(gpu, 'error') === undefined ? facts.text(gpu, 'performance_state') : facts.text(gpu, 'error')),
    },
    { head: 'Busy', text: gpu => facts.text(gpu, 'utilization.gpu_util'), numeric: true },
    { head: 'Memory used', text: gpu => facts.text(gpu, 'fb_memory_usage.used'), numeric: true },
    { head: 'SM clock', text: gpu => facts.text(gpu, 'clocks.sm_clock'), numeric: true },
    { head: 'Power', text: gpu => power(facts, gpu, 'average_power_draw'), numeric: true },
    { head: 'Temperature', text: gpu => facts.text(gpu, 'temperature.gpu_temp'), numeric: true },
    {
      head: 'PCIe generation',
      text: gpu => ofMost(facts, gpu, `${PCIE}.pcie_gen.current_link_gen`, `${PCIE}.pcie_gen.max_link_gen`),
      numeric: true,
    },
    {
      head: 'PCIe lanes',
      text: gpu => ofMost(facts, gpu, `${PCIE}.link_widths.current_link_width`, `${PCIE}.link_widths.max_link_width`),
      numeric: true,
    },
    { head: 'Clocks held by', text: gpu => reasons(facts, gpu), prose: true },
  ]);

const number = (value: number | undefined): string => (value === undefined ? NONE : plain(value));
const UNCORRECTABLE = /uncorrectable|double_bit|parity|secded/;
const volatile = (facts: FactsByEntity, gpu: string, isGrave: boolean): string => {
  const all = facts
    .of(gpu)
    .filter(f => f.name.startsWith('ecc_errors.volatile.') && typeof f.value === 'number' && UNCORRECTABLE.test(f.name) === isGrave);
  return all.length === 0 ? NONE : plain(all.reduce((sum, f) => sum + Number(f.value), 0));
};

export const errors = (facts: FactsByEntity): Listing =>
  listing('What was counted since the driver was loaded, and of the whole life', facts.entities(GPU), [
    { head: 'GPU', text: gpu => gpu.slice(4), numeric: true },
    { head: 'ECC, mended', text: gpu => volatile(facts, gpu, false), numeric: true },
    { head: 'ECC, not mended', text: gpu => volatile(facts, gpu, true), numeric: true },
    {
      head: 'In its life, not mended',
      text: gpu => number(facts.sum(gpu, /^ecc_errors\.aggregate\..*(?:uncorrectable|double_bit|parity|secded)/)),
      numeric: true,
    },
    { head: 'Rows remapped', text: gpu => number(facts.sum(gpu, /^remapped_rows\.(?:remapped_row_)?(?:corr|unc)$/)), numeric: true },
    { head: 'Waiting for that', text: gpu => pending(facts, gpu) },
    { head: 'PCIe replays', text: gpu => facts.text(gpu, 'pci.replay_counter'), numeric: true },
    { head: 'Held by heat', text: gpu => held(facts, gpu, /therm/), numeric: true },
    { head: 'by power brake', text: gpu => held(facts, gpu, /power_brake/), numeric: true },
    { head: 'by power cap', text: gpu => held(facts, gpu, /sw_power_cap/), numeric: true },
  ]);

const pending = (facts: FactsByEntity, gpu: string): string =>
  facts.text(gpu, 'remapped_rows.remapped_row_pending') === NONE
    ? facts.text(gpu, 'remapped_rows.pending')
    : facts.text(gpu, 'remapped_rows.remapped_row_pending');

/** For how long clocks were lowered; nvidia-smi counts µs. */
const held = (facts: FactsByEntity, gpu: string, reason: RegExp): string => {
  const us = facts
    .of(gpu)
    .flatMap(f => (f.name.includes('_reasons_counters.') && reason.test(f.name) && typeof f.value === 'number' ? [f.value] : []));
  return us.length === 0 ? NONE : `${plain(us.reduce((a, b) => a + b, 0) / 1e6)} s`;
};
