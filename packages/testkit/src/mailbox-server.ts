/** A real IMAP server on loopback, Debian's Dovecot 2.3 with a configuration of its own: one user, whose mailbox a test fills. */
import { spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { until } from "./until.ts";

/** `nobody`: Dovecot gives no mailbox to root. */
const mailUserOfRoot = 65_534;

const dovecotPath = () => Bun.which("dovecot", { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` }) ?? undefined;

/** Why there is none here; undefined when there is. */
export function whyNoDovecot(): string | undefined {
  const program = dovecotPath();
  if (program === undefined) return "needs dovecot";
  // 2.4 reads another kind of configuration.
  return spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.startsWith("2.3.") ? undefined : "needs dovecot 2.3";
}

export class MailboxServer implements AsyncDisposable {
  readonly user = "berichte@systemhaus.example";
  readonly #folder = mkdtempSync(join(tmpdir(), "hauswart-dovecot-"));
  #password = "pw/with:signs@all";
  #port = 0;
  #delivered = 0;
  #running: { stop(): Promise<void> } | undefined;

  /** Address for `HAUSWART_IMAP_URL`; the same after a stop and a start. */
  get url(): string {
    return `imap://${encodeURIComponent(this.user)}:${encodeURIComponent(this.#password)}@127.0.0.1:${this.#port}/INBOX`;
  }

  get password(): string {
    return this.#password;
  }

  /** Listens, on the port of the last time where there was one, and answers when this returns. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    for (const name of ["mail", "mail/new", "mail/cur", "mail/tmp", "run"]) this.#own(join(this.#folder, name), "folder");
    const file = join(this.#folder, "dovecot.conf");
    writeFileSync(file, this.#configuration(), { mode: 0o644 });
    this.#running = await run(this.#folder, file, this.#port);
  }

  /** Ends all connections and takes no new ones. Messages stay. */
  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Puts a message into the mailbox, as a mail server would. */
  deliver(source: string | Uint8Array): void {
    const name = `${1_700_000_000 + this.#delivered}.${process.pid}_${this.#delivered++}.test`;
    const draft = join(this.#folder, "mail/tmp", name);
    writeFileSync(draft, typeof source === "string" ? source.replaceAll(/\r?\n/g, "\r\n") : source);
    this.#own(draft, "file");
    renameSync(draft, join(this.#folder, "mail/new", name));
  }

  /** A folder beside the inbox. */
  addFolder(name: string): void {
    for (const part of ["", "/new", "/cur", "/tmp"]) this.#own(join(this.#folder, "mail", `.${name}${part}`), "folder");
  }

  /** Flags of the messages in a folder, as Maildir has them: S seen, F flagged. */
  flags(folder = ""): string[] {
    return ["new", "cur"]
      .flatMap((part) => readdirSync(join(this.#folder, "mail", folder, part)))
      .toSorted()
      .map((name) => /:2,(\w*)$/.exec(name)?.[1] ?? "");
  }

  /** Numbers the messages anew: what Dovecot knew of them is lost. */
  forgetNumbers(): void {
    for (const name of readdirSync(join(this.#folder, "mail"))) if (name.startsWith("dovecot")) rmSync(join(this.#folder, "mail", name));
  }

  changePassword(password: string): void {
    this.#password = password;
  }

  #own(path: string, kind: "folder" | "file"): void {
    if (kind === "folder") mkdirSync(path, { recursive: true });
    if (process.getuid?.() === 0) {
      chownSync(this.#folder, mailUserOfRoot, mailUserOfRoot);
      chownSync(path, mailUserOfRoot, mailUserOfRoot);
    }
  }

  #configuration(): string {
    const { uid, gid, username } = userInfo();
    const isRoot = uid === 0;
    const [mailUid, mailGid] = isRoot ? [mailUserOfRoot, mailUserOfRoot] : [uid, gid];
    return [
      `base_dir = ${this.#folder}/run`,
      `state_dir = ${this.#folder}/run`,
      `log_path = ${this.#folder}/dovecot.log`,
      "protocols = imap",
      "listen = 127.0.0.1",
      "ssl = no",
      "disable_plaintext_auth = no",
      "first_valid_uid = 1",
      ...(isRoot ? [] : [`default_internal_user = ${username}`, `default_login_user = ${username}`, `default_internal_group = ${gid}`]),
      `mail_location = maildir:${this.#folder}/mail`,
      "mailbox_list_index = no",
      "service anvil {\n  chroot =\n}",
      "service imap-login {\n  chroot =\n  inet_listener imap {\n    port = " +
        this.#port +
        "\n  }\n  inet_listener imaps {\n    port = 0\n  }\n}",
      `passdb {\n  driver = static\n  args = password=${this.#password}\n}`,
      `userdb {\n  driver = static\n  args = uid=${mailUid} gid=${mailGid} home=${this.#folder}/mail\n}`,
      "",
    ].join("\n");
  }
}

/** Starts one; it answers when this returns. `await using` stops it. */
export async function startMailboxServer(): Promise<MailboxServer> {
  const server = new MailboxServer();
  await server.start();
  return server;
}

async function run(folder: string, file: string, port: number): Promise<{ stop(): Promise<void> }> {
  const program = dovecotPath();
  if (program === undefined) throw new Error("There is no dovecot here; ask whyNoDovecot() first.");
  const child = spawn(program, ["-F", "-c", file], { stdio: "ignore", detached: true });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let isOver = false;
  void exited.then(() => (isOver = true));
  const logFile = join(folder, "dovecot.log");
  const log = () => (existsSync(logFile) ? readFileSync(logFile, "utf8").slice(-2_000) : "it has not written a word");
  await until(
    () => `dovecot: ${log()}`,
    async () => {
      if (isOver) throw new Error(`dovecot does not come up: ${log()}`);
      return (await knock(port)) === "answers";
    },
  );
  return {
    async stop() {
      child.kill("SIGTERM");
      await exited;
      // Sessions outlive the process that took them; they are in its group.
      try {
        process.kill(-child.pid!, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
      // Each of them listens until it has really ended.
      await until(`dovecot to let go of port ${port}`, async () => (await knock(port)) === "ECONNREFUSED");
    },
  };
}

/** Whether somebody at the port says something; else the code of the error, or that nothing came. */
function knock(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    const end = (outcome: string) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.once("data", () => end("answers"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once("close", () => end("closed"));
    socket.setTimeout(2_000, () => end("silent"));
  });
}
