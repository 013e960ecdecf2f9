import { describe, expect, test } from "bun:test";
import { unixAddress } from "./watchdog-line.linux.ts";

describe("the address of a socket", () => {
  test("is its family and its path with an end, or an abstract name without", () => {
    expect(Buffer.from(unixAddress("/run/systemd/notify")!).toString("latin1")).toBe("\x01\0/run/systemd/notify\0");
    expect(Buffer.from(unixAddress("@a name")!).toString("latin1")).toBe("\x01\0\0a name");
  });

  test.each(["", "/", "@", "notify", "vsock:2:1234", `/${"x".repeat(107)}`, `@${"x".repeat(108)}`])("there is none for %p", (name) => {
    expect(unixAddress(name)).toBeUndefined();
  });
});
