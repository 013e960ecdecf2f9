/** The service's part of an enrolment that an installer ordered: tried until the server has answered. */
import type { Computer } from "@hauswart/protocol/wire/messages.ts";
import { waitMs } from "../link/backoff.ts";
import type { Log } from "../log.ts";
import type { ProxyEnvironment } from "../proxy/proxy-choice.ts";
import type { DataDirectory } from "../state/data-directory.ts";
import { readEnrolment } from "../state/enrolment.ts";
import { enrol, EnrolError } from "./enrol.ts";
import { readOrder, removeOrder, type EnrolmentOrder } from "./enrolment-order.ts";

export interface OrderSurroundings {
  readonly data: DataDirectory;
  readonly log: Log;
  readonly environment: ProxyEnvironment;
  describeComputer(): Promise<Computer>;
  /** Waits; a test's own is faster. */
  sleep(milliseconds: number): Promise<void>;
  now(): number;
  /** Nobody wants the enrolment any more: the service ends. */
  isEnding(): boolean;
}

/** How often a service that waits for its enrolment looks whether somebody has enrolled it. */
const lookAgainMs = 5_000;

/**
 * Carries out the order, if there is one.
 * @param waits nobody has enrolled the computer yet and there is no order: wait for either instead of returning
 * @returns whether the computer is enrolled
 */
export async function carryOutOrder(surroundings: OrderSurroundings, waits: boolean): Promise<boolean> {
  const { data, log, sleep, isEnding } = surroundings;
  let failures = 0;
  let isWaitingSaid = false;
  while (!isEnding()) {
    const isEnrolled = readEnrolment(data) !== undefined;
    const order = readOrder(data);
    if (isEnrolled) {
      // An upgrade repeats the installer's words; the computer keeps the identity that it has.
      if (order) removeOrder(data);
      return true;
    }
    if (order) {
      failures = (await attempt(surroundings, order)) ? 0 : failures + 1;
      if (failures > 0) await sleep(waitMs(failures, Math.random()));
      continue;
    }
    if (!waits) return false;
    if (!isWaitingSaid) log.info("not enrolled yet; waits for it");
    isWaitingSaid = true;
    await sleep(lookAgainMs);
  }
  return false;
}

/** @returns whether the server has answered: with an identity, or with a refusal that ends the order */
async function attempt({ data, log, environment, describeComputer, now }: OrderSurroundings, order: EnrolmentOrder): Promise<boolean> {
  try {
    const { deviceId, server } = await enrol({ data, ...order, environment, computer: await describeComputer(), now: now() });
    removeOrder(data);
    log.info("enrolled", { device: deviceId, server });
    return true;
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    if (error instanceof EnrolError && error.isRefusal) {
      removeOrder(data);
      log.error("the server refused the enrolment; a new token is needed", { problem });
      return true;
    }
    log.warn("not enrolled yet; will try again", { problem });
    return false;
  }
}
