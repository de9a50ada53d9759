/** What a page says on its sockets. */
import type { Page } from "@playwright/test";

import type { components } from "../../web/lib/api/schema.d.ts";

type ClientMessage = components["schemas"]["ClientMessage"];

/** Every message that the page sends from now on, on whichever socket. */
export function said(page: Page): ClientMessage[] {
  const messages: ClientMessage[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      const message: ClientMessage = JSON.parse(String(payload));
      messages.push(message);
    }),
  );
  return messages;
}
