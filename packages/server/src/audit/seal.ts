/** The chain over sealed rows. Pure; sealing and verifying both use it. */
import { canonicalJson, sha256 } from "./canonical.ts";
import { merkleRoot } from "./merkle.ts";

/** A sealed row, as far as the chain sees it. */
export interface SealedRow {
  readonly hash: Uint8Array;
  /** null for rows of the whole provider. */
  readonly customerId: string | null;
}

/** One link of the chain. */
export interface Seal {
  readonly sealNumber: number;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly previousHead: Buffer;
  readonly root: Buffer;
  /** Merkle root per customer id, hex; `provider` for rows without a customer. */
  readonly customerRoots: Readonly<Record<string, string>>;
  readonly head: Buffer;
}

/** The head before the first seal. */
export function startOfChain(providerId: string): Buffer {
  return sha256("hauswart/1/audit-start\n", providerId);
}

/** Makes the link that follows `previous` over these rows, in the order of their positions. */
export function sealRows(
  providerId: string,
  previous: Pick<Seal, "sealNumber" | "lastPosition" | "head"> | undefined,
  rows: readonly SealedRow[],
): Seal {
  const firstPosition = (previous?.lastPosition ?? 0) + 1;
  const seal = {
    sealNumber: (previous?.sealNumber ?? 0) + 1,
    firstPosition,
    lastPosition: firstPosition + rows.length - 1,
    previousHead: previous?.head ?? startOfChain(providerId),
    root: merkleRoot(rows.map(({ hash }) => hash)),
    customerRoots: rootsByCustomer(rows),
  };
  return { ...seal, head: headOf(providerId, seal) };
}

/** The hash that stands for everything up to and including a seal. */
export function headOf(
  providerId: string,
  { sealNumber, firstPosition, lastPosition, previousHead, root, customerRoots }: Omit<Seal, "head">,
): Buffer {
  const covered = {
    providerId,
    sealNumber,
    firstPosition,
    lastPosition,
    previousHead: previousHead.toString("hex"),
    root: root.toString("hex"),
    customerRoots,
  };
  return sha256("hauswart/1/audit-seal\n", canonicalJson(covered));
}

function rootsByCustomer(rows: readonly SealedRow[]): Record<string, string> {
  const groups = Map.groupBy(rows, ({ customerId }) => customerId ?? "provider");
  return Object.fromEntries([...groups].map(([customer, group]) => [customer, merkleRoot(group.map(({ hash }) => hash)).toString("hex")]));
}
