import type { ReactNode } from "react";

import { Area } from "@/components/area";

const places = [
  { href: "/settings/profile", name: "Profile" },
  { href: "/settings/email", name: "Email" },
  { href: "/settings/password", name: "Password" },
  { href: "/settings/linked-accounts", name: "Linked accounts" },
  { href: "/settings/sessions", name: "Sessions" },
  { href: "/settings/api-keys", name: "API keys" },
  { href: "/settings/data", name: "Your data" },
];

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <Area label="Settings" places={places}>
      {children}
    </Area>
  );
}
