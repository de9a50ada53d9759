/** What the tests of the session share: one browser with its locks and cookies, any number of tabs, and the API. */
import { vi } from "vitest";

type Hold = () => unknown;

/** Locks as a browser has them, for all its tabs: one holder a name, the others in the order in which they asked. */
class FakeLocks {
  readonly #held = new Map<string, Promise<unknown>>();

  readonly request = async (name: string, options: { signal?: AbortSignal } | Hold, then?: Hold): Promise<unknown> => {
    const hold = typeof options === "function" ? options : then;
    const { signal } = typeof options === "function" ? {} : options;
    const before = this.#held.get(name);
    const release = new AbortController();
    const mine = new Promise((resolve) => release.signal.addEventListener("abort", resolve));
    const held = (before ?? Promise.resolve()).then(() => mine);
    this.#held.set(name, held);
    const late = new Promise((_, reject) => signal?.addEventListener("abort", () => reject(new Error("late"))));
    late.catch(() => {});
    try {
      if (before) await Promise.race([before, late]);
      return await hold?.();
    } finally {
      release.abort();
      if (this.#held.get(name) === held) this.#held.delete(name);
    }
  };

  readonly query = async () => ({ held: [...this.#held.keys()].map((name) => ({ name })), pending: [] });
}

/** The browser, as the API sees it: its cookie is a number, of which only the newest is good. */
export class FakeBrowser {
  readonly locks = new FakeLocks();
  refreshes = 0;
  calls = 0;
  cookie = 1;
  /** What the API takes; another number is refused. */
  good = 1;
  /** How the API answers a refresh; `null` breaks the connection. */
  refresh: () => number | null = () => 204;

  constructor({ locks = true } = {}) {
    vi.stubGlobal("navigator", { onLine: true, ...(locks && { locks: this.locks }) });
    vi.stubGlobal("fetch", this.#answer);
    vi.spyOn(AbortSignal, "timeout").mockImplementation((ms) => {
      const late = new AbortController();
      setTimeout(() => late.abort(), ms);
      return late.signal;
    });
  }

  /** The token runs out, or isn't taken any more. */
  expire() {
    this.good = this.cookie + 1;
  }

  readonly call = () => fetch("/api/v1/tasks");

  readonly #answer = async (url: string): Promise<Response> => {
    const sent = this.cookie;
    await new Promise((resolve) => setTimeout(resolve, 5));
    if (!url.endsWith("/auth/refresh")) {
      this.calls++;
      return sent === this.good ? new Response("[]") : problem(401, "unauthenticated");
    }
    this.refreshes++;
    const status = this.refresh();
    if (status === null) throw new TypeError("The network is down");
    // Whoever comes with the same old token gets the same new one.
    if (status === 204) this.cookie = this.good = Math.max(this.good, sent + 1);
    return status === 204 ? new Response(null, { status }) : problem(status, "session_expired");
  };
}

export const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ type: "about:blank", title: code, status, detail: code, code, request_id: "r" }), {
    status,
    headers: { "content-type": "application/problem+json" },
  });

/** A tab: what its scripts keep is its own. */
export async function openTab() {
  vi.resetModules();
  const [{ authorised }, { renew }, { watchOver }, { keepSession }] = await Promise.all([
    import("./authorised"),
    import("./renewal"),
    import("./over"),
    import("./keep"),
  ]);
  return { authorised, renew, watchOver, keepSession };
}
