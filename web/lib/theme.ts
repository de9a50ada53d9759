/** The theme: the system's unless the visitor chose. Kept in the browser, set on <html> before the first paint. */
export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const THEME_KEY = "theme";

/** Runs in <head>. A constant, so that a Content-Security-Policy can name its hash. */
export const themeScript = `try{const t=localStorage.getItem("${THEME_KEY}");if(t==="light"||t==="dark")document.documentElement.dataset.theme=t}catch{}`;
