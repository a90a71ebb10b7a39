import type { Queue, QueuedEvent } from "./queue";
import type { Answer, Server } from "./server";
import type { Storage } from "./storage";
import type { Turn } from "./turn";

/** Browsers let requests that outlive their page hold 64 KiB in all: two of these. */
const BatchBytes = 30_000;
const MaximumBatch = 100;
const FirstPause = 1_000;
const LongestPause = 300_000;
const LongestWait = 3_600_000;

/** For so long the next page leaves alone what a page has sent as it went. */
const LastMilliseconds = 5_000;

/** What may be wrong with a request, not with the way to the server. */
const Refusals = [400, 413, 422];

/** What is wrong with who sends, or was done on the way, where these are Vitrine's words. */
const NotOfEvents = ["Request Error", "Empty request body"];

/**
 * Sends what is queued, the oldest first, until nothing is left. An event leaves the queue when the server has acknowledged
 * it or says that it can never take it; whatever else happens it stays and is sent again with the same uuid, so that it
 * counts once. After a failure the pause doubles, up to five minutes, and is drawn at random below that, so that a server
 * that comes back is not asked by everybody at once; where it names a pause, all pages of the browser wait that long first.
 */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = Infinity;
  private failures = 0;
  private isSending = false;
  private readonly onTheirWay = new Set<string>();

  constructor(
    private readonly queue: Queue,
    private readonly server: Server,
    private readonly turn: Turn,
    private readonly storage: Storage,
    private readonly waitKey: string,
    private readonly batchSize: number,
    private readonly batchMilliseconds: number,
  ) {}

  /** Sends soon, or at once when a batch is full. */
  noticeEvent(): void {
    if (this.failures === 0) {
      this.sendIn(Math.max(this.wait, this.queue.names.length >= this.batchSize ? 0 : this.batchMilliseconds));
    }
  }

  /** Sends now, whatever pause there is. True when nothing is left. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer);
    this.due = Infinity;
    if (!this.isSending) {
      this.isSending = true;
      try {
        if (!(await this.turn.run(() => this.sendAll()))) {
          this.sendIn(this.batchMilliseconds); // The tab that sends may be gone before it comes to what is new.
        }
      } catch {
        this.fail(null);
      } finally {
        this.isSending = false;
      }
    }
    return this.queue.names.length === 0;
  }

  /** Sends one batch from a page that is going. Whether it arrived is found out by whoever reads the queue next. */
  sendLast(): void {
    const events = this.wait > 0 ? new Map() : this.queue.take(MaximumBatch, BatchBytes, this.onTheirWay);
    if (events.size === 0) {
      return;
    }
    const batch = batchOf(events);
    if (!("keepalive" in Request.prototype)) {
      this.server.beacon(batch.body);
      return;
    }
    this.turn.take(LastMilliseconds);
    void this.send(batch).then((answer) => {
      this.turn.giveBack(); // Where the page is still there.
      if (!this.settle(batch.places, answer)) {
        this.fail(answer);
      }
    });
  }

  /** Milliseconds for which the server wants to be left alone. One that is longer than any is of another clock. */
  private get wait(): number {
    const left = Number(this.storage.get(this.waitKey)) - Date.now();
    return left > 0 && left <= LongestWait ? left : 0;
  }

  private async sendAll(): Promise<void> {
    for (let count = MaximumBatch; ; ) {
      const events = this.queue.take(count, BatchBytes, this.onTheirWay);
      if (events.size === 0) {
        return;
      }
      const batch = batchOf(events);
      const answer = await this.send(batch);
      if (this.settle(batch.places, answer)) {
        this.failures = 0;
        count = MaximumBatch;
      } else if (events.size > 1 && Refusals.includes(answer.status)) {
        count = Math.ceil(events.size / 2); // Until the one is alone that is refused.
      } else {
        this.fail(answer);
        return;
      }
    }
  }

  private async send({ body, places }: Batch): Promise<Answer> {
    places.forEach(({ name }) => this.onTheirWay.add(name));
    try {
      return await this.server.report(body);
    } finally {
      places.forEach(({ name }) => this.onTheirWay.delete(name));
    }
  }

  private fail(answer: Answer | null): void {
    this.failures++;
    const wait = Math.min(answer?.retryAfter ?? 0, LongestWait);
    if (wait > 0) {
      this.storage.set(this.waitKey, String(Date.now() + wait));
    }
    this.sendIn(wait + Math.random() * Math.min(LongestPause, FirstPause * 2 ** this.failures));
  }

  /** Takes from the queue what an answer is about. False when it says nothing about the events. */
  private settle(places: Place[], answer: Answer): boolean {
    const isAcknowledged = answer.status === 200 && answer.body?.status === "success"; // Not by whoever else answers 200.
    const errors = Array.isArray(answer.body?.errors) ? answer.body.errors : [];
    const refused = new Map<number, string>();
    for (const { path } of errors) {
      const [, element, action] = /^\/elements\/(\d+)(?:\/actions\/(\d+))?/.exec(path) ?? [];
      for (const [index, place] of places.entries()) {
        if (place.element === Number(element) && (action === undefined || place.action === Number(action))) {
          refused.set(index, path);
        }
      }
    }
    if (!isAcknowledged && refused.size === 0) {
      return this.dropRefused(places, answer);
    }
    for (const [index, { name, event }] of places.entries()) {
      const path = refused.get(index);
      if (path?.endsWith("/event_time") && event.action.event_time !== undefined) {
        delete event.action.event_time; // The clock is wrong. The server takes the time of arrival then.
        this.queue.replace(name, event);
      } else if (path !== undefined) {
        this.queue.drop([name]);
      } else if (isAcknowledged) {
        this.queue.remove([name]);
      }
    }
    return true;
  }

  /** Gives up an event that the server itself refuses alone, and without a reason that would name a part of it. */
  private dropRefused(places: Place[], answer: Answer): boolean {
    const { title, description } = answer.body ?? {};
    const isRefused = Refusals.includes(answer.status) && !!title && !!description && !NotOfEvents.includes(title); // Others have titles alone.
    if (!isRefused || places.length !== 1) {
      return false;
    }
    this.queue.drop([places[0]!.name]);
    return true;
  }

  private sendIn(milliseconds: number): void {
    const due = performance.now() + milliseconds; // Not of the clock, which people set.
    if (due < this.due || this.failures > 0) {
      clearTimeout(this.timer);
      this.due = due;
      this.timer = setTimeout(() => void this.flush(), milliseconds);
    }
  }
}

interface Batch {
  /** The events by user, in the shape of the API. */
  body: string;
  /** Where each event stands in it. */
  places: Place[];
}

interface Place {
  name: string;
  event: QueuedEvent;
  element: number;
  action: number;
}

function batchOf(events: Map<string, QueuedEvent>): Batch {
  const elements = new Map<string, { index: number; customer_id: string; user_timezone_offset: number; actions: QueuedEvent["action"][] }>();
  const places = [...events].map(([name, event]) => {
    const { customer_id, user_timezone_offset, action } = event;
    const key = customer_id + " " + user_timezone_offset;
    const element = elements.get(key) ?? { index: elements.size, customer_id, user_timezone_offset, actions: [] };
    elements.set(key, element);
    return { name, event, element: element.index, action: element.actions.push(action) - 1 };
  });
  const body = JSON.stringify({ elements: [...elements.values()].map(({ index: _, ...element }) => element) });
  return { body, places };
}
