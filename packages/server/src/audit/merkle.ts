/**
 * Merkle tree hash as in RFC 9162, section 2.1.1: leaves and inner nodes are hashed under different prefixes, so that one
 * can never pass for the other.
 */
import { sha256 } from "./canonical.ts";

const leafPrefix = Uint8Array.of(0);
const nodePrefix = Uint8Array.of(1);

/** Root over these leaves in their order; SHA-256 of nothing when there are none. */
export function merkleRoot(leaves: readonly Uint8Array[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(leafPrefix, leaves[0]!);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return sha256(nodePrefix, merkleRoot(leaves.slice(0, half)), merkleRoot(leaves.slice(half)));
}
