/** Ordinary agents that go about their work while another one misbehaves. Nothing of that may reach them. */
import type { OpenSocket } from "@hauswart/agent/link/socket.ts";
import type { Fleet } from "@hauswart/simulator/fleet.ts";
import { patienceMs } from "@hauswart/testkit/until.ts";
import { type House } from "./house.ts";
import { Ledger } from "./ledger.ts";

export class Bystanders {
  readonly #fleet: Fleet;
  readonly #ledger: Ledger;
  readonly #ends: string[];

  private constructor(fleet: Fleet, ledger: Ledger, ends: string[]) {
    this.#fleet = fleet;
    this.#ledger = ledger;
    this.#ends = ends;
  }

  static async gather(house: House, count = 5): Promise<Bystanders> {
    const ledger = new Ledger();
    const ends: string[] = [];
    const watch =
      (open: OpenSocket): OpenSocket =>
      (events) =>
        open({
          ...events,
          message: (text) => events.message(text),
          alive: () => events.alive(),
          closed(reason) {
            ends.push(reason);
            events.closed(reason);
          },
        });
    const fleet = await house.connect(await house.enrol(count), { wrapSocket: (open) => ledger.wrap(watch(open)) });
    return new Bystanders(fleet, ledger, ends);
  }

  /** Everybody measures once, in the same moment as whatever else happens. */
  measure(): void {
    for (const agent of this.#fleet.agents) agent.measure(Date.now());
  }

  /** Everybody measures once more and has it acknowledged. @returns why connections ended and what is stored wrongly: nothing, when all is well. */
  async harm(house: House): Promise<string[]> {
    this.measure();
    await this.#fleet.until((agent) => agent.isCurrent, patienceMs);
    return [...this.#ends, ...(await this.#ledger.discrepancies(house))];
  }

  async leave(): Promise<void> {
    await this.#fleet.stop();
  }
}
