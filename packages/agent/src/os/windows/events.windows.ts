/** The event log. https://learn.microsoft.com/windows/win32/api/winevt/ */
import { OsError } from "../os.ts";
import type { WindowsEvent } from "./calls.ts";
import { parseEvent, queryAfter } from "./event-xml.ts";
import { lastError, library, wide, wideText, windowsError, winError } from "./library.ts";

const log = library("wevtapi.dll", {
  EvtQuery: ["handle", "handle", "pointer", "pointer", "u32"],
  EvtNext: ["status", "handle", "u32", "pointer", "u32", "u32", "pointer"],
  EvtRender: ["status", "handle", "handle", "u32", "u32", "pointer", "pointer", "pointer"],
  EvtFormatMessage: ["status", "handle", "handle", "u32", "u32", "pointer", "u32", "u32", "pointer", "pointer"],
  EvtOpenPublisherMetadata: ["handle", "handle", "pointer", "pointer", "u32", "u32"],
  EvtOpenChannelEnum: ["handle", "handle", "u32"],
  EvtNextChannelPath: ["status", "handle", "u32", "pointer", "pointer"],
  EvtClose: ["status", "handle"],
});

const none = 0n;
/** EvtQueryChannelPath | EvtQueryForwardDirection, EvtQueryReverseDirection */
const oldestFirst = 0x1 | 0x100;
const newestFirst = 0x1 | 0x200;
const asXml = 1;
const wholeMessage = 1;
const answerWithinMs = 10_000;
const atOnce = 64;
const noSuchChannel = 15007;
/** An entry weighs at most 64 KB of UTF-16 twice over; a message is cut anyway. */
const textLimitBytes = 1024 * 1024;

function withHandle<Result>(handle: bigint, work: (handle: bigint) => Result): Result {
  try {
    return work(handle);
  } finally {
    log().EvtClose(handle);
  }
}

/** The text is there, but for what its provider did not know to fill in: ERROR_EVT_UNRESOLVED_VALUE_INSERT and its two neighbours. */
const partlyResolved: readonly number[] = [15029, 15030, 15031];

/** Bytes of a text that Windows writes into a buffer, which grows as it asks for. @returns undefined when there is no text */
function grown(write: (bytes: Buffer, needed: Buffer) => number, unit: number): Buffer | undefined {
  const needed = Buffer.alloc(4);
  for (let bytes = Buffer.alloc(8 * 1024); ;) {
    const code = write(bytes, needed) !== 0 ? 0 : lastError();
    const wanted = needed.readUInt32LE() * unit;
    if (code === 0 || partlyResolved.includes(code)) return bytes.subarray(0, Math.min(bytes.length, wanted));
    if (code !== winError.insufficientBuffer || wanted <= bytes.length || wanted > textLimitBytes) return undefined;
    bytes = Buffer.alloc(wanted);
  }
}

function xmlOf(event: bigint): string {
  const count = Buffer.alloc(4);
  const bytes = grown((buffer, used) => log().EvtRender(none, event, asXml, buffer.length, buffer, used, count), 1);
  return bytes ? wideText(bytes) : "";
}

/** Messages of providers, which are opened once for each reading. */
class Messages implements Disposable {
  readonly #providers = new Map<string, bigint>();

  /** What the provider says of an entry; empty where it says nothing. */
  of(event: bigint, provider: string): string {
    const opened = this.#providers.get(provider) ?? log().EvtOpenPublisherMetadata(none, wide(provider), null, 0, 0);
    this.#providers.set(provider, opened);
    if (opened === none) return "";
    const bytes = grown(
      (buffer, used) => log().EvtFormatMessage(opened, event, 0, 0, null, wholeMessage, buffer.length / 2, buffer, used),
      2,
    );
    return bytes ? wideText(bytes).trim() : "";
  }

  [Symbol.dispose](): void {
    for (const opened of this.#providers.values()) if (opened !== none) log().EvtClose(opened);
  }
}

function readAll(result: bigint, limit: number, messages: Messages | undefined): WindowsEvent[] {
  const events: WindowsEvent[] = [];
  const handles = Buffer.alloc(8 * atOnce);
  const count = Buffer.alloc(4);
  while (events.length < limit) {
    if (log().EvtNext(result, Math.min(atOnce, limit - events.length), handles, answerWithinMs, 0, count) === 0) {
      const code = lastError();
      if (code === winError.noMoreItems) break;
      throw windowsError("EvtNext", code);
    }
    for (let index = 0; index < count.readUInt32LE(); index++) {
      const read = withHandle(handles.readBigUInt64LE(index * 8), (event) => {
        const parsed = parseEvent(xmlOf(event), "");
        return parsed && messages ? { ...parsed, message: messages.of(event, parsed.provider) } : parsed;
      });
      if (read) events.push(read);
    }
  }
  return events;
}

/** @param path the log, or null where the query names it itself; `channel` is what a failure calls it */
function queried<Result>(channel: string, path: Buffer | null, query: string, order: number, work: (open: bigint) => Result): Result {
  const result = log().EvtQuery(none, path, wide(query), order);
  if (result === none) {
    const code = lastError();
    if (code === noSuchChannel)
      throw new OsError("COLLECT_UNSUPPORTED", `There is no event log ${channel}.`, `not-on-this-system: ${channel}`);
    throw windowsError(`event log ${channel}`, code);
  }
  return withHandle(result, work);
}

/** See `WindowsEvents.read`. Blocks. */
export function readEvents(channel: string, query: string, after: bigint | undefined, limit: number, withMessage: boolean): WindowsEvent[] {
  using messages = withMessage ? new Messages() : null;
  const path = after === undefined ? wide(channel) : null;
  return queried(channel, path, queryAfter(channel, query, after), oldestFirst, (open) => readAll(open, limit, messages ?? undefined));
}

/** See `WindowsEvents.newest`. Blocks. */
export function newestEvent(channel: string, query: string): WindowsEvent | undefined {
  return queried(channel, wide(channel), query, newestFirst, (open) => readAll(open, 1, undefined))[0];
}

/** See `WindowsEvents.channels`. */
export function eventChannels(): string[] {
  const channels = log().EvtOpenChannelEnum(none, 0);
  if (channels === none) throw windowsError("EvtOpenChannelEnum", lastError());
  return withHandle(channels, (open) => {
    const names: string[] = [];
    for (;;) {
      const name = grown((buffer, used) => log().EvtNextChannelPath(open, buffer.length / 2, buffer, used), 2);
      if (name === undefined) return names;
      names.push(wideText(name));
    }
  });
}
