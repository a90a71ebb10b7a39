import type { Queue, QueuedEvent } from "./queue";
import type { Answer, Server } from "./server";
import type { Turn } from "./turn";

/** Browsers let requests that outlive their page hold 64 KiB in all. */
const BatchCharacters = 40_000;
const MaximumBatch = 100;
const FirstPause = 1_000;
const LongestPause = 300_000;

/** For so long the next page leaves alone what a page has sent as it went. */
const LastMilliseconds = 5_000;

/**
 * Sends what is queued, the oldest first, until nothing is left. An event leaves the queue when the server has acknowledged
 * it or says that it can never take it; whatever else happens it stays and is sent again with the same uuid, so that it
 * counts once. After a failure the pause doubles, up to five minutes, and is drawn at random below that, so that a server that comes
 * back is not asked by everybody at once; a server that names a pause gets at least that.
 */
export class Sender {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private due = Infinity;
  private failures = 0;
  private isSending = false;

  constructor(
    private readonly queue: Queue,
    private readonly server: Server,
    private readonly turn: Turn,
    private readonly batchSize: number,
    private readonly batchMilliseconds: number,
  ) {}

  /** Sends soon, or at once when a batch is full. */
  noticeEvent(): void {
    if (this.failures === 0) {
      this.sendIn(this.queue.names.length >= this.batchSize ? 0 : this.batchMilliseconds);
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
      } finally {
        this.isSending = false;
      }
    }
    return this.queue.names.length === 0;
  }

  /** Sends one batch that outlives the page. Whether it arrived is found out by whoever reads the queue next. */
  sendLast(): void {
    if (this.isSending || this.turn.isTaken) {
      return; // It is on its way, or another tab sends it.
    }
    const events = this.queue.take(MaximumBatch, BatchCharacters);
    if (events.size === 0) {
      return;
    }
    if (!("keepalive" in Request.prototype)) {
      this.server.beacon(bodyOf(events.values()));
      return;
    }
    this.turn.take(LastMilliseconds);
    void this.server.report(bodyOf(events.values()), true).then((answer) => {
      this.settle(events, answer); // Where the page is still there.
      this.turn.giveBack();
    });
  }

  private async sendAll(): Promise<void> {
    let count = MaximumBatch;
    for (;;) {
      const events = this.queue.take(count, BatchCharacters);
      if (events.size === 0) {
        return;
      }
      this.turn.take();
      const answer = await this.server.report(bodyOf(events.values()), false);
      if (answer.status === 413 && events.size > 1) {
        count = Math.ceil(events.size / 2);
      } else if (!this.settle(events, answer)) {
        this.failures++;
        const pause = Math.random() * Math.min(LongestPause, FirstPause * 2 ** this.failures);
        this.sendIn(Math.max(answer.retryAfter ?? 0, pause));
        return;
      } else {
        this.failures = 0;
      }
    }
  }

  /** Takes from the queue what an answer is about. False when it says nothing about the events. */
  private settle(events: Map<string, QueuedEvent>, answer: Answer): boolean {
    const refused = new Map<number, string>();
    const order = grouped(events);
    for (const error of answer.body?.errors ?? []) {
      const [, element, action] = /^\/elements\/(\d+)(?:\/actions\/(\d+))?/.exec(error.path) ?? [];
      for (const [index, place] of order.entries()) {
        if (place.element === Number(element) && (action === undefined || place.action === Number(action))) {
          refused.set(index, error.path);
        }
      }
    }
    if (answer.status !== 200 && answer.status !== 413 && refused.size === 0) {
      return false;
    }
    const errorsCutOff = (answer.body?.errors?.length ?? 0) > 0 && answer.status !== 200 && refused.size < events.size;
    for (const [index, { name, event }] of order.entries()) {
      const path = refused.get(index);
      if (path === undefined && errorsCutOff) {
        continue; // Refused whole: nothing is known of the others.
      }
      if (path?.endsWith("/event_time") && event.action.event_time !== undefined) {
        delete event.action.event_time; // The clock is wrong. The server takes the time of arrival then.
        this.queue.replace(name, event);
      } else if (path !== undefined || answer.status === 413) {
        this.queue.drop([name]);
      } else {
        this.queue.remove([name]);
      }
    }
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

interface Place {
  name: string;
  event: QueuedEvent;
  element: number;
  action: number;
}

/** Where each event stands in the body. */
function grouped(events: Map<string, QueuedEvent>): Place[] {
  const counts = new Map<string, { element: number; actions: number }>();
  return [...events].map(([name, event]) => {
    const key = event.customer_id + " " + event.user_timezone_offset;
    const group = counts.get(key) ?? { element: counts.size, actions: 0 };
    counts.set(key, group);
    return { name, event, element: group.element, action: group.actions++ };
  });
}

/** The events by user, in the shape of the API. */
function bodyOf(events: Iterable<QueuedEvent>): string {
  const elements = new Map<string, { customer_id: string; user_timezone_offset: number; actions: QueuedEvent["action"][] }>();
  for (const { customer_id, user_timezone_offset, action } of events) {
    const key = customer_id + " " + user_timezone_offset;
    const element = elements.get(key) ?? { customer_id, user_timezone_offset, actions: [] };
    element.actions.push(action);
    elements.set(key, element);
  }
  return JSON.stringify({ elements: [...elements.values()] });
}
