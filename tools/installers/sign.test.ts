import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { mustRun } from "./programs.ts";
import { sign, signingSettings, signingStamp } from "./sign.ts";

const folder = temporaryFolder("sign");

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

test("a certificate that was renewed at the same path is another one", () => {
  const certificate = join(folder, "renewed.pem");
  const signing = { certificate, key: "k.pem", passphraseFile: undefined, timestampUrl: undefined };
  const stampOf = (content: string) => {
    writeFileSync(certificate, content);
    return signingStamp(signing);
  };
  const first = stampOf("2025");
  expect([stampOf("2025"), stampOf("2026") === first, signingStamp(undefined) === first]).toEqual([first, false, false]);
});

const missing = ["osslsigncode", "msibuild", "openssl"].find((program) => Bun.which(program) === null);

testNeeding(missing === undefined ? undefined : `needs ${missing}`)(
  "a package is signed; one that was changed afterwards does not pass",
  async () => {
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
