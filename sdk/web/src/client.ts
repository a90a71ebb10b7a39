import { Queue } from "./queue";
import { Sender } from "./sender";
import { Server } from "./server";
import { openStorage, type Storage } from "./storage";
import { Turn } from "./turn";
import type { ClickAttributes, ExperienceContext, Experiences, ExperiencesMeta, ViewabilityOptions, VitrineOptions } from "./types";
import { whenSeen } from "./visibility";

const Shown = "MOE_PERSONALIZATION_MESSAGE_SHOWN";
const Clicked = "MOE_PERSONALIZATION_MESSAGE_CLICKED";

/** Names this SDK and its version, so that a report can say which one loses customers. The build sets it. */
declare const Sdk: string;

/** Fetches experiences, and reports that they were shown and clicked. Reports never throw and never wait. */
export class Vitrine {
  private readonly storage: Storage = openStorage();
  private readonly server: Server;
  private readonly queue: Queue;
  private readonly sender: Sender;
  private readonly customerKey: string;
  private readonly anonymousKey: string;

  constructor(options: VitrineOptions) {
    const { host, workspace, clientKey, customerId, batchMilliseconds = 2_000, batchSize = 20, maximumQueued = 1_000 } = options;
    const name = `vitrine.${workspace}`;
    this.customerKey = `${name}.customer`;
    this.anonymousKey = `${name}.anonymous`;
    this.server = new Server(host.replace(/\/+$/, ""), workspace, clientKey);
    this.queue = new Queue(this.storage, name, maximumQueued);
    this.sender = new Sender(this.queue, this.server, new Turn(this.storage, `${name}.turn`), this.storage, `${name}.wait`, batchSize, batchMilliseconds);
    if (customerId !== undefined) {
      this.identify(customerId);
    }
    addEventListener("online", () => void this.flush());
    addEventListener("pagehide", () => this.sender.sendLast());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        this.sender.sendLast(); // On a phone nothing else is said before a page ends.
      }
    });
    if (this.queue.names.length > 0) {
      this.sender.noticeEvent(); // From a page before this one.
    }
  }

  /** Whom events are reported of: whoever was identified, else an id made up for this browser, which stays until `reset`. */
  get customerId(): string {
    const known = this.storage.get(this.customerKey) || this.storage.get(this.anonymousKey);
    if (known) {
      return known;
    }
    const made = uuid();
    this.storage.set(this.anonymousKey, made);
    return made;
  }

  /** Events that wait to be sent, of all tabs. */
  get queued(): number {
    return this.queue.names.length;
  }

  /** Events that were given up: to make room, or because the server will never take them. */
  get dropped(): number {
    return this.queue.dropped;
  }

  /** Says who the user is, from now on. An empty id is nobody's, as where a page was made for a visitor who is not known. */
  identify(customerId: string): void {
    if (customerId === "" || customerId === null || customerId === undefined) {
      this.storage.remove(this.customerKey);
    } else {
      this.storage.set(this.customerKey, String(customerId));
    }
  }

  /** Forgets the user, as after signing out; the next event gets a new made-up id. What is queued stays theirs. */
  reset(): void {
    this.storage.remove(this.customerKey);
    this.storage.remove(this.anonymousKey);
  }

  /** Reports that an experience was shown, or several. */
  readonly trackImpression = (context: ExperienceContext | ExperienceContext[]): void => this.track(Shown, context, {});

  /** Reports that an experience was clicked, or several. */
  readonly trackClick = (context: ExperienceContext | ExperienceContext[], extra: ClickAttributes = {}): void => this.track(Clicked, context, extra);

  /**
   * Which experiences the user gets.
   * @param keys One key or several, of which the first 25 count; without any, every active experience.
   * @param attributes Of the session, which conditions and templates may ask about.
   */
  fetchExperiences(keys?: string | string[], attributes: Record<string, unknown> = {}): Promise<Experiences> {
    const body = { ...attributes, identifiers: { customer_id: this.customerId }, ...(keys === undefined ? {} : { experience_key: keys }) };
    return this.server.ask<Experiences>("/v1/experiences/fetch", JSON.stringify(body));
  }

  /** Which experiences there are: of a status (`Active`, `Paused`, `Scheduled`) or several, or of all three. */
  fetchExperiencesMeta(status?: string | string[]): Promise<ExperiencesMeta> {
    const query = status === undefined ? "" : `?status=${encodeURIComponent([status].flat().join(","))}`;
    return this.server.ask<ExperiencesMeta>(`/v1/experiences/metadata${query}`);
  }

  /**
   * Reports an impression once half of an element has been visible for a second, and each click inside it with the `data-`
   * attributes of what was clicked (`data-button-id` is reported as `button_id`). Answers how to stop.
   */
  observe(element: Element, context: ExperienceContext, options?: ViewabilityOptions): () => void {
    const stop = whenSeen(element, () => this.trackImpression(context), options);
    const click = (event: Event): void => this.trackClick(context, attributesOf(event.target as Element | null, element));
    element.addEventListener("click", click);
    return () => {
      stop();
      element.removeEventListener("click", click);
    };
  }

  /** Sends what is queued, now. True when nothing is left to be sent. */
  flush(): Promise<boolean> {
    return this.sender.flush();
  }

  private track(action: string, contexts: ExperienceContext | ExperienceContext[], extra: ClickAttributes): void {
    try {
      const target = extra?.button_id === undefined ? {} : { b_id: extra.button_id };
      for (const context of [contexts].flat()) {
        this.queue.add({
          customer_id: this.customerId,
          user_timezone_offset: -60 * new Date().getTimezoneOffset(),
          action: {
            action,
            moe_event_uuid: uuid(),
            event_time: Math.floor(Date.now() / 1000),
            platform: "web",
            attributes: { sdk: Sdk, ...target, ...extra, ...context },
          },
        });
      }
    } catch (fault) {
      console.error("vitrine: an event could not be reported", fault); // A page goes on without its reports.
    }
    this.sender.noticeEvent();
  }
}

/** What the clicked element and those around it say of themselves; of two that say the same the inner one is meant. */
function attributesOf(target: Element | null, limit: Element): ClickAttributes {
  const said: ClickAttributes = {};
  for (let element = target; element; element = element === limit ? null : element.parentElement) {
    for (const [name, value] of Object.entries((element as HTMLElement).dataset ?? {})) {
      const written = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      said[written] ??= value;
    }
  }
  return said;
}

/** A random UUID, in pages without TLS too, where `crypto.randomUUID` is missing. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
