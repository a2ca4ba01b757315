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

/** Secrets as people write them into names of ranges and threads: what must not be shown, by a label that holds it. */
export const PLANTED_LABELS: Readonly<Record<string, string>> = {
  Q7hunter2Q7: 'request {"password": "Q7hunter2Q7", "n": 3}',
  zJ8kQp4vX1nB6mT3: 'GET /v1 Authorization: Bearer zJ8kQp4vX1nB6mT3',
  Wm5Rt9Yx2Lc7: 'worker --auth-token Wm5Rt9Yx2Lc7 --rank 0',
  'mallory@lab.example.org': 'batch of mallory@lab.example.org',
  '203.0.113.77': 'peer 203.0.113.77:8000',
  hf_QqWwEeRrTtYyUuIiOoPp: 'pull hf_QqWwEeRrTtYyUuIiOoPp',
};

/** Gives the ranges, threads and processes of a trace names with those secrets. */
export function plantLabels(path: string): void {
  const db = new Database(path);
  const labels = Object.values(PLANTED_LABELS);
  const first = (db.prepare('SELECT max(id) FROM StringIds').pluck().get() as number) + 1;
  const string = db.prepare('INSERT INTO StringIds (id, value) VALUES (?, ?)');
  for (const [i, label] of labels.entries()) string.run(first + i, label);
  for (const table of ['ThreadNames', 'NVTX_EVENTS'])
    db.exec(`UPDATE ${table} SET ${table === 'ThreadNames' ? 'nameId' : 'text = NULL, textId'} = ${first} + rowid % ${labels.length}`);
  const names = db.prepare('UPDATE PROCESSES SET name = ? WHERE rowid = ?');
  for (const [i, label] of labels.entries()) names.run(label, i + 1);
  // A token is no name of a kernel, and whoever builds kernels from prompts may write one all the same.
  db.exec(`UPDATE StringIds SET value = value || '_hf_QqWwEeRrTtYyUuIiOoPp' WHERE value = 'decode_step'`);
  db.close();
}
