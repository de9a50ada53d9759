// What the pages may ask for beyond themselves. A request that isn't here is one too many.

/** The build's own scripts, styles, fonts and icon, each once: what they weigh has budgets of its own. */
export const FILES = /^\/(_next\/static\/|icon\.svg$)/;

/** Every page of somebody who is signed in: it tells of tasks that end elsewhere. */
export const SOCKET = "WS /ws/events";

/** Once, when the socket begins: what happened since the page was made is in neither. */
const LIST = "GET /api/v1/tasks?limit=20";

export const NEEDED: Readonly<Record<string, readonly string[]>> = {
  // Both only lead to their first page.
  "/admin": ["GET /admin/users"],
  "/settings": ["GET /settings/profile"],
  "/tasks": [LIST],
  "/tasks/[id]": [LIST],
};

/** From the press of the button on the page of tasks to the text's end. */
export const NEEDED_BY_A_PROMPT: readonly string[] = [
  "POST /api/v1/tasks",
  "GET /tasks/[id]?_rsc",
  "GET /api/v1/tasks/[id]/stream",
  // When it ended is the API's to say.
  "GET /api/v1/tasks/[id]",
];
