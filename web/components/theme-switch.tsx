"use client";

import { useEffect, useSyncExternalStore } from "react";

import { THEME_KEY, type Theme, themes } from "@/lib/theme";

import { MoonIcon, SunIcon, SystemIcon } from "./icons";
import { buttonClass } from "./ui/button";

const icons = { system: SystemIcon, light: SunIcon, dark: MoonIcon };

const isTheme = (value: unknown): value is Theme => value === "light" || value === "dark";

function read(): Theme {
  const { theme } = document.documentElement.dataset;
  return isTheme(theme) ? theme : "system";
}

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function wear(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

// No storage: the choice lasts as long as the page.
function keep(theme: Theme): void {
  try {
    localStorage.setItem(THEME_KEY, theme);
  } catch {}
}

function kept(): Theme {
  try {
    const theme = localStorage.getItem(THEME_KEY);
    return isTheme(theme) ? theme : "system";
  } catch {
    return read();
  }
}

/**
 * Wears what was chosen. The script in <head> did so already, unless React made the whole document anew, as Next does
 * for a missing task. In the document's own layout, which also keeps the switch from being sent once for each header.
 */
export function KeepTheme() {
  useEffect(() => wear(kept()), []);
  return null;
}

/** One button that goes round: system, light, dark. */
export function ThemeSwitch() {
  const theme = useSyncExternalStore(watch, read, () => "system" as const);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";

  function change() {
    wear(next);
    keep(next);
  }

  const Icon = icons[theme];
  return (
    <button
      type="button"
      className={buttonClass("quiet", "icon")}
      aria-label={`Theme: ${theme}`}
      title={`Theme: ${theme}. Change to ${next}.`}
      onClick={change}
    >
      <Icon />
    </button>
  );
}
