/** What the server's process tells the program that started it. Goes over the private channel between the two, never into a log. */
export type ServerMessage = Progress | ServerReport;

/** What the server is doing, in words for the person who waits. */
export interface Progress {
  readonly type: "progress";
  readonly step: string;
}

/** The server is up. */
export interface ServerReport {
  readonly type: "ready";
  /** Address for browsers and other computers. */
  readonly url: string;
  /** Address for programs on this computer. */
  readonly localUrl: string;
  /** Of the server's own authority, where its certificate is its own: SHA-256 as browsers show it. */
  readonly authorityFingerprint: string | undefined;
  /** Set when the first owner was made just now; `password` only when it was made up. */
  readonly firstOwner: { readonly email: string; readonly password: string | undefined } | undefined;
  /** Token for enrolling this computer, when it was asked for with `--own-device`. */
  readonly ownEnrolmentToken: string | undefined;
  /** Tokens for the simulated fleet, one a site, when they were asked for with `--demo`. */
  readonly demoEnrolmentTokens: readonly DemoToken[];
  /** Process id of the embedded PostgreSQL. */
  readonly postgresProcessId: number | undefined;
  /** Folder of its socket. */
  readonly postgresSocketDirectory: string | undefined;
}

/** Enrols the simulated devices of one site. */
export interface DemoToken {
  readonly role: "workstation" | "server";
  readonly site: number;
  readonly token: string;
}
