import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownAccount } from "@hauswart/server/database/embedded/account.ts";
import { loadSettings } from "@hauswart/server/settings.ts";
import { findServerHere, readServiceSettings } from "./installed-service.ts";
import { renderUnit } from "./service-unit.ts";
import { projectRoot } from "./sources.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "hauswart-service-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const paths = () => ({ unit: join(folder, "hauswart.service"), settings: join(folder, "hauswart.env") });
const install = (program: string, settings: string) => {
  const unit = renderUnit({ program, bun: "/usr/bin/bun", data: "/var/lib/hauswart", writable: [], user: ownAccount().name });
  writeFileSync(paths().unit, unit);
  writeFileSync(paths().settings, settings);
};
const find = (own: Record<string, string> = {}, uid = 0) => findServerHere("rotate-key", own, paths(), uid);

describe("the server that a command is about", () => {
  test("is that of this checkout where no service is installed", () => {
    expect(find({ HAUSWART_PORT: "1" })).toEqual({ environment: { HAUSWART_PORT: "1" }, account: undefined });
    expect(readServiceSettings(paths())).toBeUndefined();
  });

  test("is the service, with its settings and as its user", () => {
    install(projectRoot, "HAUSWART_PORT=8443\nHAUSWART_BACKUP_DIRECTORY=/srv/backup\n");
    const { environment, account } = find({ HAUSWART_BACKUP_KEEP: "3" });
    expect(loadSettings(environment)).toMatchObject({ dataDirectory: "/var/lib/hauswart", port: 8443, backup: { keep: 3 } });
    expect(account?.name).toBe(ownAccount().name);
    writeFileSync(paths().settings, "HAUSWART_DATA=/srv/hauswart\n");
    expect(loadSettings(find().environment).dataDirectory).toBe("/srv/hauswart");
  });

  test("is out of reach for whoever may not read the service's settings", () => {
    install(projectRoot, "");
    expect(() => find({}, 1000)).toThrow(/Run: sudo npm run rotate-key/);
  });

  test("is never guessed: another checkout's service is refused, a named data folder is taken alone", () => {
    install("/opt/hauswart-of-others", "HAUSWART_PORT=8443\n");
    expect(() => find()).toThrow(/runs from \/opt\/hauswart-of-others.*HAUSWART_DATA=FOLDER npm run rotate-key/);
    expect(find({ HAUSWART_DATA: "/srv/other" })).toEqual({ environment: { HAUSWART_DATA: "/srv/other" }, account: undefined });
  });

  test("with settings that cannot be understood is refused by the file", () => {
    writeFileSync(paths().settings, "HAUSWART_MAIL_FROM='Hauswart\n");
    expect(() => readServiceSettings(paths())).toThrow(/hauswart\.env cannot be read: HAUSWART_MAIL_FROM/);
  });
});
