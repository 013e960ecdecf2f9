/**
 * An entry of the event log as Windows writes it down (EvtRender): XML of one known form, read by hand, because the agent carries no XML
 * library. https://learn.microsoft.com/windows/win32/wes/eventschema-schema
 */
import type { WindowsEvent } from "./calls.ts";

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/** How deep elements may lie in each other: those of providers lie three deep. */
const depthLimit = 32;

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Undoes XML's writing of characters; what is none stays as it is. */
export function unescapeXml(text: string): string {
  if (!text.includes("&")) return text;
  return text.replaceAll(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return named[name] ?? whole;
    const code = hex !== undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function attributesOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name, double, single]) => [
      name!,
      unescapeXml(double ?? single ?? ""),
    ]),
  );
}

/** Reads one element with everything in it; undefined when the text is none. Names lose their prefix. */
export function parseElement(xml: string): Element | undefined {
  const tags = /<!\[CDATA\[([\s\S]*?)\]\]>|<[?!][^>]*>|<\/[^>]*>|<([^\s/>]+)((?:[^>"']|"[^"]*"|'[^']*')*?)(\/?)>/g;
  const open: { name: string; attributes: Record<string, string>; children: Element[]; text: string }[] = [];
  let end = 0;
  for (const tag of xml.matchAll(tags)) {
    const inner = open.at(-1);
    if (inner) inner.text += unescapeXml(xml.slice(end, tag.index)) + (tag[1] ?? "");
    end = tag.index + tag[0].length;
    if (tag[2] !== undefined) {
      const element = { name: tag[2].slice(tag[2].indexOf(":") + 1), attributes: attributesOf(tag[3] ?? ""), children: [], text: "" };
      if (inner) inner.children.push(element);
      if (tag[4] === "/" && !inner) return element;
      if (tag[4] !== "/") open.push(element);
      if (open.length > depthLimit) return undefined;
    } else if (tag[0].startsWith("</")) {
      const closed = open.pop();
      if (open.length === 0) return closed;
    }
  }
  return undefined;
}

const childOf = (element: Element | undefined, name: string) => element?.children.find((child) => child.name === name);
const textIn = (element: Element | undefined, name: string) => childOf(element, name)?.text.trim() ?? "";
const attribute = (element: Element | undefined, child: string, name: string) => childOf(element, child)?.attributes[name] ?? "";

const wholeNumber = (text: string) => (/^\d+$/.test(text) ? Number(text) : 0);

function largeNumber(text: string): bigint {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : 0n;
}

/** EventData: values by name, or by place; UserData: what lies in it by the names of its elements. */
function dataOf(event: Element): Record<string, string> {
  const data: Record<string, string> = {};
  childOf(event, "EventData")?.children.forEach((child, index) => {
    if (child.name === "Data" || child.name === "Binary")
      data[child.attributes["Name"] ?? (child.name === "Binary" ? "Binary" : String(index))] = child.text;
  });
  const flatten = (element: Element) => {
    if (element.children.length === 0) data[element.name] ??= element.text.trim();
    else element.children.forEach(flatten);
  };
  for (const part of childOf(event, "UserData")?.children ?? []) part.children.forEach(flatten);
  return data;
}

/** Reads an entry; undefined when the text is none. @param message what its provider says of it */
export function parseEvent(xml: string, message: string): WindowsEvent | undefined {
  const event = parseElement(xml);
  const system = childOf(event, "System");
  const at = Date.parse(attribute(system, "TimeCreated", "SystemTime"));
  if (!event || !system || Number.isNaN(at)) return undefined;
  return {
    channel: textIn(system, "Channel"),
    provider: attribute(system, "Provider", "Name"),
    eventId: wholeNumber(textIn(system, "EventID")),
    level: wholeNumber(textIn(system, "Level")),
    keywords: largeNumber(textIn(system, "Keywords")),
    recordId: largeNumber(textIn(system, "EventRecordID")),
    at,
    computer: textIn(system, "Computer"),
    userSid: attribute(system, "Security", "UserID") || null,
    data: dataOf(event),
    message,
  };
}

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A query for entries behind one that is known: the one's number is taken out of what the query selects. */
export function queryAfter(channel: string, query: string, after: bigint | undefined): string {
  if (after === undefined) return query;
  const path = escapeXml(channel);
  const known = `*[System[EventRecordID &lt;= ${after}]]`;
  return `<QueryList><Query Id="0" Path="${path}"><Select Path="${path}">${escapeXml(query)}</Select><Suppress Path="${path}">${known}</Suppress></Query></QueryList>`;
}
