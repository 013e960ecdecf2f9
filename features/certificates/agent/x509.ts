/**
 * Certificates (RFC 5280) as far as their validity and their names go. The runtime's own reader is not used: it costs the agent a megabyte
 * for good, and spoils names that are not ASCII.
 */

export interface Certificate {
  /** The first host name, else the common name, else the organisation. */
  readonly name: string;
  readonly issuer: string;
  /** Unix time in milliseconds. */
  readonly validFrom: number;
  readonly validUntil: number;
  /** Whether it is one that issues others. */
  readonly isAuthority: boolean;
  /** What it stands for; the same for a certificate and its renewal. */
  readonly identity: string;
  readonly fingerprint: string;
}

const pemBlock = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----([\sA-Za-z0-9+/=]+?)-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificates of a file: all of a PEM file, in their order, or the one of a DER file. Those that cannot be read are left out. */
export async function certificatesOf(bytes: Uint8Array, limit: number): Promise<Certificate[]> {
  const found: Certificate[] = [];
  if (bytes[0] === tags.sequence) {
    const certificate = await parseCertificate(bytes);
    return certificate ? [certificate] : [];
  }
  for (const [, text] of new TextDecoder("latin1").decode(bytes).matchAll(pemBlock)) {
    if (found.length === limit) break;
    const certificate = await parseCertificate(new Uint8Array(Buffer.from(text!, "base64")));
    if (certificate) found.push(certificate);
  }
  return found;
}

const tags = {
  sequence: 0x30,
  version: 0xa0,
  extensions: 0xa3,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  t61String: 0x14,
  utf8String: 0x0c,
};
/** id-at-commonName, id-at-organizationName, id-ce-subjectAltName, id-ce-basicConstraints */
const objects = { commonName: "550403", organization: "55040a", alternativeName: "551d11", basicConstraints: "551d13" };
const dnsName = 0x82;
const booleanTrue = "0101ff";

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** @returns undefined for what is no certificate. */
export async function parseCertificate(bytes: Uint8Array): Promise<Certificate | undefined> {
  try {
    return await parse(bytes);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

async function parse(bytes: Uint8Array): Promise<Certificate> {
  const outer = first(bytes);
  const fields = children(first(outer.content).content);
  if (fields[0]?.tag === tags.version) fields.shift();
  // serial number, signature, issuer, validity, subject, public key
  const [, , issuer, validity, subject] = fields;
  if (!issuer || !validity || !subject) throw new RangeError("too short");
  const [from, until] = children(validity.content).map(timeOf);
  if (from === undefined || until === undefined) throw new RangeError("no validity");
  const extensions = extensionsOf(fields.find(({ tag }) => tag === tags.extensions));
  const hosts = hostsOf(extensions.get(objects.alternativeName));
  return {
    name: hosts[0] ?? nameOf(subject),
    issuer: nameOf(issuer),
    validFrom: Math.max(0, from),
    validUntil: Math.max(0, until),
    isAuthority: hex(extensions.get(objects.basicConstraints) ?? new Uint8Array()).includes(booleanTrue),
    identity: `${hex(subject.whole)} ${hex(issuer.whole)} ${hosts.toSorted().join(" ")}`,
    fingerprint: hex(new Uint8Array(await crypto.subtle.digest("SHA-256", outer.whole as Uint8Array<ArrayBuffer>))),
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** Reads one element of DER. Throws RangeError when it does not fit. */
function first(bytes: Uint8Array): Element {
  const tag = bytes[0];
  const short = bytes[1];
  if (tag === undefined || short === undefined) throw new RangeError("too short");
  const lengthBytes = short < 0x80 ? 0 : short - 0x80;
  if (lengthBytes > 4 || short === 0x80) throw new RangeError("no DER");
  let length = lengthBytes === 0 ? short : 0;
  for (let index = 0; index < lengthBytes; index++) length = length * 256 + (bytes[2 + index] ?? 0);
  const start = 2 + lengthBytes;
  if (start + length > bytes.length) throw new RangeError("too short");
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

function children(bytes: Uint8Array): Element[] {
  const found: Element[] = [];
  for (let rest = bytes; rest.length > 0;) {
    const element = first(rest);
    found.push(element);
    rest = rest.subarray(element.whole.length);
  }
  return found;
}

/** 20261122120000Z, or 261122120000Z; two digits from 50 on mean the last century. */
function timeOf({ tag, content }: Element): number | undefined {
  const text = Buffer.from(content).toString("latin1");
  const [, year = "", month, day, hour, minute, second = "00"] =
    (tag === tags.utcTime ? /^(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/ : /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?Z$/).exec(
      text,
    ) ?? [];
  const whole = tag === tags.utcTime ? `${Number(year) >= 50 ? "19" : "20"}${year}` : year;
  const at = Date.parse(`${whole}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? undefined : at;
}

function nameOf({ content }: Element): string {
  const parts = new Map<string, string>();
  for (const set of children(content)) {
    for (const part of children(set.content)) {
      const [object, value] = children(part.content);
      if (object && value && !parts.has(hex(object.content))) parts.set(hex(object.content), textOf(value));
    }
  }
  return parts.get(objects.commonName) ?? parts.get(objects.organization) ?? "";
}

function textOf({ tag, content }: Element): string {
  if (tag === tags.bmpString)
    return Buffer.from(content.length % 2 === 0 ? content : content.subarray(1))
      .swap16()
      .toString("utf16le");
  return Buffer.from(content).toString(tag === tags.utf8String ? "utf8" : "latin1");
}

/** Values of the extensions by their object identifier. */
function extensionsOf(element: Element | undefined): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  if (!element) return found;
  for (const extension of children(first(element.content).content)) {
    const [object, ...rest] = children(extension.content);
    const value = rest.at(-1); // a flag may stand before it
    if (object && value) found.set(hex(object.content), value.content);
  }
  return found;
}

function hostsOf(value: Uint8Array | undefined): string[] {
  if (!value) return [];
  return children(first(value).content).flatMap(({ tag, content }) => (tag === dnsName ? [Buffer.from(content).toString("latin1")] : []));
}
