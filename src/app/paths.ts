// Where the package keeps what the command line needs. From here, and nowhere deeper: the bundle of the command line lies two levels
// below the package's root, as this folder does.

/** The capture that the demo analyzes. */
export const DEMO = new URL('../../fixtures/serving-incident/', import.meta.url);
/** The process that answers a query, so that one that runs away can be ended; the built one, also when this file runs as source. */
export const QUERY_WORKER = new URL('../../dist/cli/commands/query-worker.js', import.meta.url);
/** The process that sends the requests of a load test. */
export const LOAD_GENERATOR = new URL('../../dist/cli/commands/load-generator.js', import.meta.url);
