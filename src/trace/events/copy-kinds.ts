/** What a copy moves, in the numbers of memcpy.copy_kind; queries/prelude/memcpy.sql is where a profiler's own are translated. */
export const COPY_KIND = { hostToDevice: 1, deviceToHost: 2, deviceToDevice: 8, hostToHost: 9, peer: 10 } as const;

/** Copies that migrate managed memory, in the same numbers: to the device, to the host, between devices. */
export const MANAGED_COPIES: ReadonlySet<number> = new Set([11, 12, 13]);

/** The one of them that a CPU waits for when it touches what lies on a GPU. */
export const MANAGED_TO_HOST = 12;

/** Why managed memory migrates, in the numbers of memcpy.migration_cause: a prefetch that the program asked for. */
export const MIGRATION_CAUSE = { user: 1 } as const;

/** Where memory lies, in the numbers of memcpy.src_kind and dst_kind. */
export const MEMORY_KIND = { pageable: 0, pinned: 1, device: 2 } as const;

/** What a synchronisation waits for, in the numbers of sync.sync_type. */
export const SYNC_KIND = { streamWaitsForEvent: 2 } as const;
