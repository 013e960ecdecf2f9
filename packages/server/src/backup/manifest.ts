/**
 * What a backup consists of. The file is a tar archive; its members, in this order:
 *
 *     header.json                     what this is, in the clear
 *     secrets/NAME                    files of the folder `secrets`
 *     table/TABLE/00001 …             rows as PostgreSQL's COPY gives them (binary), compressed with zstd, cut every 4 MiB
 *     streams.json                    how far each device's stream was stored
 *     manifest.json                   this account of all that came before
 *     manifest.sha256                 SHA-256 of manifest.json as it lies in the archive
 *
 * Everything but the header and the last member is encrypted where there is a passphrase. A file without the last member is not whole.
 */
import { z } from "zod";
import { Encryption } from "./passphrase.ts";

/** Version of this format. A change that older programs cannot read raises it. */
export const formatVersion = 1;

export const headerName = "header.json";
export const streamsName = "streams.json";
export const manifestName = "manifest.json";
export const manifestHashName = "manifest.sha256";
export const secretsFolder = "secrets/";

export const Header = z.object({
  format: z.literal("hauswart-backup"),
  version: z.number().int().positive(),
  backupId: z.uuid(),
  /** Moment of the snapshot; ISO 8601, UTC. */
  madeAt: z.iso.datetime(),
  hauswartVersion: z.string(),
  /** Absent: not encrypted. */
  encryption: Encryption.optional(),
});
export type Header = z.infer<typeof Header>;

/** Names that go into SQL: nothing that needs quoting. */
const identifier = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

export const TableEntry = z.object({
  name: identifier,
  /** In the order of the rows' fields. */
  columns: z.array(identifier).min(1),
  rows: z.number().int().nonnegative(),
  /** Of a partitioned table; their names say what they cover. */
  partitions: z.array(identifier),
  /** How many parts its rows are cut into. */
  parts: z.number().int().nonnegative(),
});
export type TableEntry = z.infer<typeof TableEntry>;

export const Manifest = z.object({
  backupId: z.uuid(),
  postgresVersion: z.string(),
  /** As server_version_num: 180004. */
  postgresVersionNumber: z.number().int(),
  /** That had run, in order, with the SHA-256 of their files: the tables are made from them again. */
  migrations: z.array(z.object({ name: z.string(), hash })).min(1),
  /** Parents before children. */
  tables: z.array(TableEntry),
  devices: z.number().int().nonnegative(),
  members: z.array(z.object({ name: z.string(), bytes: z.number().int().nonnegative(), sha256: hash })),
});
export type Manifest = z.infer<typeof Manifest>;

/** How far a device's messages were stored at the snapshot: at least everything that it had been acknowledged by then. */
export const Streams = z.array(z.object({ deviceId: z.uuid(), stream: z.uuid(), sequence: z.number().int().nonnegative() }));
export type Streams = z.infer<typeof Streams>;

/** Name of a part of a table's rows, counted from 1. */
export const partName = (table: string, part: number): string => `table/${table}/${String(part).padStart(5, "0")}`;
