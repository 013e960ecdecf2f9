/**
 * An authenticator in software, as a browser and a security key make it together: real keys, real signatures, attestation
 * `none`. For tests that need real answers to WebAuthn's questions without a browser.
 *
 *     const key = softwareAuthenticator({ origin: "http://localhost:8080" });
 *     const registration = key.register(options);   // as navigator.credentials.create(…).toJSON()
 *     const answer = key.answer(otherOptions);       // as navigator.credentials.get(…).toJSON()
 */
import type { PasskeyAnswer, PasskeyRegistration } from "@hauswart/protocol/api/factors.ts";
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

export interface SoftwareAuthenticatorOptions {
  /** Address of the page that asks. */
  readonly origin: string;
  /** Whether it looks at a finger or a PIN; it does unless told not to. */
  readonly verifiesUser?: boolean;
  /** Whether it counts its uses; synchronised passkeys do not. */
  readonly counts?: boolean;
}

/** The options that a server sends; `unknown` fields are looked at by nobody here. */
type Options = Readonly<Record<string, unknown>>;

interface Credential {
  readonly id: Buffer;
  readonly key: KeyObject;
  readonly userHandle: string;
}

export interface SoftwareAuthenticator {
  /** Makes a credential for the relying party that asks. */
  register(options: Options): PasskeyRegistration;
  /** Signs the challenge with its newest credential. @param changes to the page's address or the use count, to be found out */
  answer(options: Options, changes?: { readonly origin?: string; readonly count?: number }): PasskeyAnswer;
}

export function softwareAuthenticator({ origin, verifiesUser = true, counts = true }: SoftwareAuthenticatorOptions): SoftwareAuthenticator {
  const credentials: Credential[] = [];
  let uses = 0;
  const flags = (attested: boolean) => 0x01 | (verifiesUser ? 0x04 : 0) | (attested ? 0x40 : 0);
  const headOf = (rpId: string, attested: boolean, count: number) => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(count);
    return Buffer.concat([sha256(Buffer.from(rpId)), Buffer.from([flags(attested)]), counter]);
  };
  return {
    register(options) {
      const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const { id: rpId } = options["rp"] as { id: string };
      const id = randomBytes(32);
      credentials.push({ id, key: privateKey, userHandle: (options["user"] as { id: string }).id });
      const attested = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, coseKey(publicKey)]);
      const attestation = cborMap([
        ["fmt", cborText("none")],
        ["attStmt", cborMap([])],
        ["authData", cborBytes(Buffer.concat([headOf(rpId, true, 0), attested]))],
      ]);
      return {
        ...idsOf(id),
        response: {
          clientDataJSON: clientData("webauthn.create", options["challenge"], origin).toString("base64url"),
          attestationObject: attestation.toString("base64url"),
          transports: ["internal"],
        },
      };
    },
    answer(options, changes = {}) {
      const { id, key, userHandle } = credentials.at(-1)!;
      if (counts) uses++;
      const data = clientData("webauthn.get", options["challenge"], changes.origin ?? origin);
      const head = headOf(String(options["rpId"]), false, changes.count ?? uses);
      return {
        ...idsOf(id),
        response: {
          clientDataJSON: data.toString("base64url"),
          authenticatorData: head.toString("base64url"),
          signature: sign("sha256", Buffer.concat([head, sha256(data)]), key).toString("base64url"),
          userHandle,
        },
      };
    },
  };
}

const idsOf = (id: Buffer) => ({
  id: id.toString("base64url"),
  rawId: id.toString("base64url"),
  type: "public-key" as const,
  clientExtensionResults: {},
});
const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest();
const clientData = (type: string, challenge: unknown, origin: string) =>
  Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));

/** A P-256 key as COSE writes it (RFC 9053): {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
function coseKey(key: KeyObject): Buffer {
  const { x, y } = key.export({ format: "jwk" }) as { x: string; y: string };
  return Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
    cborBytes(Buffer.from(x, "base64url")),
    Buffer.from([0x22]),
    cborBytes(Buffer.from(y, "base64url")),
  ]);
}

/** Of CBOR (RFC 8949) what an attestation needs: short maps, texts and byte strings. */
const cborHead = (major: number, length: number) =>
  Buffer.from(
    length < 24 ? [(major << 5) | length] : length < 256 ? [(major << 5) | 24, length] : [(major << 5) | 25, length >> 8, length & 255],
  );
const cborBytes = (bytes: Buffer) => Buffer.concat([cborHead(2, bytes.length), bytes]);
const cborText = (text: string) => Buffer.concat([cborHead(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborMap = (entries: readonly (readonly [string, Buffer])[]) =>
  Buffer.concat([cborHead(5, entries.length), ...entries.flatMap(([key, value]) => [cborText(key), value])]);
