/** Entries of the event log, made by hand in the form of Microsoft's event schema. */
import { describe, expect, test } from "bun:test";
import { parseEvent, queryAfter, unescapeXml } from "./event-xml.ts";

const entry = (inner: string, system = "") => `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>
<Provider Name='Service Control Manager' Guid='{555908d1-a6d7-4695-8e1e-26931d2012f4}' EventSourceName='Service Control Manager'/>
<EventID Qualifiers='49152'>7031</EventID><Version>0</Version><Level>2</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>
<TimeCreated SystemTime='2026-11-22T03:04:05.1234567Z'/><EventRecordID>40123</EventRecordID><Correlation/><Execution ProcessID='812' ThreadID='9000'/>
<Channel>System</Channel><Computer>PC-EMPFANG</Computer><Security${system}/></System>${inner}</Event>`;

describe("an entry", () => {
  test("with named data", () => {
    expect(
      parseEvent(
        entry("<EventData><Data Name='param1'>Spooler &amp; Co</Data><Data Name='param2'>1</Data><Binary>53</Binary></EventData>"),
        "text",
      ),
    ).toEqual({
      channel: "System",
      provider: "Service Control Manager",
      eventId: 7031,
      level: 2,
      keywords: 0x8080000000000000n,
      recordId: 40123n,
      at: Date.UTC(2026, 10, 22, 3, 4, 5, 123),
      computer: "PC-EMPFANG",
      userSid: null,
      data: { param1: "Spooler & Co", param2: "1", Binary: "53" },
      message: "text",
    });
  });

  test("with data that has no names, empty data, and a user", () => {
    const event = parseEvent(entry("<EventData><Data>one</Data><Data/><Data><![CDATA[<x>]]></Data></EventData>", " UserID='S-1-5-18'"), "");
    expect(event?.data).toEqual({ 0: "one", 1: "", 2: "<x>" });
    expect(event?.userSid).toBe("S-1-5-18");
  });

  test("with a provider's own data, which may lie deep and have a prefix", () => {
    const event = parseEvent(
      entry("<UserData><p:Cause xmlns:p='urn:x'><p:Name>A &gt; B</p:Name><p:Inner><Code>5</Code></p:Inner></p:Cause></UserData>"),
      "",
    );
    expect(event?.data).toEqual({ Name: "A > B", Code: "5" });
  });

  test("that is none", () => {
    for (const text of ["", "<", "text", "<Event/>", "<Event><System/></Event>", entry("").slice(0, 300), "<a>".repeat(100), "</Event>"])
      expect(parseEvent(text, "")).toBeUndefined();
  });

  test("with numbers that are none", () => {
    const event = parseEvent(entry("").replace("<Level>2<", "<Level>x<").replace("40123", "-"), "");
    expect(event).toMatchObject({ level: 0, recordId: 0n });
  });
});

test("characters in XML's writing", () => {
  expect(unescapeXml("&lt;&#x41;&#66;&quot;&apos;&amp;lt;&nope;&#0;&#x110000;")).toBe("<AB\"'&lt;&nope;&#0;&#x110000;");
});

test("a query for what came after an entry leaves that one and those before it out", () => {
  expect(queryAfter("System", "*", undefined)).toBe("*");
  expect(queryAfter("A&B", "*[System[(Level<3)]]", 7n)).toBe(
    '<QueryList><Query Id="0" Path="A&amp;B"><Select Path="A&amp;B">*[System[(Level&lt;3)]]</Select><Suppress Path="A&amp;B">*[System[EventRecordID &lt;= 7]]</Suppress></Query></QueryList>',
  );
});
