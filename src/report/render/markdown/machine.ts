import { bytes, ms, percent, plain, range, wallClock } from '#core/format/numbers';
import { GAP_CLASSES, type Report } from '#schema/report';
import { laneCaption, partTitle } from '../lane-wording.ts';
import { inputFormat, overheadWords, recordingWords } from '../recording-wording.ts';
import { stepWork, usualWords } from '../step-listing.ts';
import { defined } from '../terms.ts';
import { VERDICT_TERMS, verdictWords, withoutDetector } from '../verdict-wording.ts';
import { causeTitle, GAP_TEXT, STEP_TEXT, sentence, traceWords } from '../wording.ts';
import { listed } from './parallel.ts';
import { md, table } from './text.ts';

/** Nothing where no lane has steps. */
const steps = ({ steps: kinds }: Report): string[] =>
  kinds.length === 0
    ? []
    : [
        'What the engine did, step by step, with requests in flight:',
        '',
        ...table(
          [
            'Steps',
            'Process',
            'How many',
            'Share of the time',
            'A usual one',
            'of it work',
            'Delays seen above',
            'Beyond the usual, all',
            'Told by',
          ],
          kinds.map(s => [
            STEP_TEXT[s.kind],
            `${s.process} on ${s.device}`,
            plain(s.steps),
            percent(s.share),
            usualWords(s, s.median_ms),
            usualWords(s, s.work_ms),
            ms(s.seen_above_ms),
            usualWords(s, s.excess_ms),
            s.told_by,
          ]),
          [2, 3, 4, 5, 6, 7],
        ),
      ];

export function devices(report: Report): string[] {
  if (report.devices.length === 0) return [traceWords(report).noDevice, ''];
  return [
    ...table(
      ['Device', 'Name', 'Busy', 'Idle', 'No compute', 'Communication (exposed)', 'Copies (exposed)', 'Overlapped', 'Kernels'],
      report.devices.map(d => [
        d.device,
        d.name ?? 'not recorded',
        ms(d.busy_ms),
        ms(d.idle_ms),
        ms(d.compute_absent_ms),
        `${ms(d.communication_ms)} (${ms(d.exposed_communication_ms)})`,
        `${ms(d.copy_ms)} (${ms(d.exposed_copy_ms)})`,
        ms(d.overlapped_ms),
        plain(d.kernels),
      ]),
      [2, 3, 4, 5, 6, 7, 8],
    ),
    ...table(
      ['Device', 'Gap class', 'Gaps', 'Time, lower–upper'],
      report.devices.flatMap(d =>
        GAP_CLASSES.map(c => [d.device, `${c}: ${GAP_TEXT[c]}`, plain(d.gaps[c].count), range(d.gaps[c].lower_ms, d.gaps[c].upper_ms)]),
      ),
      [2, 3],
    ),
    ...steps(report),
    ...listed(stepWork(report.steps)),
    ...report.lane_books.flatMap(lane => [
      `${laneCaption(lane)}:`,
      '',
      ...table(
        ['What', 'Time', 'Share of the window'],
        lane.parts.map(p => [partTitle(p.what), ms(p.ms), percent(p.share)]),
        [1, 2],
      ),
    ]),
  ];
}

/** By what requests were judged, and how finely. */
function expectedTime({ method, noise_ms }: NonNullable<Report['requests']>['expected']): string {
  return `Expected time: ${md(method)}${noise_ms === null ? '' : ` (noise ${ms(noise_ms)})`}.`;
}

export const detectors = (report: Report): string[] => [
  `${VERDICT_TERMS} ${defined('An engine step', 'step')} ${defined('A stall', 'stall')}`,
  '',
  ...table(
    ['Detector', 'Cause', 'Verdict', 'Reason'],
    report.detectors.map(d => [d.detector, causeTitle(d.cause), verdictWords(d), d.reason]),
  ),
  ...(withoutDetector(report) === '' ? [] : [md(withoutDetector(report)), '']),
];

export const cannotTell = (report: Report): string[] => [
  ...(report.cannot_tell.length === 0 ? ['Nothing was left open.'] : report.cannot_tell.map(line => `- ${md(line)}`)),
  '',
  ...table(
    ['What the data allows', 'Available', 'Why'],
    report.capabilities.map(c => [c.what, c.available ? 'yes' : 'no', c.why]),
  ),
];

export function provenance(report: Report): string[] {
  const { clock, window, recording, requests } = report;
  const uncertainty = clock.uncertainty_ms === null ? 'not known' : ms(clock.uncertainty_ms);
  return [
    `Clock: ${md(sentence(clock.method))} Uncertainty: ${uncertainty}.`,
    '',
    ...clock.notes.map(note => `- ${md(note)}`),
    ...(clock.notes.length > 0 ? [''] : []),
    window.epoch_known
      ? `Window: ${wallClock(window.start_ns)} to ${wallClock(window.end_ns)}.`
      : 'Window: the trace does not say when it was taken; times count from its start.',
    '',
    ...(recording === null
      ? []
      : [
          recordingWords(recording).map(md).join(' '),
          '',
          ...(recording.overhead ?? []).map(o => `- ${md(overheadWords(o))}`),
          ...recording.missing.map(m => `- Missing from the case: ${md(m)}`),
          '',
        ]),
    ...(requests === null ? [] : [expectedTime(requests.expected), '']),
    ...table(
      ['Input', 'Kind', 'Format', 'Size', 'SHA-256'],
      report.inputs.map(i => [i.path, i.kind, inputFormat(i), bytes(i.bytes), i.sha256]),
      [3],
    ),
  ];
}
