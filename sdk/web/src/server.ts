import { VitrineError } from "./types";

const TimeoutMilliseconds = 20_000;

/** An answer of the server. */
export interface Answer {
  status: number;
  /** The answer's JSON; null when it has none. */
  body: { status?: string; title?: string; description?: string; errors?: { path: string; reason: string }[] } | null;
  /** Milliseconds after which the server wants to be asked again; null when it does not say. */
  retryAfter: number | null;
}

/** The server that a page speaks to. */
export class Server {
  private readonly headers: Record<string, string>;

  constructor(
    private readonly host: string,
    private readonly workspace: string,
    private readonly clientKey: string,
  ) {
    this.headers = { Authorization: `Basic ${btoa(`${workspace}:${clientKey}`)}`, "MOE-APPKEY": workspace };
  }

  /** Reports events, in a request that outlives the page where it may. Never throws; without an answer the status is 0. */
  async report(body: string): Promise<Answer> {
    for (const keepalive of [true, false]) {
      try {
        return await this.send("/v1/experiences/events", body, { Prefer: "handling=lenient" }, keepalive);
      } catch (fault) {
        if ((fault as Error).name === "AbortError") {
          break; // It took too long.
        } // Otherwise no answer; or the page has too much on its way that is to outlive it.
      }
    }
    return { status: 0, body: null, retryAfter: null };
  }

  /** Reports events from a page that is going, where a request cannot outlive it. Nobody learns whether it arrived. */
  beacon(body: string): void {
    const address = `${this.host}/v1/experiences/events?moe_appkey=${encodeURIComponent(this.workspace)}&client_key=${encodeURIComponent(this.clientKey)}`;
    navigator.sendBeacon?.(address, new Blob([body], { type: "text/plain;charset=utf-8" }));
  }

  /** Asks; throws what was refused or did not arrive. */
  async ask<T>(path: string, body?: string): Promise<T> {
    let answer: Answer;
    try {
      answer = await this.send(path, body, {}, false);
    } catch (fault) {
      throw new VitrineError("network", 0, `${this.host} does not answer: ${String(fault)}`);
    }
    if (answer.status !== 200 || !answer.body) {
      throw new VitrineError(answer.body?.title ?? "unreadable", answer.status, answer.body?.description ?? `The server answered ${answer.status}.`);
    }
    return answer.body as T;
  }

  private async send(path: string, body: string | undefined, headers: Record<string, string>, keepalive: boolean): Promise<Answer> {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TimeoutMilliseconds);
    try {
      const answer = await fetch(this.host + path, {
        ...(body === undefined ? {} : { method: "POST", body }),
        headers: { ...this.headers, ...headers, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
        keepalive,
        credentials: "omit",
        signal: stop.signal,
      });
      const seconds = Number(answer.headers.get("Retry-After") ?? NaN);
      return {
        status: answer.status,
        body: (await answer.json().catch(() => null)) as Answer["body"],
        retryAfter: Number.isFinite(seconds) ? seconds * 1000 : null,
      };
    } finally {
      clearTimeout(timer);
    }
  }
}
