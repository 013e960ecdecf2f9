import { ApiError, type Client } from "@hauswart/protocol/api/client.ts";
import { expect, test } from "bun:test";
import { answerStepUp, withStepUp } from "./step-up.ts";

/** A client whose calls want a proof until one was given; counts them. */
function guarded() {
  const state = { calls: 0, isProven: false };
  const client = (async () => {
    state.calls++;
    if (!state.isProven) throw new ApiError("STEP_UP_REQUIRED", 403);
    return { items: [], next: null };
  }) as unknown as Client;
  return { state, api: withStepUp(client) };
}

test("a call is repeated once the proof was given", async () => {
  const { state, api } = guarded();
  const leave = answerStepUp(async () => (state.isProven = true));
  expect(await api("listDevices")).toEqual({ items: [], next: null } as never);
  expect(state.calls).toBe(2);
  leave();
});

test("without a proof the call fails and is not repeated", async () => {
  const { state, api } = guarded();
  const leave = answerStepUp(async () => false);
  await expect(api("listDevices")).rejects.toMatchObject({ code: "STEP_UP_REQUIRED" });
  expect(state.calls).toBe(1);
  leave();
  await expect(api("listDevices")).rejects.toMatchObject({ code: "STEP_UP_REQUIRED" });
});

test("calls at the same time ask once", async () => {
  const { state, api } = guarded();
  let asked = 0;
  const leave = answerStepUp(async () => {
    asked++;
    await Promise.resolve();
    return (state.isProven = true);
  });
  await Promise.all([api("listDevices"), api("listDevices"), api("listDevices")]);
  expect(asked).toBe(1);
  leave();
});

test("other errors pass as they are", async () => {
  const api = withStepUp(async () => {
    throw new ApiError("FORBIDDEN", 403);
  });
  const leave = answerStepUp(() => {
    throw new Error("nobody should be asked");
  });
  await expect(api("listDevices")).rejects.toMatchObject({ code: "FORBIDDEN" });
  leave();
});
