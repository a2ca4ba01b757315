import { SECRETS } from '#core/secrets/find';
import type { Rules } from '#core/secrets/scan';

/** What a trace tells of itself. Its UUIDs are serials of sessions and devices. */
export const IN_TEXT: Rules = { ...SECRETS, identities: 'all', serials: true };
/** A file of a case. A UUID in it is mostly the id of a request, by which files are joined. */
export const IN_FILE: Rules = { ...SECRETS, identities: 'all', spoken: true };
/** The value of a variable that is kept. */
export const IN_KEPT_VALUE: Rules = { ...SECRETS, identities: 'all', folders: true };
