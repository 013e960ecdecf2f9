import { describe, expect, test } from "bun:test";
import { isForbiddenAddress, literalAddress } from "./address-rule.ts";
import { post } from "../channels/post.ts";
import { reachOf } from "../channels/reach.ts";

describe("isForbiddenAddress", () => {
  const addresses: Record<string, boolean> = {
    "169.254.169.254": true,
    "169.254.0.1": true,
    "::ffff:169.254.169.254": true,
    "::ffff:a9fe:a9fe": true,
    "fe80::1": true,
    "fd00:ec2::254": true,
    "100.100.100.200": true,
    "0.0.0.0": true,
    "::": true,
    "224.0.0.1": true,
    "255.255.255.255": true,
    "no address": true,
    "127.0.0.1": false,
    "::1": false,
    "10.1.2.3": false,
    "192.168.0.10": false,
    "fd12::1": false,
    "93.184.216.34": false,
    "::ffff:10.0.0.1": false,
  };
  for (const [address, forbidden] of Object.entries(addresses))
    test(`${address} is ${forbidden ? "forbidden" : "allowed"}`, () => expect(isForbiddenAddress(address)).toBe(forbidden));
});

test("an address in other spellings is read as the URL standard says", () => {
  for (const url of [
    "http://169.254.169.254/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://0251.0376.0251.0376/",
    "http://[::ffff:169.254.169.254]/",
  ])
    expect(isForbiddenAddress(literalAddress(new URL(url))!)).toBe(true);
});

test("nothing is sent to a forbidden address", async () => {
  expect(
    await post(
      { url: "http://169.254.169.254/latest/meta-data", headers: {}, body: "{}" },
      reachOf({ outsideNetworks: ["0.0.0.0/0"] }, true),
    ),
  ).toEqual({
    isDelivered: false,
    status: null,
    answer: "",
    problem: "forbidden-address",
    error: "169.254.169.254 is, or leads to, an address that messages may not go to",
  });
});
