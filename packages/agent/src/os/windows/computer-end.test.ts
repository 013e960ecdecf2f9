import { expect, test } from "bun:test";
import type { WindowsEvent } from "./calls.ts";
import { computerEnd } from "./computer-end.ts";
import { parseEvent } from "./event-xml.ts";

const order = (kind: string): WindowsEvent =>
  parseEvent(
    `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="User32" Guid="{b0aa8734-56f7-41cc-b2f4-de228e98b946}"
EventSourceName="User32"/><EventID Qualifiers="32768">1074</EventID><Level>4</Level><TimeCreated SystemTime="2026-11-22T07:58:30.1234567Z"/>
<EventRecordID>4829</EventRecordID><Channel>System</Channel><Computer>PC</Computer><Security UserID="S-1-5-18"/></System><EventData>
<Data Name="param1">C:\\Windows\\system32\\winlogon.exe (PC)</Data><Data Name="param2">PC</Data><Data Name="param3">Kein Titel</Data>
<Data Name="param4">0x500ff</Data><Data Name="param5">${kind}</Data><Data Name="param6"></Data><Data Name="param7">PC\\Empfang</Data></EventData></Event>`,
    "",
  )!;

test.each<[string, string[], string]>([
  ["English", ["restart"], "restart"],
  ["German", ["Neustart"], "restart"],
  ["Japanese", ["再起動"], "restart"],
  ["switched off", ["power off"], "shutdown"],
  ["switched off, German", ["Ausschalten"], "shutdown"],
  ["a language that is not known", ["uudelleenkäynnistys"], "shutdown"],
  ["taken back and given again", ["restart", "shutdown"], "shutdown"],
  ["nothing written down", [], "shutdown"],
])("%s", async (_, kinds, expected) => {
  const asked: string[] = [];
  const read = async (channel: string, query: string) => {
    asked.push(`${channel} ${query}`);
    return kinds.map(order);
  };
  expect(await computerEnd({ read })).toBe(expected as never);
  expect(asked).toEqual([expect.stringMatching(/^System .*User32.*1074/)]);
});

test("a log that cannot be read, or does not answer, holds nobody up", async () => {
  expect(await computerEnd({ read: () => Promise.reject(new Error("1722")) })).toBe("shutdown");
  expect(await computerEnd({ read: () => new Promise(() => {}) }, 1)).toBe("shutdown");
});
