import { expect, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { testNeeding } from "@hauswart/testkit/needs.ts";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { makeSigning, signerName, verifySignature, whyNoSigning } from "../testing/code-signing.ts";
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

testNeeding(whyNoSigning("msibuild"))("a package is signed; one that was changed afterwards does not pass", async () => {
  const at = (name: string) => join(folder, name);
  const signing = await makeSigning(folder);
  await mustRun(["msibuild", at("plain.msi"), "-s", "Hauswart Agent"]);
  const signed = await sign(at("plain.msi"), at("signed.msi"), signing);
  expect(await verifySignature(signed, signing)).toContain(signerName);
  const changed = readFileSync(signed);
  changed[changed.indexOf(Buffer.from("Hauswart Agent"))]! ^= 1;
  writeFileSync(at("changed.msi"), changed);
  await expect(verifySignature(at("changed.msi"), signing)).rejects.toThrow();
});
