import { html, raw } from 'hono/html';

/** Escaped HTML. Whatever is put into an `html` template as a plain string is escaped; only `raw` text is not. */
export type Html = ReturnType<typeof html>;
export { html, raw };

export const NOTHING = raw('');
