import { readAdapterList } from '#app/load-test/adapter-list';
import { ForensicsError } from '#core/errors';
import { type Api, type Target, usualAdapterField } from '#record/load-test/generator/target';
import { textIn } from './text-in.ts';

/** What requests are to say beside their lengths. */
export interface SayingWish {
  readonly promptAs: 'words' | 'ids';
  readonly promptFile?: string | undefined;
  readonly nonce?: boolean | undefined;
  /** The file of a list. */
  readonly adapters?: string | undefined;
  readonly adapterSession?: 'random' | 'sticky' | undefined;
  readonly adapterField?: string | undefined;
  readonly sessions?: number | undefined;
}

const bad = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

/** Users of an open loop. */
const DEFAULT_SESSIONS = 4;

function adaptersOf(wish: SayingWish, api: Api): Pick<Target, 'adapters'> {
  const { adapters: file, adapterSession, adapterField, sessions } = wish;
  if (file === undefined) {
    const lost = Object.entries({ '--adapter-session': adapterSession, '--adapter-field': adapterField, '--sessions': sessions });
    const [option] = lost.find(([, value]) => value !== undefined) ?? [];
    if (option !== undefined) throw bad(`${option} needs adapters`, 'Name a list of them with --adapters FILE.');
    return {};
  }
  const names = readAdapterList(file).map(({ name }) => name);
  const use = {
    session: adapterSession ?? 'random',
    sessions: sessions ?? DEFAULT_SESSIONS,
    field: adapterField ?? usualAdapterField(api),
  };
  return { adapters: { names, ...use } };
}

/** What prompts begin with and hold, and who asks for which adapter. @throws ForensicsError bad-argument, not-found, bad-record */
export function saidBy(wish: SayingWish, api: Api): Pick<Target, 'adapters' | 'hasNonce' | 'promptText'> {
  const asks = wish.adapters ?? wish.promptFile ?? wish.adapterSession ?? wish.adapterField ?? wish.sessions;
  if (api === 'http') {
    if (asks === undefined && wish.nonce !== true) return {};
    throw bad(
      'plain HTTP has no prompts and no adapters',
      'Leave --adapters, --nonce and --prompt-file out, or say what the endpoint is with --api.',
    );
  }
  if (wish.promptAs === 'ids' && (wish.nonce === true || wish.promptFile !== undefined))
    throw bad('--nonce and --prompt-file make words', 'Leave --prompt-as ids out.');
  return {
    ...adaptersOf(wish, api),
    ...(wish.nonce === true ? { hasNonce: true } : {}),
    ...(wish.promptFile === undefined ? {} : { promptText: textIn(wish.promptFile, '--prompt-file') }),
  };
}
