import { PACKAGE_ROOT } from '#core/package-root';

// Where the package keeps what the command line needs.

/** The capture that the demo analyzes. */
export const DEMO = new URL('fixtures/serving-incident/', PACKAGE_ROOT);
/** The process that answers a query, so that one that runs away can be ended; the built one, also when this file runs as source. */
export const QUERY_WORKER = new URL('dist/app/query/query-worker.js', PACKAGE_ROOT);
/** The process that sends the requests of a load test. */
export const LOAD_GENERATOR = new URL('dist/record/load-test/generator/generator-main.js', PACKAGE_ROOT);
/** Measures what a machine reaches, under torchrun. */
export const PHYSICS = new URL('workloads/phys.py', PACKAGE_ROOT);
/** The command line, as a child runs it; the built one, also when this file runs as source. */
export const COMMAND_LINE = new URL('dist/cli/main.js', PACKAGE_ROOT);
