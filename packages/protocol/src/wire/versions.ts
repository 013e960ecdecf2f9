/**
 * The diary of the agent protocol. One number for the envelope; each check's sample has a version of its own.
 *
 * 1: 2026-11-21 first version: challenge, hello, welcome, configure, batch, acknowledge, goodbye.
 *    Additions that older sides do not notice: 2026-11-22 `update` in hello, `updates` in welcome; update-offer goes only to agents that
 *    sent the one, update-report only to servers that sent the other. 2026-11-22 `network` in hello, look-for to agents that look, seen. `packed` in welcome: agents then may send packed messages.
 *    `signedIn` in welcome and configure: agents then say who is signed in, by signed-in.
 */
export const protocolVersion = 1;
/** The oldest version that this server still talks to. Agents up to 24 months old must be able to connect. */
export const oldestProtocolVersion = 1;

/**
 * The newest form of a packed message, which its first byte names. 1: the rest is the message's text (UTF-8), deflated without a header
 * (RFC 1951). Packed messages are binary frames, and only sent to a server whose welcome says that it unpacks them.
 */
export const packedForm = 1;

/** Path of the agents' WebSocket. */
export const agentLinkPath = "/agent/v1/link";
/** Path where an agent trades its enrolment token for a device id. */
export const enrolPath = "/agent/v1/enrol";

/** Path where an agent fetches a file of a release; see `downloadProof`. */
export const releaseFilePrefix = "/agent/v1/release/";
export const releaseFilePath = (sha256: string): string => releaseFilePrefix + sha256;

/** Hard limit of one message in either direction, bytes; of a packed one before it is packed. */
export const messageLimitBytes = 256 * 1024;
/** Check instances that an agent runs at most. */
export const checksLimit = 500;
/** Hard limit of samples in one batch. */
export const samplesPerBatchLimit = 200;
/** A device counts as present while its last sign of life is younger than this, milliseconds. */
export const presencePeriodMs = 90_000;
/** How often an agent shows that it lives when it has nothing to send, milliseconds. Three fit into a presence period. */
export const heartbeatMs = 30_000;
