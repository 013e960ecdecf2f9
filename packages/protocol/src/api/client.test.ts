import { describe, expect, test } from "bun:test";
import { addressOf, ApiError, createClient, noAnswer } from "./client.ts";
import { routes } from "./routes.ts";

const id = "0193a000-0000-7000-8000-000000000001";

/** A client whose every call gets this answer, and the calls that it made. */
function clientAnswering(status: number, text: string) {
  const calls: { url: string; init: { method: string; headers: Record<string, string>; body?: string } }[] = [];
  const api = createClient({
    base: "http://server",
    table: routes,
    headers: { "x-hauswart-request": "test" },
    fetch: async (url, init) => {
      calls.push({ url, init });
      return { ok: status < 400, status, text: async () => text };
    },
  });
  return { api, calls };
}

describe("addressOf", () => {
  test("fills parameters in and escapes them", () => {
    expect(addressOf("/devices/{deviceId}/checks/{number}/series", { deviceId: "a/b", number: 3 }, { subject: "C:\\ & more" })).toBe(
      "/api/v1/devices/a%2Fb/checks/3/series?subject=C%3A%5C%20%26%20more",
    );
  });
  test("leaves out what is undefined", () => {
    expect(addressOf("/devices", {}, { search: undefined, limit: 50 })).toBe("/api/v1/devices?limit=50");
  });
});

describe("createClient", () => {
  test("sends method, headers and body", async () => {
    const { api, calls } = clientAnswering(200, "{}");
    await api("acknowledgeFinding", { params: { findingId: id }, body: { note: "known" } });
    expect(calls).toEqual([
      {
        url: `http://server/api/v1/findings/${id}/acknowledge`,
        init: {
          method: "POST",
          headers: { accept: "application/json", "x-hauswart-request": "test", "content-type": "application/json" },
          body: '{"note":"known"}',
          signal: undefined,
          credentials: "same-origin",
        },
      } as never,
    ]);
  });
  test("answers undefined where there is no body", async () => {
    const { api } = clientAnswering(204, "");
    expect(await api("endSession")).toBeUndefined();
  });
  test("throws the code of a problem document", async () => {
    const problem = { type: "urn:hauswart:error:CONFLICT", title: "x", status: 409, code: "CONFLICT", detail: "revision 4" };
    const { api } = clientAnswering(409, JSON.stringify(problem));
    const error = await api("getDevice", { params: { deviceId: id } }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ code: "CONFLICT", status: 409, problem });
  });
  test.each([
    [502, "<html>Bad gateway</html>"],
    [200, "<html>some portal</html>"],
  ])("an answer that is not ours (%d) is NO_ANSWER", async (status, text) => {
    const { api } = clientAnswering(status, text);
    await expect(api("getHealth")).rejects.toMatchObject({ code: noAnswer, status });
  });
  test("a network failure is NO_ANSWER", async () => {
    const api = createClient({ base: "", table: routes, fetch: () => Promise.reject(new TypeError("refused")) });
    await expect(api("getHealth")).rejects.toMatchObject({ code: noAnswer, status: 0 });
  });
});
