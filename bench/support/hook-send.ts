/** Stands between an agent's link and its socket. */
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import { messageText } from "@hauswart/testkit/packed-message.ts";

/** @param hook is given each text that the link sends, and what hands it to the socket. */
export const hookSend =
  (open: OpenSocket, hook: (text: string, send: (text: string) => void) => void): OpenSocket =>
  (events) => {
    const socket = open(events);
    const send = (text: string) => socket.send(text);
    return {
      send: (message) => hook(messageText(message), send),
      ping: () => socket.ping(),
      get unsentBytes() {
        return socket.unsentBytes;
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    };
  };

/** Whether a link's text is a batch of samples. */
export const isBatch = (text: string) => text.startsWith('{"type":"batch"');
