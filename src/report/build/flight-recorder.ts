import { count, ms } from '#core/format/numbers';
import type { FlightJudgement, LateRank, LoneTransfer, StuckCollective } from '#multi-gpu/flight-recorder/judge';

const MOST_RANKS = 12;
const list = (ranks: readonly number[]): string => {
  const shown = ranks.slice(0, MOST_RANKS).join(', ');
  const more = ranks.length - MOST_RANKS;
  return `rank${ranks.length === 1 ? '' : 's'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
};
const called = ({ name, purpose, group, sequence }: StuckCollective) =>
  `collective ${sequence} of the group ${purpose === '' ? group : purpose} (${name})`;
const at = (where: string | undefined) => (where === undefined ? '' : ` at ${where}`);
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function stuckSentences(stuck: StuckCollective): string[] {
  const what = called(stuck);
  const unknown = stuck.unknown.length === 0 ? [] : [`No dump was given of ${list(stuck.unknown)}: whether it came is not known.`];
  switch (stuck.why) {
    case 'mismatch':
      return [
        `The ranks disagree on ${what}${at(stuck.where)}: ${stuck.calls.map(c => `${list(c.ranks)} called ${c.what.trim()}`).join('; ')}.`,
        ...unknown,
      ];
    case 'not-entered':
      return [
        `${capital(list(stuck.missing))} did not enter ${what}; ${list(stuck.entered)} did${at(stuck.where)}, and wait.`,
        ...elsewhere(stuck),
        ...unknown,
      ];
    case 'not-finished':
      return [
        stuck.unknown.length > 0
          ? `${capital(what)} is not finished, and no dump was given of ${list(stuck.unknown)}: ask with the dumps of all ranks.`
          : `All ranks entered ${what}${at(stuck.where)}, and it is not finished: nobody is missing, so look at the network, the links and the GPUs themselves.`,
      ];
  }
}

const elsewhere = ({ elsewhere: of }: StuckCollective): string[] =>
  of.map(({ rank, last, waitsIn }) => {
    const before =
      last === undefined ? 'it has called none of the group' : `its last of the group was ${last.sequence} (${last.name}${at(last.where)})`;
    return waitsIn === undefined
      ? `Rank ${rank}: ${before}, and it waits in no other collective: what its program does instead is the cause. Look at its stack (py-spy dump --pid PID).`
      : `Rank ${rank}: ${before}; it waits in ${waitsIn.name} ${waitsIn.sequence} of the group ${waitsIn.purpose || waitsIn.group}${at(waitsIn.where)}.`;
  });

const loneSentence = ({ rank, peer, name, posted, answered, where }: LoneTransfer): string =>
  `Rank ${rank} posted ${count(posted, name === 'send' ? 'send' : 'receive')} ${name === 'send' ? 'to' : 'from'} rank ${peer}, which posted ${count(answered, name === 'send' ? 'receive' : 'send')}: the next has no other side${where === undefined ? '' : ` (${where})`}.`;

const lateSentence = ({ rank, late, of, worst_ms, worst }: LateRank): string =>
  `By the clocks of the hosts rank ${rank} came last to ${late} of ${count(of, 'finished collective')} of the group ${worst.purpose || worst.group}, at most ${ms(worst_ms)} after the first (${worst.name} ${worst.sequence}${at(worst.where)}).`;

/** What dumps of the flight recorder say, the likeliest cause first, in sentences. */
export function flightSentences(judged: FlightJudgement): string[] {
  const { stuck, lone, late, absent, forgotten, ranks } = judged;
  const nothing = stuck.length === 0 && lone.length === 0;
  return [
    ...(nothing
      ? [`Every collective that ${list(ranks)} called was entered by all of them, alike, and is finished: none of them hangs.`]
      : []),
    ...stuck.flatMap(stuckSentences),
    ...lone.map(loneSentence),
    ...late.map(lateSentence),
    ...(absent.length === 0
      ? []
      : [
          `Dumps of ${list(absent)} are missing: a rank that ended before it could write one is often the one that kept the others waiting.`,
        ]),
    ...(forgotten.length === 0
      ? []
      : [
          `The first calls of ${list(forgotten)} were no longer in the recorder: what came before is not told (TORCH_FR_BUFFER_SIZE keeps more).`,
        ]),
  ];
}
