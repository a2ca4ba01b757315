import Database from 'better-sqlite3';

const NUL = '\0';
const PID = (1n << 48n) | (4242n << 24n);
const IDLE = (1n << 48n) | (77n << 24n);

/** What must not be in the copy, in any encoding. */
export const PRIVATE = [
  'alice',
  'gpu-node-17',
  'corp.example.com',
  '/srv/acme/bin',
  '/srv/acme/run',
  'hunter2-secret',
  'hf_abcdefghijklmnopqrstuvwxyz',
  'Tell me a secret',
  'customer-daemon',
  'de305d54-75b4-431b-adb2-eb6b9e546014',
  '02:42:ac:11:00:02',
  'xterm-kitty',
  'argument-pass-9',
  'notes from the file',
  'bearer-a1b2c3d4',
  'labelled-pass',
  'label-token-7',
  'jo.doe@example.com',
  '10.20.30.40',
  '02:42:ac:11:00:09',
  'sk_live_a1B2c3D4e5f6',
] as const;

/** Names that the analysis reads, which must stay as they are although words of theirs are names of the host and of users. */
export const FUNCTIONS = ['vmaf_kernel', 'void ns::root::f<vm>(int)', 'cudaLaunchKernel_v7000', 'pread64', 'flash_fwd_kernel'] as const;

const ENVIRONMENT = [
  'HOME=/home/alice',
  'USER=alice',
  'SUDO_USER=root',
  'HOSTNAME=gpu-node-17.corp.example.com',
  'POD_NAME=vm',
  'PATH=/srv/acme/bin:/usr/bin',
  'API_KEY=hunter2-secret',
  'TERM=xterm-kitty',
  'ATTENTION=flash_fwd_kernel',
  'NCCL_DEBUG=INFO',
  'CUDA_CACHE_PATH=/home/alice/cache',
  'SHLVL=1',
];

const STRINGS: readonly (readonly [id: number, value: string])[] = [
  ...FUNCTIONS.map((name, i) => [i + 1, name] as const),
  [10, ENVIRONMENT.join(NUL)],
  [11, ENVIRONMENT.join('\n')],
  [12, '/srv/acme/bin/libmodel.so'],
  [13, '/home/alice/.venv/lib/libtorch.so'],
  [14, 'Tell me a secret, alice\n'],
  [15, 'python3'],
  [16, 'customer-daemon'],
  [17, 'request of alice'],
  [18, ['serve', '--password', 'argument-pass-9'].join(NUL)],
  [19, ''],
  [20, 'call "password": "labelled-pass" Authorization: Bearer bearer-a1b2c3d4'],
  [21, 'worker jo.doe@example.com 10.20.30.40 02:42:ac:11:00:09'],
];

export interface PrivateTrace {
  readonly encoding?: 'UTF-8' | 'UTF-16le' | 'UTF-16be';
  readonly journal?: 'delete' | 'wal';
  /** Run before the file is closed. */
  readonly also?: (db: Database.Database) => void;
}

/** Writes a small trace with something private in every place that can hold it; returns the open database in WAL mode, so that nothing is merged. */
export function writePrivateTrace(
  path: string,
  { encoding = 'UTF-8', journal = 'delete', also = () => {} }: PrivateTrace = {},
): Database.Database {
  const db = new Database(path);
  db.pragma(`encoding = "${encoding}"`);
  db.pragma(`journal_mode = ${journal}`);
  db.pragma('secure_delete = OFF');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(`
    CREATE TABLE StringIds (id INTEGER NOT NULL PRIMARY KEY, value TEXT);
    CREATE TABLE TARGET_INFO_SYSTEM_ENV (globalVid INTEGER, devStateName TEXT NOT NULL, name TEXT NOT NULL, nameEnum INTEGER NOT NULL, value TEXT NOT NULL);
    CREATE TABLE META_DATA_CAPTURE (name TEXT NOT NULL, value TEXT);
    CREATE TABLE META_DATA_EXPORT (name TEXT NOT NULL, value TEXT);
    CREATE TABLE ProcessStreams (globalPid INTEGER NOT NULL, filenameId INTEGER NOT NULL, contentId INTEGER NOT NULL);
    CREATE TABLE ANALYSIS_FILE (id INTEGER NOT NULL PRIMARY KEY, filename TEXT, content TEXT, globalPid INTEGER NOT NULL);
    CREATE TABLE PROCESSES (globalPid INTEGER, pid INTEGER, name TEXT);
    CREATE TABLE ThreadNames (nameId INTEGER NOT NULL, -- REFERENCES StringIds(id) -- Thread name
      priority INTEGER, globalTid INTEGER);
    CREATE TABLE DIAGNOSTIC_EVENT (timestamp INTEGER NOT NULL, text TEXT NOT NULL, globalPid INTEGER);
    CREATE TABLE NVTX_EVENTS (start INTEGER, "end" INTEGER, eventType INTEGER, text TEXT, globalTid INTEGER, textId INTEGER, binaryData BLOB);
    CREATE TABLE CUPTI_ACTIVITY_KIND_KERNEL (start INTEGER NOT NULL, "end" INTEGER NOT NULL, globalPid INTEGER,
      demangledName INTEGER NOT NULL, -- REFERENCES StringIds(id) -- Kernel function name w/ templates
      shortName INTEGER NOT NULL -- REFERENCES StringIds(id) -- Base kernel function name
    );
    CREATE TABLE OSRT_CALLCHAINS (id INTEGER NOT NULL, symbol INTEGER NOT NULL, -- REFERENCES StringIds(id) -- Function name
      module INTEGER NOT NULL, -- REFERENCES StringIds(id) -- Module name
      stackDepth INTEGER NOT NULL, PRIMARY KEY (id, stackDepth)) WITHOUT ROWID;
    CREATE TABLE TARGET_INFO_GPU (vmId INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT, busLocation TEXT, uuid TEXT);
    CREATE TABLE ENUM_CUDA_MEMCPY_OPER (id INTEGER NOT NULL PRIMARY KEY, name TEXT, label TEXT);
    CREATE TABLE SOMETHING_NEW ("a column" PRIMARY KEY, note VARCHAR(20), n INTEGER) WITHOUT ROWID;
    CREATE INDEX something ON SOMETHING_NEW (note);
    CREATE VIEW looks AS SELECT value FROM StringIds;
    CREATE TRIGGER writes AFTER UPDATE ON PROCESSES BEGIN INSERT INTO DIAGNOSTIC_EVENT VALUES (0, old.name, 0); END;
  `);
  // One commit for each table, not for each row: the disk is waited for.
  const insert = db.transaction((table: string, rows: readonly (readonly unknown[])[]) => {
    for (const row of rows) db.prepare(`INSERT INTO "${table}" VALUES (${row.map(() => '?')})`).run(...row);
  });
  insert('StringIds', STRINGS);
  insert('TARGET_INFO_SYSTEM_ENV', [
    [1, 'Local (CLI)', 'Hostname', 619, 'gpu-node-17'],
    [1, 'alice@gpu-node-17', 'DeviceEnvironment', 610, ENVIRONMENT.join(';')],
    [1, 'Local (CLI)', 'NicInfo', 910, '{"mac":"02:42:ac:11:00:02"}'],
    [1, 'Local (CLI)', 'CpuCores', 1, '16'],
  ]);
  insert('META_DATA_CAPTURE', [
    ['DEVICE_DISPLAY_NAME', 'gpu-node-17'],
    ['PROCESS_0:COMMAND', 'serve'],
    ['PROCESS_0:ARGUMENT_1', 'argument-pass-9'],
    ['PROCESS_0:ARGUMENT_0', '--password'],
    ['PROCESS_0:WORKING_DIR', '/srv/acme/run'],
    ['PROCESS_0:USER_NAME', 'alice'],
    ...ENVIRONMENT.map(e => ['PROCESS_0:ENVIRONMENT_VARIABLE', e.replace('=', '="').concat('"')]),
    ['RATE_HZ', '0'],
  ]);
  insert('META_DATA_EXPORT', [
    ['EXPORT_PRODUCT_VERSION', '2025.3.2.0'],
    ['EXPORT_SCHEMA_VERSION', '3.20.3'],
    ['EXPORT_HOST', 'GPU-NODE-17'],
    ['EXPORT_USER', 'alice'],
    ['EXPORT_PARAM_INPUT_PATH_ABS', '/home/alice/acme.nsys-rep'],
  ]);
  insert('ProcessStreams', [
    [PID, 13, 14],
    [PID, 13, 19],
  ]);
  insert('ANALYSIS_FILE', [[1, '/home/alice/out.log', 'notes from the file', PID]]);
  insert('PROCESSES', [
    [PID, 4242, '/home/alice/bin/server'],
    [IDLE, 77, 'customer-daemon'],
  ]);
  insert('ThreadNames', [
    [15, 0, PID | 4242n],
    [21, 0, PID | 4243n],
    [16, 0, IDLE | 77n],
    [15, 0, IDLE | 78n],
  ]);
  insert('DIAGNOSTIC_EVENT', [[0, 'Loaded /srv/acme/run/libcupti.so for hf_abcdefghijklmnopqrstuvwxyz', PID]]);
  insert('NVTX_EVENTS', [
    [0, 9, 59, 'prefill req=7 tokens=512', PID | 4242n, null, null],
    [
      0,
      9,
      59,
      'user alice: hf_abcdefghijklmnopqrstuvwxyz',
      PID | 4242n,
      null,
      Buffer.from([0, 255, ...Buffer.from('/home/alice'), 0, 200]),
    ],
    [0, 9, 59, 'run --auth-token label-token-7 sk_live_a1B2c3D4e5f6', PID | 4242n, 20, null],
    [0, 9, 59, null, PID | 4242n, 17, Buffer.from('host gpu-node-17', 'utf16le')],
  ]);
  insert('CUPTI_ACTIVITY_KIND_KERNEL', [
    [0, 5, PID, 2, 1],
    [5, 9, PID, 5, 5],
  ]);
  insert('OSRT_CALLCHAINS', [
    [1, 4, 12, 0],
    [1, 3, 13, 1],
  ]);
  insert('TARGET_INFO_GPU', [[1, 0, 'NVIDIA H200', '0000:00:06.0', 'de305d54-75b4-431b-adb2-eb6b9e546014']]);
  insert('ENUM_CUDA_MEMCPY_OPER', [[1, 'root', 'vm']]);
  insert('SOMETHING_NEW', [
    ['key of alice', 'on gpu-node-17', 1],
    [Buffer.from('HOME=/home/alice\0TERM=xterm-kitty'), 'two', 2],
  ]);
  // What was deleted still stands in free pages and between rows.
  db.exec(`CREATE TABLE gone (t TEXT); INSERT INTO gone SELECT value || 'hunter2-secret' FROM StringIds, (SELECT 1 UNION SELECT 2 UNION SELECT 3);
    DROP TABLE gone; INSERT INTO DIAGNOSTIC_EVENT VALUES (1, 'hunter2-secret', 0); DELETE FROM DIAGNOSTIC_EVENT WHERE timestamp = 1; ANALYZE`);
  also(db);
  return db;
}
