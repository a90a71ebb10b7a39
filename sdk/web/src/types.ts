/** What identifies an experience, a variation and an audience; comes with the payload and goes back with each report. */
export interface ExperienceContext {
  cid: string;
  experience: string;
  moe_locale_id: string;
  moe_variation_id: string;
  audience_name: string;
  audience_id: string;
  [attribute: string]: unknown;
}

/** One value of a payload. */
export interface PayloadValue {
  value: unknown;
  data_type: "string" | "number" | "boolean" | "float" | "json";
}

/** An experience that a user gets. */
export interface Experience {
  payload: Record<string, PayloadValue>;
  experience_context: ExperienceContext;
}

/** The experiences that a user gets, by their keys. One that the user does not get is absent. */
export interface Experiences {
  experiences: Record<string, Experience>;
}

/** Which experiences there are. */
export interface ExperiencesMeta {
  metadata: { count: number; experiences: { experience_name: string; experience_key: string; status: string }[] };
}

/** What is added to a click, such as `button_id`, `button_name` and `button_type`. `button_id` is the click target, unless `b_id` names another. */
export type ClickAttributes = Record<string, unknown>;

/** How the SDK reaches a server, and how it waits. */
export interface VitrineOptions {
  /** The server's address, such as `https://vitrine.example`. */
  host: string;
  /** The workspace id; with the suffix `_DEBUG` its test environment. */
  workspace: string;
  /** A client key that allows the page's origin. Never a secret key: everybody can read a page. */
  clientKey: string;
  /** The user, where known already; see `identify`. */
  customerId?: string;
  /** Milliseconds that an event waits for others to be sent with it. Default 2,000. */
  batchMilliseconds?: number;
  /** Events that are sent without waiting for more. Default 20; at most 100. */
  batchSize?: number;
  /** Events that are kept while they cannot be sent; beyond it the oldest go, and are counted. Default 1,000. */
  maximumQueued?: number;
}

/** When an element counts as seen. */
export interface ViewabilityOptions {
  /** The share of its area that is visible, 0–1. Default 0.5, of the MRC's rule for display advertisements. */
  share?: number;
  /** Milliseconds for which it is, without a break. Default 1,000, of the same rule. */
  milliseconds?: number;
}

/** Why something was refused or did not arrive. */
export class VitrineError extends Error {
  constructor(
    /** The server's title of the error, or `network` when there was no answer. */
    readonly code: string,
    /** The HTTP status; 0 when there was no answer. */
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "VitrineError";
  }
}
