/**
 * The live stream: one connection per browser, shared by its tabs. A browser opens at most six connections to one address over
 * HTTP/1.1; a stream per tab would block the seventh tab for good. The tab that holds the lock reads the stream and tells the
 * others; when it closes, the next one takes over.
 */
import type { LiveEvent } from "@hauswart/protocol/api/models.ts";
import { createParser } from "eventsource-parser";
import { requestHeaders } from "./client.ts";
import { readEvent, retryDelayMs } from "./live-event.ts";

/** live: events arrive. away: the stream is broken and tried again. ended: the server says that nobody is signed in. */
export type LiveState = "connecting" | "live" | "away" | "ended";

export interface LiveListener {
  onEvent(event: LiveEvent): void;
  /**
   * `missed`: nobody listened for a while, and what happened meanwhile is not told again. So it is after every connection of the stream:
   * what is shown was asked before it, whether the stream broke, another tab that held it is gone, or the page has just been opened.
   */
  onState(state: LiveState, missed: boolean): void;
}

type Note = { event: LiveEvent } | { state: LiveState; missed: boolean } | { question: "state" };

const address = "/api/v1/events";
const lockName = "hauswart-live";

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });

/** The server sends a sign of life every 15 seconds; a stream that is silent for longer than this is dead, whatever TCP says. */
const silenceMs = 50_000;

/** Reads the stream until it breaks. @returns true when the server has ended the session. */
async function readStream(stop: AbortSignal, onOpen: () => void, onEvent: (event: LiveEvent) => void): Promise<boolean> {
  const silent = new AbortController();
  const signal = AbortSignal.any([stop, silent.signal]);
  const watch = () => setTimeout(() => silent.abort(new Error("the stream fell silent")), silenceMs);
  let timer = watch();
  const answer = await fetch(address, {
    headers: { ...requestHeaders, accept: "text/event-stream" },
    signal,
    credentials: "same-origin",
    cache: "no-store",
  });
  if (!answer.ok || !answer.body) {
    clearTimeout(timer);
    if (answer.status === 401) return true;
    throw new Error(`events answered ${answer.status}`);
  }
  onOpen();
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = readEvent(data);
      if (event) onEvent(event);
    },
  });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    clearTimeout(timer);
    if (done) return false;
    timer = watch();
    parser.feed(value);
  }
}

/** Keeps the stream open until the signal says stop. */
async function keepStream(signal: AbortSignal, listener: LiveListener): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const ended = await readStream(
        signal,
        () => {
          failures = 0;
          listener.onState("live", true);
        },
        (event) => listener.onEvent(event),
      );
      if (ended) return listener.onState("ended", false);
    } catch (error) {
      if (signal.aborted) return;
      console.warn("live stream broke, it is tried again", error);
    }
    if (signal.aborted) return;
    listener.onState("away", false);
    await pause(retryDelayMs(failures++), signal);
  }
}

/** Joins the browser's live stream. @returns a function that leaves it. */
export function startLive(listener: LiveListener): () => void {
  const stop = new AbortController();
  if (!("locks" in navigator) || !("BroadcastChannel" in window)) {
    void keepStream(stop.signal, listener);
    return () => stop.abort();
  }
  const channel = new BroadcastChannel(lockName);
  let leading: Extract<Note, { state: LiveState }> | null = null;
  const tell = (note: Note) => channel.postMessage(note);
  channel.addEventListener("message", ({ data }: MessageEvent<Note>) => {
    if (stop.signal.aborted) return;
    if ("event" in data) listener.onEvent(data.event);
    else if ("state" in data) listener.onState(data.state, data.missed);
    else if (leading) tell({ ...leading, missed: false });
  });
  tell({ question: "state" });
  navigator.locks
    .request(lockName, { signal: stop.signal }, () =>
      keepStream(stop.signal, {
        onEvent: (event) => {
          listener.onEvent(event);
          tell({ event });
        },
        onState: (state, missed) => {
          leading = { state, missed };
          listener.onState(state, missed);
          tell(leading);
        },
      }),
    )
    .catch((error: unknown) => {
      if (!stop.signal.aborted) console.error("live stream ended", error);
    });
  return () => {
    stop.abort();
    channel.close();
  };
}
