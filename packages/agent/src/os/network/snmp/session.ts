/** SNMP by net-snmp, which is loaded with this file. */
import snmp, { type Options, type Session, type Varbind } from "net-snmp";
import {
  SnmpError,
  type SnmpAccess,
  type SnmpAuthentication,
  type SnmpPrivacy,
  type SnmpRow,
  type SnmpSession,
  type SnmpTarget,
  type SnmpValue,
} from "./calls.ts";

/** Rows that a device is asked for in one packet: more do not fit into a packet of usual size. */
const repetitions = 20;
/** Values that are asked for in one packet. */
const valuesPerRequest = 20;

const authentications: Readonly<Record<Exclude<SnmpAuthentication, "none">, string>> = {
  md5: "md5",
  sha1: "sha",
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
};
const privacies: Readonly<Record<Exclude<SnmpPrivacy, "none">, string>> = {
  des: "des",
  aes128: "aes",
  aes256: "aes256b",
  "aes256-cisco": "aes256r",
};

/** See SnmpCalls. */
export async function withSession<Result>(target: SnmpTarget, work: (session: SnmpSession) => Promise<Result>): Promise<Result> {
  const { signal } = target;
  if (signal.aborted) throw new SnmpError("no-answer", "gave up");
  const session = openSession(target);
  let fail: (error: SnmpError) => void = () => {};
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  const abort = () => fail(new SnmpError("no-answer", "gave up"));
  signal.addEventListener("abort", abort, { once: true });
  session.on("error", (error) => fail(errorOf(error)));
  try {
    return await Promise.race([failed, work({ get: (oids) => get(session, oids), walk: (oid, limit) => walk(session, oid, limit) })]);
  } finally {
    signal.removeEventListener("abort", abort);
    session.close();
  }
}

function openSession({ target, port, access, timeoutMs, retries }: SnmpTarget): Session {
  const options = { port, retries, timeout: timeoutMs, backoff: 1, transport: target.family === "ipv6" ? "udp6" : "udp4" } as const;
  try {
    if (access.version !== "v3")
      return snmp.createSession(target.address, access.community, {
        ...options,
        version: access.version === "v1" ? snmp.Version1 : snmp.Version2c,
      });
    return openV3(target.address, access, options);
  } catch (error) {
    throw errorOf(error);
  }
}

function openV3(address: string, access: Extract<SnmpAccess, { version: "v3" }>, options: Omit<Options, "version">): Session {
  const { authentication, privacy } = access;
  const hasPrivacy = authentication !== "none" && privacy !== "none";
  const { noAuthNoPriv, authNoPriv, authPriv } = snmp.SecurityLevel;
  return snmp.createV3Session(
    address,
    {
      name: access.user,
      level: hasPrivacy ? authPriv : authentication === "none" ? noAuthNoPriv : authNoPriv,
      ...(authentication === "none"
        ? {}
        : { authProtocol: snmp.AuthProtocols[authentications[authentication]]!, authKey: access.authenticationPassword }),
      ...(hasPrivacy ? { privProtocol: snmp.PrivProtocols[privacies[privacy]]!, privKey: access.privacyPassword } : {}),
    },
    { ...options, version: snmp.Version3, context: access.contextName },
  );
}

async function get(session: Session, oids: readonly string[]): Promise<(SnmpValue | undefined)[]> {
  const values: (SnmpValue | undefined)[] = [];
  for (let first = 0; first < oids.length; first += valuesPerRequest)
    values.push(...(await getSome(session, oids.slice(first, first + valuesPerRequest))));
  return values;
}

function getSome(session: Session, oids: readonly string[]): Promise<(SnmpValue | undefined)[]> {
  return new Promise((fulfil, reject) => {
    session.get([...oids], (error, varbinds) => {
      if (!error) return fulfil(varbinds.map((varbind) => (snmp.isVarbindError(varbind) ? undefined : valueOf(varbind))));
      // Version 1 refuses the whole question for one name that it does not know.
      if (!isUnknownName(error)) return reject(errorOf(error));
      if (oids.length === 1) return fulfil([undefined]);
      Promise.all(oids.map((oid) => getSome(session, [oid]))).then((single) => fulfil(single.flat()), reject);
    });
  });
}

function walk(session: Session, oid: string, limit: number): Promise<SnmpRow[]> {
  const rows: SnmpRow[] = [];
  return new Promise((fulfil, reject) => {
    const feed = (varbinds: Varbind[]) => {
      for (const varbind of varbinds) {
        if (rows.length >= limit) return true;
        const value = snmp.isVarbindError(varbind) ? undefined : valueOf(varbind);
        if (value) rows.push({ oid: varbind.oid, value });
      }
      return rows.length >= limit;
    };
    session.subtree(oid, repetitions, feed, (error) => {
      if (!error || isUnknownName(error)) fulfil(rows);
      else reject(errorOf(error));
    });
  });
}

const isUnknownName = (error: Error) => error.name === "RequestFailedError" && (error as { status?: unknown }).status === 2;

function errorOf(error: unknown): SnmpError {
  if (error instanceof SnmpError) return error;
  const { name, message } = error as Error;
  const detail = message.slice(0, 200);
  if (name === "RequestTimedOutError") return new SnmpError("no-answer", "no answer within the time");
  const isRefusal =
    name === "RequestFailedError" || /authenticat|Report PDU|usmStats|digest|password|unknown ?user|decrypt|security/i.test(detail);
  return new SnmpError(isRefusal ? "refused" : "broken", detail);
}

const { ObjectType } = snmp;

/** undefined for what says that there is nothing. */
function valueOf({ type, value }: Varbind): SnmpValue | undefined {
  if (type === ObjectType["Integer"]) return { kind: "integer", value: Number(value) };
  if (type === ObjectType["Gauge"]) return { kind: "gauge", value: Number(value) };
  if (type === ObjectType["TimeTicks"]) return { kind: "ticks", value: Number(value) };
  if (type === ObjectType["Counter"]) return { kind: "counter32", value: Number(value) };
  if (type === ObjectType["Counter64"]) return { kind: "counter64", value: bigOf(value) };
  if (type === ObjectType["OID"]) return { kind: "oid", value: String(value) };
  if (type === ObjectType["IpAddress"]) return { kind: "address", value: String(value) };
  if (value instanceof Uint8Array) return { kind: "bytes", value };
  return undefined;
}

function bigOf(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return BigInt(Math.trunc(Number(value)));
  return value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value).toString("hex")}`);
}
