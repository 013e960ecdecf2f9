/** A connection that carries messages: what the link needs of a WebSocket. */
export interface LinkSocket {
  /** @param message text, or a packed message */
  send(message: string | Uint8Array): void;
  /** Asks the other side for a sign of life; the answer comes as `alive`. */
  ping(): void;
  /** Bytes handed over and not yet sent. */
  readonly unsentBytes: number;
  /** Ends it in an orderly way. */
  close(): void;
  /** Ends it at once, without a word: the other side is not heard of. */
  terminate(): void;
}

export interface SocketEvents {
  message(text: string): void;
  /** The other side answered a ping. */
  alive(): void;
  /** Once, last: the connection ended, or never came about. @param reason for a person. */
  closed(reason: string): void;
}

/** Begins to connect. The link waits for the first message, so there is no event for the opening. */
export type OpenSocket = (events: SocketEvents) => LinkSocket;
