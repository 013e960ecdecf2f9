import manifest from "../package.json" with { type: "json" };

/** Set when the executable is built. */
declare const HAUSWART_AGENT_VERSION: string;

/** Version of this agent. */
export const agentVersion: string = typeof HAUSWART_AGENT_VERSION === "string" ? HAUSWART_AGENT_VERSION : manifest.version;
