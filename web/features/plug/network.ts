/** Takes the page's network away as far as a page can: what is open breaks, what is tried fails. */

/** The panel's own line, which stays when the page's is cut: it has to go on telling how the parts are. */
export const ownFetch: typeof fetch = (...request) => fetchBefore(...request);
const fetchBefore = globalThis.fetch.bind(globalThis);

let mending: Promise<void> | null = null;

/** Resolves when the network is back, after `ms`. A second cut during the first changes nothing. */
export function cutNetwork(ms: number): Promise<void> {
  mending ??= cut(ms).finally(() => (mending = null));
  return mending;
}

async function cut(ms: number): Promise<void> {
  const through = { fetch: window.fetch.bind(window), WebSocket: window.WebSocket };
  window.fetch = () => Promise.reject(new TypeError("The network is cut"));
  window.WebSocket = new Proxy(through.WebSocket, {
    construct(Socket, args: ConstructorParameters<typeof through.WebSocket>) {
      const socket = new Socket(...args);
      socket.close(); // before it has connected: its listeners hear of an error and of the end
      return socket;
    },
  });
  window.dispatchEvent(new Event("offline"));
  await new Promise((resolve) => setTimeout(resolve, ms));
  Object.assign(window, through);
  window.dispatchEvent(new Event("online"));
}
