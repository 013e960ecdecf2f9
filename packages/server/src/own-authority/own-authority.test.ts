import { beforeEach, describe, expect, test } from "bun:test";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "@hauswart/testkit/temporary-folder.ts";
import { silentLogger } from "../operation/log.ts";
import { watchCertificate, readPair } from "../http/certificate-watch.ts";
import { parseSettings, SettingsError, type Settings } from "../settings.ts";
import { certificateDays } from "./make-certificates.ts";
import { curlPin, ensureOwnCertificate, renewBeforeMs } from "./own-authority.ts";
import { ownFiles } from "./own-files.ts";

const temporary = temporaryFolder("own-authority");
const dayMs = 86_400_000;
const nowMs = Date.parse("2026-11-22T12:00:00Z");
let settings: Settings;
let files: ReturnType<typeof ownFiles>;

beforeEach(() => {
  settings = settingsWith("https://hauswart.example:8443");
});

function settingsWith(url: string, dataDirectory = mkdtempSync(join(temporary, "data-"))): Settings {
  files = ownFiles(dataDirectory);
  return parseSettings({ HAUSWART_TLS_OWN: "yes", HAUSWART_URL: url, HAUSWART_DATA: dataDirectory });
}
const certificateNow = () => new X509Certificate(readFileSync(files.certificate));
const ensure = (ms = nowMs) => ensureOwnCertificate(settings, ms);

describe("the server's own authority", () => {
  test("is made once, for the owner's eyes alone, and signs a certificate for the name and for this computer", async () => {
    const made = (await ensure())!;
    const certificate = certificateNow();
    const authority = new X509Certificate(made.certificate);
    expect([authority.ca, certificate.ca, certificate.verify(authority.publicKey), certificate.checkIssued(authority)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(authority.fingerprint256).toBe(made.fingerprint);
    expect(authority.publicKey.asymmetricKeyDetails?.namedCurve).toBe("prime256v1");
    for (const name of ["hauswart.example", "localhost"]) expect(certificate.checkHost(name)).toBe(name);
    for (const address of ["127.0.0.1", "::1"]) expect(certificate.checkIP(address)).toBe(address);
    expect(certificate.checkHost("other.example")).toBeUndefined();
    for (const name of readdirSync(join(settings.dataDirectory, "secrets")))
      expect([name, statSync(join(settings.dataDirectory, "secrets", name)).mode & 0o077]).toEqual([name, 0]);
    const before = readFileSync(files.certificate, "utf8");
    expect([await ensure(nowMs + dayMs), readFileSync(files.certificate, "utf8")]).toEqual([made, before]);
    const spki = certificate.publicKey.export({ type: "spki", format: "der" });
    expect(curlPin(made)).toBe(`sha256//${createHash("sha256").update(spki).digest("base64")}`);
  });

  test.each(["https://192.0.2.7", "https://[2001:db8::7]:8080", `https://${"long.".repeat(20)}example`])(
    "is good for %s as well",
    async (url) => {
      settings = settingsWith(url);
      await ensure();
      const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
      expect(isIP(host) === 0 ? certificateNow().checkHost(host) : certificateNow().checkIP(host)).toBe(host);
    },
  );

  test("renews the certificate long before its end, with the same key", async () => {
    const { fingerprint, serverKey } = (await ensure())!;
    const first = certificateNow();
    const dueMs = nowMs + certificateDays * dayMs - renewBeforeMs;
    await ensure(dueMs - 1);
    expect(certificateNow().fingerprint256).toBe(first.fingerprint256);
    const after = (await ensure(dueMs))!;
    expect([after.fingerprint, after.serverKey]).toEqual([fingerprint, serverKey]);
    expect(Date.parse(certificateNow().validTo)).toBe(dueMs + certificateDays * dayMs);
    expect(certificateNow().publicKey.equals(first.publicKey)).toBe(true);
  });

  test("makes another certificate for another name, and in the place of one that is damaged or of somebody else", async () => {
    const { fingerprint } = (await ensure())!;
    settings = settingsWith("https://other.example", settings.dataDirectory);
    expect((await ensure())!.fingerprint).toBe(fingerprint);
    expect(certificateNow().checkHost("other.example")).toBe("other.example");
    const stranger = settingsWith("https://other.example");
    await ensureOwnCertificate(stranger, nowMs);
    const foreign = readFileSync(files.certificate, "utf8");
    settings = settingsWith("https://other.example", settings.dataDirectory);
    for (const wrong of [foreign, "no certificate", ""]) {
      writeFileSync(files.certificate, wrong);
      const { certificate } = (await ensure())!;
      expect(certificateNow().verify(new X509Certificate(certificate).publicKey)).toBe(true);
    }
  });

  test("is not replaced in silence when its key is lost", async () => {
    await ensure();
    rmSync(files.authorityKey);
    const error = await ensure().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SettingsError);
    expect(String(error)).toContain("is missing. Put it back from the backup");
  });

  test("of several processes that start at once all use one", async () => {
    const made = await Promise.all(Array.from({ length: 4 }, () => ensure()));
    expect(new Set(made.map((one) => one!.fingerprint)).size).toBe(1);
  });

  test("is none of the server's business where the certificate is from elsewhere", async () => {
    expect(await ensureOwnCertificate(parseSettings({}), nowMs)).toBeUndefined();
  });

  test("is renewed under a running server, which takes the new certificate; what goes wrong is said", async () => {
    await ensure();
    const first = certificateNow().fingerprint256;
    let clockMs = nowMs;
    const taken: string[] = [];
    const watch = watchCertificate(
      {
        certificatePath: files.certificate,
        keyPath: files.key,
        renew: () => ensure(clockMs),
        log: silentLogger,
        now: () => clockMs,
        take: ({ cert }) => taken.push(new X509Certificate(cert).fingerprint256),
      },
      await readPair(files.certificate, files.key),
    );
    try {
      expect([await watch.look(), taken]).toEqual([false, []]);
      clockMs += (certificateDays - 30) * dayMs;
      expect(await watch.look()).toBe(true);
      expect(taken).toEqual([certificateNow().fingerprint256]);
      expect(taken[0]).not.toBe(first);
      rmSync(files.authorityKey);
      expect(await watch.look()).toBe(false);
      expect(watch.problem()).toContain("is missing. Put it back from the backup");
    } finally {
      watch.stop();
    }
  });
});
