import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OsError } from "../../os.ts";
import { openBus, type BusConnection } from "./connection.linux.ts";
import { Variant } from "./writer.ts";

const daemon = Bun.which("dbus-daemon");
const title = daemon ? "D-Bus client at a real dbus-daemon" : "D-Bus client (skipped: dbus-daemon is not installed)";
const bus = "org.freedesktop.DBus";
const path = "/org/freedesktop/DBus";

describe.skipIf(!daemon)(title, () => {
  const folder = mkdtempSync(join(tmpdir(), "hauswart-dbus-"));
  let process_: ReturnType<typeof startDaemon>;
  let address = "";
  const open: BusConnection[] = [];
  const connect = async () => {
    const connection = await openBus(address);
    open.push(connection);
    return connection;
  };

  beforeAll(async () => {
    process_ = startDaemon(folder);
    for await (const text of process_.stdout) {
      address += Buffer.from(text).toString();
      if (address.includes("\n")) break;
    }
    address = address.trim();
  });
  afterAll(async () => {
    for (const connection of open) connection.close();
    process_.kill();
    // The daemon takes its socket away as it ends.
    await process_.exited;
    rmSync(folder, { recursive: true, force: true });
  });

  test("signs in, calls and reads answers of many types", async () => {
    const connection = await connect();
    const [names] = (await connection.call(bus, path, bus, "ListNames")) as [string[]];
    expect(names).toContain(bus);
    const [credentials] = (await connection.call(bus, path, bus, "GetConnectionCredentials", "s", [bus])) as [Record<string, unknown>];
    expect(credentials["ProcessID"]).toBe(process_.pid);
    const [all] = (await connection.call(bus, path, "org.freedesktop.DBus.Properties", "GetAll", "s", [bus])) as [Record<string, unknown>];
    expect(Array.isArray(all["Features"])).toBe(true);
  });

  test("sends no more calls at once than the bus takes, and answers all of them", async () => {
    const connection = await connect();
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => connection.call(bus, path, bus, "GetId")));
    expect(new Set(answers.map(([id]) => id)).size).toBe(1);
    const lost = Promise.allSettled(Array.from({ length: 200 }, () => connection.call(bus, path, bus, "GetId")));
    connection.close();
    expect(new Set((await lost).map(({ status }) => status))).toEqual(new Set(["rejected"]));
  });

  test("an error of the other side is an OsError with its name", async () => {
    const connection = await connect();
    const failure = connection.call(bus, path, bus, "NoSuchMember");
    await expect(failure).rejects.toBeInstanceOf(OsError);
    await failure.catch((error: OsError) =>
      expect([error.code, error.message]).toEqual(["COLLECT_UNREADABLE", expect.stringContaining("UnknownMethod")]),
    );
  });

  test("hears the signals that it asked for, until it asks no more", async () => {
    const connection = await connect();
    const heard: unknown[][] = [];
    const end = await connection.onSignal(
      `type='signal',sender='${bus}',interface='${bus}',member='NameOwnerChanged',arg0='org.example.Heard'`,
      ({ body }) => heard.push(body),
    );
    const other = await connect();
    await other.call(bus, path, bus, "RequestName", "su", ["org.example.Heard", 4]);
    await other.call(bus, path, bus, "RequestName", "su", ["org.example.NotHeard", 4]);
    await other.call(bus, path, bus, "ReleaseName", "s", ["org.example.Heard"]);
    await connection.call(bus, path, bus, "ListNames"); // what was sent before has arrived
    expect(heard.map(([name]) => name)).toEqual(["org.example.Heard", "org.example.Heard"]);
    end();
    await other.call(bus, path, bus, "RequestName", "su", ["org.example.Heard", 4]);
    await connection.call(bus, path, bus, "ListNames");
    expect(heard.length).toBe(2);
  });

  test("tells that the connection was lost, and calls after it fail", async () => {
    const connection = await connect();
    let closed = 0;
    connection.onClose(() => closed++);
    const pending = connection.call(bus, path, bus, "ListNames").catch((error: OsError) => error.code);
    connection.close();
    expect(await pending).toBe("COLLECT_UNREADABLE");
    expect(closed).toBe(1);
    await expect(connection.call(bus, path, bus, "ListNames")).rejects.toBeInstanceOf(OsError);
  });

  test("where there is no bus, it says so", async () => {
    const failure = await openBus("unix:path=/nowhere/bus").catch((error: OsError) => error);
    expect(failure).toMatchObject({ code: "COLLECT_UNSUPPORTED" });
  });

  test("dictionaries and variants are understood by the daemon", async () => {
    const connection = await connect();
    await connection.call(bus, path, bus, "UpdateActivationEnvironment", "a{ss}", [{ A: "ä", B: "" }]);
    const readOnly = await connection
      .call(bus, path, "org.freedesktop.DBus.Properties", "Set", "ssv", [bus, "Features", new Variant("as", ["x"])])
      .catch(String);
    expect(readOnly).toContain("PropertyReadOnly");
  });
});

function startDaemon(folder: string) {
  return Bun.spawn(["dbus-daemon", "--session", "--nofork", "--print-address=1", `--address=unix:path=${join(folder, "bus")}`], {
    stdout: "pipe",
    stderr: "ignore",
  });
}
