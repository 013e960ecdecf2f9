import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OsError, type Os } from "@hauswart/agent/os/os.ts";
import { certificates } from "../protocol.ts";
import collectors from "./index.ts";
import { propertiesOf } from "./read-stores.windows.ts";
import { certificatesOf, parseCertificate } from "./x509.ts";

/** Made by openssl with a key of its own that was thrown away. */
const data = (name: string) => new Uint8Array(readFileSync(join(import.meta.dir, "../testdata", name)));
const one = async (name: string) => (await certificatesOf(data(name), 10))[0]!;

describe("a certificate", () => {
  test("has the name of its first host, its issuer and its validity", async () => {
    expect(await one("host.pem")).toMatchObject({
      name: "host.example.org",
      issuer: "Beispiel Root",
      validFrom: Date.UTC(2026, 5, 1, 12),
      validUntil: Date.UTC(2026, 7, 30, 12),
      isAuthority: false,
      fingerprint: new Bun.CryptoHasher("sha256").update(der("host.pem")).digest("hex"),
    });
  });
  test("without hosts has its common name, also one that is not ASCII; a year beyond 2049 is written otherwise", async () => {
    expect(await one("named.pem")).toMatchObject({ name: "Drucker Büro", validUntil: Date.UTC(2060, 0, 1) });
    expect(await one("named.der")).toEqual(await one("named.pem"));
  });
  test("and its renewal stand for the same, another one does not", async () => {
    const [first, renewed, other] = [await one("host.pem"), await one("host-renewed.pem"), await one("named.pem")];
    expect(first.identity).toBe(renewed.identity);
    expect(first.fingerprint).not.toBe(renewed.fingerprint);
    expect(first.identity).not.toBe(other.identity);
  });
  test("of an authority says so; a chain holds both", async () => {
    expect((await certificatesOf(data("full-chain.pem"), 10)).map(({ name, isAuthority }) => `${name} ${isAuthority}`)).toEqual([
      "host.example.org false",
      "Beispiel Root true",
    ]);
    expect(await certificatesOf(data("full-chain.pem"), 1)).toHaveLength(1);
  });
  test("that is cut off, changed or none is no certificate, and never an exception", async () => {
    const whole = der("host.pem");
    for (let length = 0; length < whole.length; length += 7) expect(await parseCertificate(whole.subarray(0, length))).toBeUndefined();
    for (let at = 0; at < whole.length; at += 3) {
      const changed = whole.slice();
      changed[at] = 0xff;
      const found = await parseCertificate(changed);
      if (found) expect(Number.isFinite(found.validUntil)).toBe(true);
    }
    expect(await certificatesOf(new TextEncoder().encode("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 10)).toEqual(
      [],
    );
    expect(await certificatesOf(new Uint8Array(), 10)).toEqual([]);
  });
});

function der(name: string): Uint8Array {
  const text = new TextDecoder().decode(data(name));
  return new Uint8Array(Buffer.from(/-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(text)![1]!, "base64"));
}

async function collect(system: "linux" | "win32" | "darwin", os: Os, changes: object = {}) {
  const answer = await collectors[0]!.collect(
    { system, selection: certificates.selection.parse(changes), instance: "", os, signal: new AbortController().signal, now: () => 0 },
    { values: new Map(), kept: {} },
  );
  if (!("ok" in answer)) throw new Error(JSON.stringify(answer));
  expect(answer.ok.certificateCount).toBe(answer.ok.certificates.length);
  return answer.ok.certificates;
}

describe("Linux", () => {
  const linux = (files: Record<string, string | OsError>): Os => {
    const folders = new Map<string, Set<string>>([["/etc", new Set()]]);
    for (const path of Object.keys(files)) {
      const steps = path.split("/").slice(1);
      for (let depth = 1; depth < steps.length; depth++) {
        const folder = `/${steps.slice(0, depth).join("/")}`;
        folders.set(folder, (folders.get(folder) ?? new Set()).add(steps[depth]!));
      }
    }
    return {
      listDirectory: async (path: string) => {
        if (!folders.has(path)) throw new OsError("COLLECT_UNREADABLE", path);
        return [...folders.get(path)!];
      },
      fileInfo: async (path: string) => {
        if (folders.has(path)) return { kind: "folder", sizeBytes: 0, modifiedAtMs: 0 };
        return path in files ? { kind: "file", sizeBytes: 1, modifiedAtMs: 0 } : undefined;
      },
      readStart: async (path: string) => {
        const file = files[path];
        if (file instanceof OsError) throw file;
        return file === "key" ? new TextEncoder().encode("-----BEGIN PRIVATE KEY-----\n") : data(file!);
      },
    } as unknown as Os;
  };
  const live = "/etc/letsencrypt/live/host.example.org";

  test("services' certificates, each once, the newest of its renewals; no keys and no authorities", async () => {
    const os = linux({
      [`${live}/cert.pem`]: "host-renewed.pem",
      [`${live}/fullchain.pem`]: "full-chain.pem",
      [`${live}/privkey.pem`]: "key",
      "/etc/nginx/ssl/old.crt": "host.pem",
      "/etc/ssl/private/printer.pem": "named.pem",
      "/etc/ssl/private/notes.txt": "named.pem",
      "/etc/pki/tls/certs/ca-bundle.crt": "authority.pem",
    });
    expect((await collect("linux", os)).map(({ place, name, problem }) => [place, name, problem])).toEqual([
      [`${live}/cert.pem`, "host.example.org", ""],
      ["/etc/ssl/private/printer.pem", "Drucker Büro", ""],
    ]);
    expect((await collect("linux", os, { exclude: ["/etc/ssl/*"] })).map(({ place }) => place)).toEqual([`${live}/cert.pem`]);
    expect(await collect("linux", os, { usualPlaces: false })).toEqual([]);
  });

  test("what the settings name is there in any case, or says why not", async () => {
    const os = linux({
      "/srv/root.pem": "authority.pem",
      "/srv/keys/a.pem": "key",
      "/srv/keys/b.pem": new OsError("COLLECT_PERMISSION_DENIED", "EACCES"),
    });
    const rows = await collect("linux", os, { paths: ["/srv/root.pem", "/srv/keys", "/srv/keys/a.pem", "/srv/gone.pem"] });
    expect(rows.map(({ place, name, validUntil, problem }) => [place, name || problem, validUntil === null])).toEqual([
      ["/srv/gone.pem", "There is nothing of that name.", true],
      ["/srv/keys/a.pem", "The file holds no certificate.", true],
      ["/srv/keys/b.pem", "COLLECT_PERMISSION_DENIED: EACCES", true],
      ["/srv/root.pem", "Beispiel Root", false],
    ]);
  });
});

describe("Windows", () => {
  const property = (number: number, bytes: Uint8Array) => {
    const head = new DataView(new ArrayBuffer(12));
    head.setUint32(0, number, true);
    head.setUint32(4, 1, true);
    head.setUint32(8, bytes.length, true);
    return Buffer.concat([new Uint8Array(head.buffer), bytes]);
  };
  const blob = (name: string, ...more: Buffer[]) =>
    new Uint8Array(Buffer.concat([property(3, new Uint8Array(20)), ...more, property(32, der(name))]));
  const windows = (blobs: Record<string, Uint8Array>) => {
    const key = "HKLM\\SOFTWARE\\Microsoft\\SystemCertificates\\MY\\Certificates";
    return {
      windows: async () => ({
        registry: {
          keys: async (asked: string) => (asked === key ? Object.keys(blobs) : undefined),
          value: async (asked: string) => blobs[asked.slice(key.length + 1)],
        },
      }),
    } as unknown as Os;
  };

  test("the machine's store; what was archived is not there any more, and what cannot be read is unknown", async () => {
    const rows = await collect(
      "win32",
      windows({
        AAAABBBBCCCC: blob("host-renewed.pem"),
        BBBBCCCCDDDD: blob("named.pem", property(19, new Uint8Array())),
        CCCCDDDDEEEE: new Uint8Array([1, 2, 3]),
      }),
    );
    expect(rows.map(({ place, validUntil }) => [place, validUntil])).toEqual([
      ["LocalMachine\\My\\CCCCDDDD", null],
      ["LocalMachine\\My\\host.example.org AAAABBBB", Date.UTC(2026, 9, 30, 12)],
    ]);
  });
  test("a blob that is cut off ends where it ends", () => {
    expect([...propertiesOf(blob("host.pem").subarray(0, 40)).keys()]).toEqual([3]);
    expect(propertiesOf(new Uint8Array(11)).size).toBe(0);
  });
});

describe("macOS", () => {
  const mac = (stdout: string, exitCode = 0, stderr = "") => ({ run: async () => ({ exitCode, stdout, stderr }) }) as unknown as Os;
  test("the computer's keychain, without its authorities", async () => {
    const text = ["host-renewed.pem", "authority.pem"].map((name) => new TextDecoder().decode(data(name))).join("");
    expect((await collect("darwin", mac(text))).map(({ place }) => place)).toEqual([
      expect.stringMatching(/^System\.keychain host\.example\.org [0-9a-f]{8}$/),
    ]);
  });
  test("an empty keychain is one without certificates, a locked door is a failure", async () => {
    expect(
      await collect("darwin", mac("", 44, "SecKeychainSearchCopyNext: The specified item could not be found in the keychain.")),
    ).toEqual([]);
    await expect(collect("darwin", mac("", 1, "permission denied"))).rejects.toBeInstanceOf(OsError);
  });
});
