"use client";

import { useSyncExternalStore } from "react";

import { THEME_KEY, type Theme, themes } from "@/lib/theme";

import { MoonIcon, SunIcon, SystemIcon } from "./icons";
import { buttonClass } from "./ui/button";

const icons = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

function read(): Theme {
  const { theme } = document.documentElement.dataset;
  return theme === "light" || theme === "dark" ? theme : "system";
}

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function choose(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {
    // No storage: the choice lasts as long as the page.
  }
}

/** One button that goes round: system, light, dark. */
export function ThemeSwitch() {
  const theme = useSyncExternalStore(watch, read, () => "system" as const);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  const Icon = icons[theme];
  return (
    <button
      type="button"
      className={buttonClass("quiet", "icon")}
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}. Change to ${next}.`}
      onClick={() => choose(next)}
    >
      <Icon />
    </button>
  );
}
