import { ApiError } from "@hauswart/protocol/api/client.ts";
import { expect, test } from "bun:test";
import { challengeIn } from "./second-step.ts";

const problem = { type: "", title: "", status: 401, code: "SECOND_FACTOR_REQUIRED" };

test("the challenge is read out of the problem", () => {
  const asked = { challenge: "abc", factors: ["passkey", "totp"], passkeyOptions: { challenge: "xyz" } };
  expect(challengeIn(new ApiError("SECOND_FACTOR_REQUIRED", 401, { ...problem, ...asked }))).toEqual(asked as never);
  const without = { challenge: "abc", factors: ["totp"] };
  expect(challengeIn(new ApiError("SECOND_FACTOR_REQUIRED", 401, { ...problem, ...without }))).toMatchObject({
    passkeyOptions: null,
  });
});

test.each([
  [new ApiError("WRONG_CREDENTIALS", 401)],
  [new ApiError("SECOND_FACTOR_REQUIRED", 401)],
  [new ApiError("SECOND_FACTOR_REQUIRED", 401, problem)],
  [new Error("other")],
])("nothing else is one: %p", (error) => {
  expect(challengeIn(error)).toBeNull();
});
