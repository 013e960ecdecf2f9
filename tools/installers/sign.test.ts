import { expect, test } from "bun:test";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { mustRun } from "./programs.ts";
import { sign, signingSettings } from "./sign.ts";

test("nothing configured, nothing signed; a part alone is a mistake", () => {
  expect(signingSettings({ INSTALLER_SIGNING_CERTIFICATE: "" })).toBeUndefined();
  expect(() => signingSettings({ INSTALLER_SIGNING_KEY: "key.pem" })).toThrow("INSTALLER_SIGNING_CERTIFICATE is missing");
  expect(signingSettings({ INSTALLER_SIGNING_CERTIFICATE: "c.pem", INSTALLER_SIGNING_KEY: "k.pem" })).toEqual({
    certificate: "c.pem",
    key: "k.pem",
    passphraseFile: undefined,
    timestampUrl: undefined,
  });
});

const missing = ["osslsigncode", "msibuild", "openssl"].find((program) => Bun.which(program) === null);

testNeeding(missing === undefined ? undefined : `needs ${missing}`)(
  "a package is signed; one that was changed afterwards does not pass",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "hauswart-sign-"));
    const at = (name: string) => join(folder, name);
    const subject = ["-subj", "/CN=Hauswart test", "-addext", "extendedKeyUsage=codeSigning"];
    await mustRun([
      "openssl",
      "req",
      "-x509",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-days",
      "2",
      "-keyout",
      at("key"),
      "-out",
      at("cert"),
      ...subject,
    ]);
    await mustRun(["msibuild", at("plain.msi"), "-s", "Hauswart Agent"]);
    const signing = { certificate: at("cert"), key: at("key"), passphraseFile: undefined, timestampUrl: undefined };
    const signed = await sign(at("plain.msi"), at("signed.msi"), signing);
    const verify = (path: string) => mustRun(["osslsigncode", "verify", "-CAfile", at("cert"), "-in", path]);
    expect(await verify(signed)).toContain("Hauswart test");
    const changed = readFileSync(signed);
    changed[changed.indexOf(Buffer.from("Hauswart Agent"))]! ^= 1;
    writeFileSync(at("changed.msi"), changed);
    await expect(verify(at("changed.msi"))).rejects.toThrow();
  },
);
