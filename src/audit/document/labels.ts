import { exactStatement, type Frame, type Statement } from '../statement.ts';
import { readNumber } from './read-number.ts';
import { LONGEST_SENTENCE } from './sentences.ts';
import { type Meaning, meaningOf } from './vocabulary.ts';

const LABELLED = /^(?<label>[A-Za-z][^:|]{1,60}?)\s*:\s+(?<value>\S.*)$/;
/** A remark after the number. */
const REMARK = /\s*(?:[(←#]|<--|\s--\s).*$/;
/** Small messages measure the latency and not the link. */
const SMALL = /\bsmall\b|\blatency\b/i;

const bandwidth = (quantity: Meaning['quantity']): Meaning => ({
  quantity,
  of: '',
  statistic: null,
  role: 'result',
  factor: undefined,
  exact: false,
});
/** Bandwidths have labels in outputs, and no columns. */
function bandwidthMeaning(line: string, label: string): Meaning | undefined {
  if (SMALL.test(line)) return undefined;
  if (/\ball-?reduce\b/i.test(label)) return bandwidth('all_reduce_gb_per_s');
  return /\bp2p\b|\bpeer[- ]to[- ]peer\b/i.test(label) ? bandwidth('p2p_gb_per_s') : undefined;
}

/** The statement of a line like `Throughput: 812 tok/s (steady state)`; undefined for other lines. */
export function statementOfLabel(line: string, frame: Frame): Statement | undefined {
  if (line.length > LONGEST_SENTENCE) return undefined;
  const found = LABELLED.exec(line.replace(/[*`]/g, '').replace(/^\s*(?:\[[^\]]*\])?\s*/, ''))?.groups;
  if (found === undefined) return undefined;
  const { label = '', value = '' } = found;
  const meaning = bandwidthMeaning(line, label) ?? meaningOf(label);
  const statement = meaning === undefined ? undefined : readNumber(value.replace(REMARK, ''), meaning, frame);
  return statement === undefined ? undefined : { ...statement, text: `${label.trim()} ${statement.text}` };
}

const ROW = /^\s*GPU\d+\s+(?<links>(?:X|NV\d+|SYS|NODE|PHB|PXB|PIX)(?:\s+(?:X|NV\d+|SYS|NODE|PHB|PXB|PIX))*)/;

/** The matrix of `nvidia-smi topo -m`: how many GPUs, and the links between two where they are the same for all. */
export function statementsOfTopology(lines: readonly string[], frame: Frame): Statement[] {
  const rows = lines.flatMap(line => (line.length > LONGEST_SENTENCE ? [] : (ROW.exec(line)?.groups?.['links'] ?? [])));
  if (rows.length < 2) return [];
  const setting = { ...frame, role: 'setting' } as const;
  const links = [...new Set(rows.flatMap(row => row.split(/\s+/)).filter(word => word !== 'X'))];
  const [only = ''] = links.length === 1 ? links : [];
  const count = exactStatement(setting, 'topology_gpus', rows.length, { text: `${rows.length} rows` });
  return only.startsWith('NV') ? [count, exactStatement(setting, 'links_per_pair', Number(only.slice(2)), { text: only })] : [count];
}
