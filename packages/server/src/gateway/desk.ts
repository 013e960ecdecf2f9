/**
 * Gathers what comes one by one and is done better together: while one round is under way, the next one gathers. After a
 * restart thousands of agents say hello within seconds; rounds of them share their queries.
 */
export interface DeskOptions<Item> {
  /** Items of one round. */
  readonly most: number;
  readonly work: (items: readonly Item[]) => Promise<void>;
  /** A round failed. What it returns is done again, after `retryAfterMs`. */
  readonly failed: (items: readonly Item[], error: unknown) => readonly Item[];
  readonly retryAfterMs?: number;
}

/** How long the first of a round waits for company. */
const gatherMs = 3;

export class Desk<Item> {
  private waiting: Item[] = [];
  private running: Promise<void> | undefined;
  private isClosed = false;
  private readonly options: DeskOptions<Item>;

  constructor(options: DeskOptions<Item>) {
    this.options = options;
  }

  get size(): number {
    return this.waiting.length;
  }

  add(item: Item): void {
    if (this.isClosed) return;
    this.waiting.push(item);
    this.running ??= this.run();
  }

  /** Takes nothing more and waits for the round under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.waiting = [];
    await this.running;
  }

  /** Takes nothing more and does what waits; what fails now is given up. */
  async finish(): Promise<void> {
    this.isClosed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const { most, work, failed, retryAfterMs = 0 } = this.options;
    let pauseMs = gatherMs;
    while (this.waiting.length > 0) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const items = this.waiting.splice(0, most);
      pauseMs = gatherMs;
      try {
        if (items.length > 0) await work(items);
      } catch (error) {
        const again = failed(items, error);
        if (this.isClosed) break;
        this.waiting.unshift(...again);
        if (again.length > 0) pauseMs = retryAfterMs;
      }
    }
    this.running = undefined;
  }
}
