import type { Storage } from "./storage";

const LeaseMilliseconds = 30_000;
const SettlingMilliseconds = 50;

/**
 * Of all tabs one sends at a time. Where the browser has locks, they decide; a lease in storage decides where there are
 * none, and for some seconds after a page has gone that sent as it went. A lease that ends later than one can was written by
 * a clock that has been set since, and holds nobody up. Were two tabs to send the same event nevertheless, it would count
 * once, by its uuid.
 */
export class Turn {
  private readonly tab = Math.random().toString(36).slice(2);

  constructor(
    private readonly storage: Storage,
    private readonly name: string,
  ) {}

  /** Whether another tab is sending. */
  get isTaken(): boolean {
    const [tab, end] = (this.storage.get(this.name) ?? "").split(" ");
    const left = Number(end) - Date.now();
    return !!tab && tab !== this.tab && left > 0 && left <= LeaseMilliseconds;
  }

  /** Says that this tab is sending, for so long. */
  take(milliseconds = LeaseMilliseconds): void {
    this.storage.set(this.name, `${this.tab} ${Date.now() + milliseconds}`);
  }

  giveBack(): void {
    if (this.storage.get(this.name)?.startsWith(this.tab)) {
      this.storage.remove(this.name);
    }
  }

  /** Does something in this tab's turn. False when another tab has it. */
  async run(work: () => Promise<void>): Promise<boolean> {
    const locks = (navigator as { locks?: LockManager }).locks;
    if (locks) {
      let isAsked = false;
      try {
        return await locks.request(this.name, { ifAvailable: true }, async (lock) => {
          isAsked = true;
          if (lock === null || this.isTaken) {
            return false;
          }
          await work();
          return true;
        });
      } catch (fault) {
        if (isAsked) {
          throw fault;
        } // Otherwise there are no locks where storage is blocked.
      }
    }
    if (this.isTaken) {
      return false;
    }
    this.take();
    await new Promise((settled) => setTimeout(settled, SettlingMilliseconds));
    if (this.isTaken) {
      return false;
    }
    this.take();
    try {
      await work();
    } finally {
      this.giveBack();
    }
    return true;
  }
}
