/**
 * Writes a backup's file. Until it is whole it bears another name, so that nothing that was cut off looks like a backup: it gets its
 * own only after everything is on the disk.
 */
import { createHash } from "node:crypto";
import { createWriteStream, type WriteStream } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { once } from "node:events";
import { dirname } from "node:path";
import { pack, type Pack } from "tar-stream";
import { formatVersion, headerName, manifestHashName, manifestName, type Header, type Manifest } from "./manifest.ts";
import { newEncryption, type PartCipher } from "./passphrase.ts";
import { version } from "../version.ts";

/** What an unfinished file's name ends with. */
export const unfinishedEnding = ".unfinished";

export interface ArchiveOptions {
  /** Absolute. Must not exist. */
  readonly path: string;
  readonly backupId: string;
  readonly madeAt: string;
  readonly passphrase: string | undefined;
}

export class ArchiveWriter {
  readonly #path: string;
  readonly #tar: Pack = pack();
  readonly #file: WriteStream;
  readonly #cipher: PartCipher | undefined;
  readonly #members: Manifest["members"] = [];
  /** Settled with the first error of the disk, for whoever waits for something else. */
  readonly #broken: Promise<never>;

  private constructor(path: string, cipher: PartCipher | undefined) {
    this.#path = path;
    this.#cipher = cipher;
    this.#file = createWriteStream(`${path}${unfinishedEnding}`, { flags: "wx", mode: 0o600, highWaterMark: 1024 * 1024 });
    this.#broken = new Promise((_, reject) => this.#file.on("error", reject));
    this.#broken.catch((error: Error) => this.#tar.destroy(error));
    this.#tar.on("error", () => undefined);
    this.#tar.pipe(this.#file);
  }

  /** Opens the file and writes the header. */
  static async create({ path, backupId, madeAt, passphrase }: ArchiveOptions): Promise<ArchiveWriter> {
    const secret = passphrase === undefined ? undefined : await newEncryption(backupId, passphrase);
    const archive = new ArchiveWriter(path, secret?.cipher);
    await Promise.race([once(archive.#file, "open"), archive.#broken]);
    const header: Header = {
      format: "hauswart-backup",
      version: formatVersion,
      backupId,
      madeAt,
      hauswartVersion: version,
      ...(secret ? { encryption: secret.encryption } : {}),
    };
    await archive.#write(headerName, Buffer.from(JSON.stringify(header, null, 2)));
    return archive;
  }

  /** Adds a member; encrypts it where there is a passphrase. */
  async add(name: string, plain: Uint8Array): Promise<void> {
    await this.#write(name, this.#cipher?.seal(name, plain) ?? plain);
  }

  /** Writes the account of all members, and gives the file its name. @returns its length in bytes. */
  async finish(account: Omit<Manifest, "members">): Promise<number> {
    const manifest: Manifest = { ...account, members: this.#members };
    const plain = Buffer.from(JSON.stringify(manifest));
    const stored = this.#cipher?.seal(manifestName, plain) ?? plain;
    await this.#write(manifestName, stored);
    await this.#write(manifestHashName, Buffer.from(sha256(stored)));
    this.#tar.finalize();
    await Promise.race([once(this.#file, "close"), this.#broken]);
    await this.#settle();
    return this.#file.bytesWritten;
  }

  /** Gives it up; nothing is left. */
  async abandon(): Promise<void> {
    this.#tar.destroy();
    this.#file.destroy();
    await rm(`${this.#path}${unfinishedEnding}`, { force: true });
  }

  async #write(name: string, stored: Uint8Array): Promise<void> {
    this.#members.push({ name, bytes: stored.length, sha256: sha256(stored) });
    await Promise.race([
      new Promise<void>((resolve, reject) => {
        this.#tar.entry({ name, size: stored.length, mode: 0o600 }, Buffer.from(stored.buffer, stored.byteOffset, stored.length), (error) =>
          error ? reject(error) : resolve(),
        );
      }),
      this.#broken,
    ]);
    // The archive hands on what it is given at once; the file says when it has had enough.
    if (this.#file.writableNeedDrain) await Promise.race([once(this.#file, "drain"), this.#broken]);
  }

  async #settle(): Promise<void> {
    const unfinished = `${this.#path}${unfinishedEnding}`;
    await synchronise(unfinished);
    await rename(unfinished, this.#path);
    await synchronise(dirname(this.#path));
  }
}

async function synchronise(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync();
  await handle.close();
}

/** Lower-case hex. */
export const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
