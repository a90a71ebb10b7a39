import type { Storage } from "./storage";

/** An event as it waits. */
export interface QueuedEvent {
  customer_id: string;
  user_timezone_offset: number;
  action: {
    action: string;
    moe_event_uuid: string;
    /** Seconds; absent once a server has found the clock of this device wrong. */
    event_time?: number;
    platform: "web";
    attributes: Record<string, unknown>;
  };
}

/**
 * Events that no server has acknowledged yet, of all tabs of an origin together. Each has an entry of its own, so that tabs
 * that write at the same time do not overwrite each other's; the name of an entry begins with its time, and with its place
 * among those of its page, so that names sort as the events happened. An entry goes when its event is acknowledged, or to make room.
 */
export class Queue {
  private readonly prefix: string;
  private readonly droppedKey: string;
  private added = 0;

  constructor(
    private readonly storage: Storage,
    name: string,
    private readonly maximum: number,
  ) {
    this.prefix = `${name}.event.`;
    this.droppedKey = `${name}.dropped`;
  }

  /** How many events went unsent to make room, or because no server would take them. */
  get dropped(): number {
    return Number(this.storage.get(this.droppedKey)) || 0;
  }

  get names(): string[] {
    return this.storage.keys(this.prefix).sort();
  }

  add(event: QueuedEvent): void {
    const [time, place] = [Date.now(), this.added++].map((number) => number.toString(36).padStart(9, "0"));
    this.storage.set(`${this.prefix}${time}.${place}.${event.action.moe_event_uuid}`, JSON.stringify(event));
    const names = this.names;
    if (names.length > this.maximum) {
      this.drop(names.slice(0, names.length - this.maximum));
    }
  }

  /** The oldest events that are not left out, at most so many, and so many bytes. */
  take(count: number, bytes: number, leftOut: ReadonlySet<string>): Map<string, QueuedEvent> {
    const encoder = new TextEncoder();
    const taken = new Map<string, QueuedEvent>();
    for (const name of this.names) {
      const text = leftOut.has(name) ? null : this.storage.get(name);
      if (text === null) {
        continue; // It is on its way, or another tab has just sent it.
      }
      bytes -= encoder.encode(text).length;
      if (taken.size > 0 && (bytes < 0 || taken.size >= count)) {
        break;
      }
      try {
        taken.set(name, JSON.parse(text) as QueuedEvent);
      } catch {
        this.drop([name]); // Somebody else's, or cut off.
      }
    }
    return taken;
  }

  /** Writes an event anew under its name. */
  replace(name: string, event: QueuedEvent): void {
    this.storage.set(name, JSON.stringify(event));
  }

  remove(names: Iterable<string>): void {
    for (const name of names) {
      this.storage.remove(name);
    }
  }

  drop(names: string[]): void {
    this.remove(names);
    this.storage.set(this.droppedKey, String(this.dropped + names.length));
  }
}
