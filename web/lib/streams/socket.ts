/** The page's one WebSocket: every feature's topics share it. Knows no feature. */
import { type Lost, connect } from "./connection";
import type { ClientMessage, ServerMessage } from "./parse";
import type { StreamState, Verdict } from "./state";
import { type Timing, backoff, defaultTiming } from "./timing";
import { type Wake, browserWake } from "./wake";

type TopicEvent = Extract<ServerMessage, { type: "event" }>["event"];

export interface Reader {
  topic: string;
  /** Where to go on; asked before every subscription. */
  cursor: () => string | null;
  /** Where the topic goes on, before its first event; null when a snapshot comes first. */
  subscribed?: (cursor: string | null) => void;
  receive: (event: TopicEvent, cursor: string | null) => Verdict;
  changed: (state: StreamState) => void;
}

export interface SocketOptions {
  url: () => string;
  /** Asked when a handshake failed, which a browser doesn't tell from a dead network, or the server says `signed out`. */
  isSignedOut: () => Promise<boolean>;
  timing?: Timing;
  wake?: Wake;
  /** How long a socket that nobody reads stays open, for a page that is just changing. */
  linger?: number;
}

/** Close codes of the contract. */
const RESTART = 1012;
const SIGNED_OUT = 4401;
const TOO_MANY = 4429;

/** Deploys close every socket at once: they don't come back at once. */
const RESTART_SPREAD_MS = 1_000;
const TOO_MANY_WAIT_MS = 30_000;
/** Too many sockets is nothing that the next try cures: it counts as so many failures. */
const HOPELESS = 4;

interface Subscription {
  reader: Reader;
  /** The server has answered, so what comes is this reader's and not that of one before it. */
  live: boolean;
  /** In a row: subscriptions that were refused for now, or brought what the reader couldn't use. */
  failures: number;
}

function waitAfter({ code }: Lost, failures: number, timing: Timing): number {
  if (code === TOO_MANY) return TOO_MANY_WAIT_MS * (1 + Math.random());
  return backoff(failures, timing) + (code === RESTART ? Math.random() * RESTART_SPREAD_MS : 0);
}

/** Whoever isn't answered knows of no refusal: a dead network may keep a question for minutes. */
function isRefused(ask: () => Promise<boolean>, { stall }: Timing, closed: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (refused: boolean) => {
      clearTimeout(timer);
      closed.removeEventListener("abort", no);
      resolve(refused);
    };
    const no = () => end(false);
    const timer = setTimeout(no, stall);
    closed.addEventListener("abort", no);
    void ask().then(end, no);
  });
}

/** Opened by the first reader and closed after the last; in between it comes back as often as it must. */
export class SharedSocket {
  readonly #options: Required<SocketOptions>;
  readonly #subscriptions = new Map<string, Subscription>();
  /** Subscriptions the server hasn't answered; its answers come in the order of the questions. */
  #asked: Subscription[] = [];
  /** Since the server's greeting. */
  #socket: WebSocket | null = null;
  #state: StreamState = { name: "connecting" };
  #running: AbortController | null = null;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SocketOptions) {
    this.#options = { timing: defaultTiming, wake: browserWake, linger: 2_000, ...options };
  }

  /** Reads a topic until the returned function is called; then nothing is told any more. One reader a topic. */
  subscribe(reader: Reader): () => void {
    const { topic } = reader;
    if (this.#subscriptions.has(topic)) throw new Error(`Somebody reads ${topic} already.`);
    const subscription = { reader, live: false, failures: 0 };
    this.#subscriptions.set(topic, subscription);
    clearTimeout(this.#idle);
    if (this.#socket) this.#ask(subscription);
    else if (this.#running) queueMicrotask(() => this.#tell(subscription, this.#state));
    else void this.#run((this.#running = new AbortController()).signal);
    return () => {
      if (!this.#isCurrent(subscription)) return;
      this.#forget(subscription);
      if (this.#socket) this.#send({ type: "unsubscribe", topic });
    };
  }

  #isCurrent(subscription: Subscription): boolean {
    return this.#subscriptions.get(subscription.reader.topic) === subscription;
  }

  #forget(subscription: Subscription): void {
    this.#subscriptions.delete(subscription.reader.topic);
    if (this.#subscriptions.size === 0) this.#idle = setTimeout(() => this.#stop(), this.#options.linger);
  }

  #tell(subscription: Subscription, state: StreamState): void {
    if (this.#isCurrent(subscription)) subscription.reader.changed(state);
  }

  #tellAll(state: StreamState): void {
    this.#state = state;
    for (const subscription of this.#subscriptions.values()) this.#tell(subscription, state);
  }

  #stop(): void {
    this.#running?.abort();
    this.#running = null;
    this.#state = { name: "connecting" };
  }

  async #run(closed: AbortSignal): Promise<void> {
    const { url, timing, wake, isSignedOut } = this.#options;
    // Nobody is told anything before `subscribe` has returned.
    await Promise.resolve();
    this.#tellAll({ name: "connecting" });
    for (let failures = 0; !closed.aborted;) {
      const lost = await connect({ url: url(), hear: this.#hear, timing, wake }, closed);
      this.#leave();
      if (closed.aborted) return;
      const isInDoubt = lost.code === SIGNED_OUT || !lost.opened;
      const refused = isInDoubt && (await isRefused(isSignedOut, timing, closed));
      if (closed.aborted) return;
      if (refused) return this.#refuseAll();
      failures = lost.progress ? 0 : failures + 1;
      const isLong = lost.code === TOO_MANY;
      if (isLong) failures = Math.max(failures, HOPELESS);
      this.#tellAll({ name: "reconnecting", failures, ...(isLong && { isLong }) });
      await wake.sleep(waitAfter(lost, failures, timing), closed);
    }
  }

  /** Nothing that was asked will be answered. */
  #leave(): void {
    this.#socket = null;
    this.#asked = [];
    for (const subscription of this.#subscriptions.values()) subscription.live = false;
  }

  #refuseAll(): void {
    this.#tellAll({ name: "refused", status: 401 });
    this.#subscriptions.clear();
    this.#stop();
  }

  /** Does what a message says; true for progress. */
  readonly #hear = (message: ServerMessage, socket: WebSocket): boolean => {
    switch (message.type) {
      case "welcome":
        this.#socket = socket;
        this.#state = { name: "connecting" };
        for (const subscription of this.#subscriptions.values()) this.#ask(subscription);
        return false;
      case "subscribed": {
        const subscription = this.#asked.shift();
        if (!subscription || !this.#isCurrent(subscription) || this.#asked.includes(subscription)) return false;
        subscription.live = true;
        subscription.reader.subscribed?.(message.cursor);
        this.#tell(subscription, { name: "live" });
        return false;
      }
      case "event":
        return this.#deliver(message);
      case "unsubscribed": {
        const subscription = this.#subscriptions.get(message.topic);
        if (subscription?.live) this.#finish(subscription, { name: "ended" });
        return false;
      }
      case "error": {
        const subscription = this.#asked.shift();
        if (!subscription || !this.#isCurrent(subscription)) return false;
        if (message.code === "not_found") this.#finish(subscription, { name: "refused", status: 404 });
        else this.#again(subscription);
        return false;
      }
      case "heartbeat":
        // It comes after a silence, so the connection has lived; a greeting alone is no progress.
        return true;
      default:
        return message satisfies never;
    }
  };

  #deliver({ topic, event, cursor }: Extract<ServerMessage, { type: "event" }>): boolean {
    const subscription = this.#subscriptions.get(topic);
    if (!subscription?.live) return false;
    const verdict = subscription.reader.receive(event, cursor);
    if (verdict === "end") this.#finish(subscription, { name: "ended" });
    if (verdict === "again") this.#again(subscription);
    if (verdict !== "more" || cursor === null) return false;
    subscription.failures = 0;
    return true;
  }

  #finish(subscription: Subscription, state: StreamState): void {
    this.#tell(subscription, state);
    if (this.#isCurrent(subscription)) this.#forget(subscription);
  }

  /** Asks once more on the same connection, but not in a circle. */
  #again(subscription: Subscription): void {
    const socket = this.#socket;
    subscription.live = false;
    const failures = ++subscription.failures;
    const ask = () => {
      if (socket && this.#socket === socket && this.#isCurrent(subscription)) this.#ask(subscription);
    };
    setTimeout(ask, backoff(failures, this.#options.timing));
    this.#tell(subscription, { name: "reconnecting", failures });
  }

  #ask(subscription: Subscription): void {
    const { topic, cursor } = subscription.reader;
    this.#asked.push(subscription);
    this.#send({ type: "subscribe", topic, cursor: cursor() });
  }

  #send(message: ClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
