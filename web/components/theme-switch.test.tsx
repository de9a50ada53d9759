// @vitest-environment happy-dom
import { cleanup, render, screen } from "@testing-library/react";
import { userEvent } from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test } from "vitest";

import { THEME_KEY, themeScript } from "@/lib/theme";

import { KeepTheme, ThemeSwitch } from "./theme-switch";

beforeEach(() => {
  localStorage.clear();
  delete document.documentElement.dataset.theme;
});
afterEach(cleanup);

function runScript(): void {
  // What a browser does with the script in <head>.
  // oxlint-disable-next-line typescript/no-implied-eval
  new Function(themeScript)();
}

test("it goes round: system, light, dark, and keeps the choice", async () => {
  render(<ThemeSwitch />);
  const seen = [];
  for (let step = 0; step < 3; step++) {
    await userEvent.click(screen.getByRole("button", { name: /^Theme: / }));
    seen.push([document.documentElement.dataset.theme, localStorage.getItem(THEME_KEY)]);
  }

  expect(seen).toEqual([
    ["light", "light"],
    ["dark", "dark"],
    [undefined, "system"],
  ]);
});

test.for(["light", "dark"])("the page's first script brings %s back before anything is painted", (theme) => {
  localStorage.setItem(THEME_KEY, theme);

  runScript();

  expect(document.documentElement.dataset.theme).toBe(theme);
});

test("what isn't a theme is the system's", () => {
  localStorage.setItem(THEME_KEY, "neon");

  runScript();

  expect(document.documentElement.dataset.theme).toBeUndefined();
});

test("a document that was made without the script wears the kept theme too", () => {
  localStorage.setItem(THEME_KEY, "dark");

  render(<KeepTheme />);

  expect(document.documentElement.dataset.theme).toBe("dark");
});
