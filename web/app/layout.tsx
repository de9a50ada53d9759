import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";

import { KeepTheme } from "@/components/theme-switch";
import { project } from "@/lib/project";
import { themeScript } from "@/lib/theme";

import { fontVariables } from "./fonts/fonts";

import "./globals.css";

export const metadata: Metadata = {
  title: { default: `${project.name}: ${project.tagline}`, template: `%s · ${project.name}` },
  description: project.description,
  applicationName: project.name,
};

export const viewport: Viewport = {
  colorScheme: "light dark",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f9fbfd" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0f14" },
  ],
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    // The theme script sets an attribute here before React wakes up.
    <html lang="en" className={fontVariables} suppressHydrationWarning>
      <head>
        <script dangerouslySetInnerHTML={{ __html: themeScript }} />
      </head>
      <body>
        <KeepTheme />
        {children}
      </body>
    </html>
  );
}
