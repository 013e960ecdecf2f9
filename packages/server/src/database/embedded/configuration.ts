/** Settings of the embedded PostgreSQL, for a small server that shares its computer. */
import { totalmem } from "node:os";

const mebibyte = 1024 * 1024;

/** `postgresql.conf` as names and values. Whoever needs others puts them into `local.conf` in the cluster's folder. */
export function postgresSettings(socketDirectory: string): Record<string, string | number> {
  const memoryMegabytes = Math.floor(totalmem() / mebibyte);
  return {
    // Reached through the socket alone.
    listen_addresses: "",
    unix_socket_directories: socketDirectory,
    max_connections: 100,
    // Nothing acknowledged is lost: these three are the defaults, written down so that nobody wonders.
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // An eighth of the memory, because agents' data is mostly written and rarely read again; at most 1 GB.
    shared_buffers: `${Math.min(1024, Math.max(64, Math.floor(memoryMegabytes / 8)))}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(memoryMegabytes / 2))}MB`,
    work_mem: "8MB",
    maintenance_work_mem: "128MB",
    // Few, spread checkpoints: full pages are written once after each.
    max_wal_size: "2GB",
    min_wal_size: "128MB",
    checkpoint_timeout: "15min",
    // The build knows pglz alone.
    wal_compression: "on",
    wal_buffers: "16MB",
    random_page_cost: "1.1",
    // The build has no just-in-time compiler.
    jit: "off",
    autovacuum_naptime: "30s",
    // A transaction that waits for nothing for five minutes is a mistake and would stop vacuum.
    idle_in_transaction_session_timeout: "5min",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    // A week of logs in the cluster's own folder, each day over the one of last week.
    logging_collector: "on",
    log_directory: "log",
    log_filename: "postgresql-%a.log",
    log_truncate_on_rotation: "on",
    log_rotation_age: "1d",
    log_rotation_size: 0,
    log_line_prefix: "%m [%p] %a ",
    log_min_duration_statement: "2s",
    // Values of parameters may be secrets or people's data.
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
  };
}
