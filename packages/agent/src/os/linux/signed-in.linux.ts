/** Who is signed in: systemd-logind says it (org.freedesktop.login1(5)); where there is none, the records of utmp(5) do. */
import type { SignedInPerson } from "@hauswart/protocol/wire/messages.ts";
import { OsError, type SystemBus } from "../os.ts";
import { processExists } from "../process-exists.ts";
import { plainOs } from "../read-files.ts";
import type { SignedInAtSystem } from "../signed-in.ts";

const [login, path] = ["org.freedesktop.login1", "/org/freedesktop/login1"];
/** Sessions come and go, and change what they say of themselves. */
const match = `type='signal',sender='${login}',path_namespace='${path}'`;
const tidings = ["SessionNew", "SessionRemoved", "PropertiesChanged"];
/** Sessions that are looked at; a computer with more is a terminal server, of which there is a number. */
const mostSessions = 1_000;

/** @param openBus the system's D-Bus; throws where there is none */
export function linuxSignedIn(openBus: () => Promise<SystemBus>): SignedInAtSystem {
  return {
    everyMs: 60_000,
    async read() {
      const sessions = await readSessions(openBus).catch(() => undefined);
      return sessions ?? readUtmp();
    },
    async follow(changed, lost) {
      const bus = await openBus();
      await bus.call(login, path, `${login}.Manager`, "ListSessions"); // without logind nothing would ever be heard
      const end = await bus.onSignal(match, ({ member }) => {
        if (tidings.includes(member)) changed();
      });
      bus.onClose(lost);
      return end;
    },
  };
}

/** A session that ends while it is asked is left out. Throws OsError where there is no logind. */
async function readSessions(openBus: () => Promise<SystemBus>): Promise<SignedInPerson[]> {
  const bus = await openBus();
  const [sessions] = await bus.call(login, path, `${login}.Manager`, "ListSessions");
  const people: SignedInPerson[] = [];
  for (const session of Array.isArray(sessions) ? sessions.slice(0, mostSessions) : []) {
    const of: unknown = Array.isArray(session) ? session[4] : undefined;
    if (typeof of !== "string") throw new OsError("COLLECT_UNREADABLE", "logind lists its sessions in another form");
    const [properties] = await bus
      .call(login, of, "org.freedesktop.DBus.Properties", "GetAll", "s", [`${login}.Session`])
      .catch((): unknown[] => []);
    const person = parseSession(properties);
    if (person) people.push(person);
  }
  return people;
}

/** Understands the properties of a session; undefined for one that is nobody's: a greeter's, a job's, one that ends. */
export function parseSession(properties: unknown): SignedInPerson | undefined {
  if (typeof properties !== "object" || properties === null) return undefined;
  const of = properties as Readonly<Record<string, unknown>>;
  const text = (name: string) => (typeof of[name] === "string" ? of[name] : "");
  const name = text("Name");
  // user, and of newer ones user-early and user-light; user-incomplete has not come to anything yet.
  const isPerson = /^user(-early|-light)*$/.test(text("Class"));
  if (!isPerson || name === "" || text("State") === "closing") return undefined;
  const since = typeof of["Timestamp"] === "bigint" ? Number(of["Timestamp"] / 1_000n) : 0;
  return { name, by: wayOf(of, text), since: since > 0 ? since : null, state: stateOf(of, text("State")) };
}

function wayOf(of: Readonly<Record<string, unknown>>, text: (name: string) => string): SignedInPerson["by"] {
  const [type, isRemote] = [text("Type"), of["Remote"] === true];
  // xrdp's own sessions are not marked as remote ones.
  const isDesktop = type === "x11" || type === "wayland" || type === "mir";
  if (isDesktop) return isRemote || text("Service").startsWith("xrdp") ? "remote-desktop" : "screen";
  if (type === "tty") return isRemote ? "ssh" : "text-console";
  return text("Service") === "sshd" ? "ssh" : "other";
}

function stateOf(of: Readonly<Record<string, unknown>>, state: string): SignedInPerson["state"] {
  if (of["LockedHint"] === true) return "locked";
  if (of["IdleHint"] === true) return "idle";
  // online: signed in, while somebody else has the screen.
  return state === "online" ? "disconnected" : state === "active" ? "active" : null;
}

/** null where there is no such file: nothing is known then. */
async function readUtmp(): Promise<SignedInPerson[] | null> {
  const bytes = await plainOs.readStart("/run/utmp", 1024 * 1024).catch(() => undefined);
  return bytes ? parseUtmp(bytes, process.arch === "arm64", (processId) => processExists(processId) !== undefined) : null;
}

/**
 * Understands the records of utmp(5). Those of processes that are no more are left out: who lost the connection did not sign out.
 * @param isWide times of 64 bits, as on ARM
 */
export function parseUtmp(bytes: Uint8Array, isWide: boolean, exists: (processId: number) => boolean): SignedInPerson[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [size, secondsAt] = isWide ? [400, 344] : [384, 340];
  const text = (at: number, length: number) => view.toString("utf8", at, at + length).split("\0", 1)[0]!;
  const people: SignedInPerson[] = [];
  for (let at = 0; at + size <= view.length; at += size) {
    const [line, name, host] = [text(at + 8, 32), text(at + 44, 32), text(at + 76, 256)];
    const by = wayByLine(line, host);
    if (view.readInt16LE(at) !== userProcess || name === "" || by === undefined || !exists(view.readInt32LE(at + 4))) continue;
    const seconds = isWide ? Number(view.readBigInt64LE(at + secondsAt)) : view.readInt32LE(at + secondsAt);
    people.push({ name, by, since: seconds > 0 ? seconds * 1_000 : null, state: null });
  }
  return people;
}

/** Type of a record of somebody who is signed in. */
const userProcess = 7;

/** undefined for a window on a screen (a terminal, tmux), whose person is signed in there. */
function wayByLine(line: string, host: string): SignedInPerson["by"] | undefined {
  if (line.startsWith(":")) return "screen";
  if (!line.startsWith("pts/")) return "text-console";
  return host === "" || host.startsWith(":") || host.startsWith("tmux") ? undefined : "ssh";
}
