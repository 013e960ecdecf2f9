/** Keeps the pages up to date, and tells whether they are. */
import { useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import { createInvalidator } from "../api/affected.ts";
import { startLive, type LiveState } from "../api/live.ts";
import { sessionQuery } from "./session.ts";

interface Live {
  readonly state: LiveState;
  /** When the stream broke, Unix milliseconds; what is shown is not newer. */
  readonly awaySinceMs: number | null;
}

const LiveContext = createContext<Live>({ state: "connecting", awaySinceMs: null });

export const useLive = (): Live => useContext(LiveContext);

export function LiveProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [live, setLive] = useState<Live>({ state: "connecting", awaySinceMs: null });
  useEffect(() => {
    const invalidator = createInvalidator(client);
    const leave = startLive({
      onEvent: (event) => invalidator.add(event),
      onState: (state, missed) => {
        setLive((before) => ({ state, awaySinceMs: state === "away" ? (before.awaySinceMs ?? Date.now()) : null }));
        if (missed) void client.invalidateQueries();
        // Asking who is signed in answers UNAUTHENTICATED and leads to the sign-in.
        if (state === "ended") void client.invalidateQueries({ queryKey: sessionQuery().queryKey });
      },
    });
    return () => {
      leave();
      invalidator.stop();
    };
  }, [client]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
