import { hasFocus, tabTo } from "../lib/keyboard.ts";
import { newcomer } from "../lib/member.ts";
import { expect, test } from "../lib/test.ts";

test("everything works from the keyboard alone", async ({ page, taskPage }) => {
  const { name, email, password } = newcomer();
  const { keyboard } = page;

  await page.goto("/");
  await keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Start a task" }));
  await keyboard.press("Enter");

  await tabTo(page, page.getByRole("link", { name: "Create an account" }));
  await keyboard.press("Enter");
  await tabTo(page, page.getByLabel("Name"));
  await keyboard.type(name);
  await keyboard.press("Tab");
  await keyboard.type(email);
  await keyboard.press("Tab");
  await keyboard.type(password);
  await keyboard.press("Enter");

  await tabTo(page, page.getByLabel("What do you want to build?"));
  await keyboard.type("A chess clock, in 3000 tokens");
  await keyboard.press("Control+Enter");
  await taskPage.isWritingBeyond(50);

  await keyboard.press("Escape");
  await hasFocus(page.getByRole("alertdialog"));
  await keyboard.press("Escape");
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await tabTo(page, taskPage.cancel);
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Cancel task" }));
  await keyboard.press("Enter");
  await expect(taskPage.state).toHaveText("Cancelled");

  const account = page.getByRole("button", { name });
  await page.reload();
  await tabTo(page, account);
  await keyboard.press("Enter");
  await hasFocus(page.getByRole("menu"));
  await keyboard.press("End");
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(page).toHaveURL("/");
});

test("an account is kept in order from the keyboard alone", { tag: "@long" }, async ({ page, member }) => {
  const { keyboard } = page;
  const { name, email, password } = member.credentials;
  const heading = (text: string) => page.getByRole("heading", { level: 1, name: text });
  const place = (text: string) => page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: text });

  await page.goto("/tasks");
  await tabTo(page, page.getByRole("button", { name }));
  await keyboard.press("Enter");
  await hasFocus(page.getByRole("menu"));
  await keyboard.press("ArrowDown");
  await expect(page.getByRole("menuitem", { name: "Settings" })).toBeFocused();
  await keyboard.press("Enter");
  await expect(heading("Profile")).toBeFocused();
  await tabTo(page, page.getByLabel("Name"));
  await keyboard.press("Control+A");
  await keyboard.type("Countess of Lovelace");
  await keyboard.press("Enter");
  await expect(page.getByText("Saved.")).toBeVisible();

  await page.reload();
  await tabTo(page, place("API keys"));
  await keyboard.press("Enter");
  await expect(heading("API keys")).toBeFocused();
  await tabTo(page, page.getByLabel("Name"));
  await keyboard.type("Nightly report");
  await tabTo(page, page.getByRole("checkbox", { name: "Read tasks" }));
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: /is made/ })).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "I have it" }));
  await keyboard.press("Enter");
  await expect(heading("API keys")).toBeFocused();
  await tabTo(page, page.getByRole("button", { name: "Revoke the key Nightly report" }));
  await keyboard.press("Enter");
  await hasFocus(page.getByRole("alertdialog"));
  await tabTo(page, page.getByRole("button", { name: "Revoke key" }));
  await keyboard.press("Enter");
  await expect(heading("API keys")).toBeFocused();
  await expect(page.getByText("No keys yet.")).toBeVisible();

  await page.reload();
  await tabTo(page, place("Your data"));
  await keyboard.press("Enter");
  await expect(heading("Your data")).toBeFocused();
  await tabTo(page, page.getByLabel("Password"));
  await keyboard.type(password);
  await keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await expect(question).toContainText(email);
  await hasFocus(question);
  await keyboard.press("Escape");
  await expect(question).toBeHidden();
  await expect(heading("Your data")).toBeVisible();
  await tabTo(page, page.getByRole("button", { name: "Delete my account" }));
  await keyboard.press("Enter");
  await tabTo(page, page.getByRole("button", { name: "Delete it for good" }));
  await keyboard.press("Enter");
  await expect(page).toHaveURL("/");
});
