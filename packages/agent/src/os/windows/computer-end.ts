/**
 * Whether the computer is switched off or restarted. Windows tells a service only that it ends; who ordered it has it written down before
 * any service is told: System, User32, 1074. Its kind (param5) is a word in the language of Windows, and nothing else in the entry says it
 * in a number, so it is read in the languages we have entries of. In any other language it stays a shutdown.
 */
import type { WindowsEvents } from "./calls.ts";

const query = "*[System[Provider[@Name='User32'] and EventID=1074 and TimeCreated[timediff(@SystemTime) <= 900000]]]";
const kindParameter = "param5";
/** English, German, Japanese. */
const restartWords = ["restart", "neustart", "neu starten", "再起動"];
/** The goodbye cannot wait for longer: Windows gives the service fifteen seconds in all. */
const patienceMs = 3_000;

/** What is written down last holds: an order may have been taken back and given again. Never throws, and does not take long. */
export async function computerEnd(events: Pick<WindowsEvents, "read">, limitMs = patienceMs): Promise<"shutdown" | "restart"> {
  const kind = async () => {
    const orders = await events.read("System", query, undefined, 100);
    return orders.at(-1)?.data[kindParameter]?.trim().toLowerCase() ?? "";
  };
  let timer: Timer | undefined;
  const tooLate = new Promise<string>((resolve) => (timer = setTimeout(() => resolve(""), limitMs)));
  // Without the log it is a shutdown, which it is in any case.
  const word = await Promise.race([kind().catch(() => ""), tooLate]);
  clearTimeout(timer);
  return restartWords.includes(word) ? "restart" : "shutdown";
}
