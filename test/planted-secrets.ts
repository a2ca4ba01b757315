import Database from 'better-sqlite3';

const NUL = '\0';

/** An environment as a machine of a customer would have it. */
export const PLANTED: Readonly<Record<string, string>> = {
  HOME: '/home/mallory',
  USER: 'mallory',
  HOSTNAME: 'dgx-42.lab.example.org',
  PWD: '/srv/zenith/experiments',
  PATH: '/srv/zenith/tools/bin:/usr/bin:/bin',
  HF_TOKEN: 'hf_QqWwEeRrTtYyUuIiOoPp',
  DB_PASSWORD: 'correct horse',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  SHLVL: '1',
  _: '/usr/bin/python3',
  NCCL_DEBUG: 'INFO',
  CUDA_VISIBLE_DEVICES: '0',
};

/** Puts an environment and its owner into every place of a trace that can hold them. Nothing that the analysis reads is changed. */
export function plantSecrets(path: string): void {
  const db = new Database(path);
  const has = (table: string) => db.prepare(`SELECT 1 FROM sqlite_master WHERE name = ?`).get(table) !== undefined;
  const entries = Object.entries(PLANTED).map(([name, value]) => `${name}=${value}`);
  db.exec(`CREATE TABLE IF NOT EXISTS TARGET_INFO_SYSTEM_ENV (globalVid INTEGER, devStateName TEXT, name TEXT, nameEnum INTEGER, value TEXT);
    CREATE TABLE IF NOT EXISTS META_DATA_CAPTURE (name TEXT NOT NULL, value TEXT);
    CREATE TABLE ProcessStreams (globalPid INTEGER NOT NULL, filenameId INTEGER NOT NULL, contentId INTEGER NOT NULL);
    CREATE TABLE DIAGNOSTIC_EVENT (timestamp INTEGER, text TEXT)`);
  const id = (db.prepare('SELECT max(id) FROM StringIds').pluck().get() as number) + 1;
  const string = db.prepare('INSERT INTO StringIds (id, value) VALUES (?, ?)');
  string.run(id, entries.join(NUL));
  string.run(id + 1, '/home/mallory/.local/lib/libmine.so');
  string.run(id + 2, 'mallory@dgx-42: what is the password?\n');
  db.prepare('INSERT INTO ProcessStreams VALUES (1, ?, ?)').run(id + 1, id + 2);
  const capture = db.prepare('INSERT INTO META_DATA_CAPTURE (name, value) VALUES (?, ?)');
  for (const [name, value] of Object.entries(PLANTED)) capture.run('PROCESS_0:ENVIRONMENT_VARIABLE', `${name}="${value}"`);
  capture.run('DEVICE_DISPLAY_NAME', 'dgx-42');
  const target = db.prepare(`INSERT INTO TARGET_INFO_SYSTEM_ENV (devStateName, name, value) VALUES ('Local (CLI)', ?, ?)`);
  target.run('Hostname', 'dgx-42');
  target.run('DeviceEnvironment', entries.join(';'));
  db.prepare('INSERT INTO DIAGNOSTIC_EVENT VALUES (0, ?)').run('Loaded /srv/zenith/experiments/libcupti.so');
  if (has('META_DATA_EXPORT')) db.prepare(`INSERT INTO META_DATA_EXPORT (name, value) VALUES ('EXPORT_USER', 'mallory')`).run();
  db.close();
}
