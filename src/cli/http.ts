import { ForensicsError } from '#core/errors';

const bad = (what: string, hint: string) => new ForensicsError('bad-argument', what, hint);

/** A URL as it was typed. @throws ForensicsError bad-argument for what is none, and for one with a password in it */
export function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw bad(`${text} is not an http or https URL`, 'Give one with its scheme, such as http://localhost:8000.');
  if (url.username !== '' || url.password !== '')
    throw bad(
      'a password in the URL is seen by all who list processes',
      'Set the key in an environment variable, and give the name of that with --api-key-env.',
    );
  return url;
}

/** A key that stands in a variable. @throws ForensicsError bad-argument where it does not */
export function keyIn(name: string, env: NodeJS.ProcessEnv): string {
  const key = env[name];
  if (key === undefined || key === '')
    throw bad(
      `the environment variable ${name} is not set`,
      `Put the key into it (export ${name}=…), and name the variable here, never the key.`,
    );
  return key;
}
