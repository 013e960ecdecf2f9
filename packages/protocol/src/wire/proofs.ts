/**
 * The exact bytes that are signed. Each starts with its own purpose, so that a signature for one can never serve as another.
 */
const bytes = (purpose: string, ...parts: string[]) => new TextEncoder().encode([`hauswart/1/${purpose}`, ...parts].join("\n"));

/** Signed by the agent when it enrols. */
export const enrolmentProof = (token: string, publicKey: string) => bytes("enrol", token, publicKey);
/** Signed by the server in its answer to an enrolment. */
export const enrolmentReceipt = (deviceId: string, publicKey: string) => bytes("enrolled", deviceId, publicKey);
/** Signed by the agent at each connection. */
export const agentProof = (serverNonce: string, agentNonce: string, deviceId: string) => bytes("agent", serverNonce, agentNonce, deviceId);
/** Signed by the server when it tells a revoked agent to remove itself; bound to this one connection. */
export const removalOrder = (agentNonce: string, serverNonce: string, deviceId: string) =>
  bytes("remove", agentNonce, serverNonce, deviceId);
/** Signed by the server at each connection. */
export const serverProof = (agentNonce: string, serverNonce: string, deviceId: string) =>
  bytes("server", agentNonce, serverNonce, deviceId);
/** Signed by the agent when it fetches a file of a release. @param at Unix time in milliseconds, decimal */
export const downloadProof = (deviceId: string, sha256: string, at: string) => bytes("download", deviceId, sha256, at);
